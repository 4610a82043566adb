package io.millrace.pipelines.launch;

import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.contract.ContractException;
import io.millrace.transforms.lake.LakeException;
import io.millrace.transforms.landing.LandingException;
import io.millrace.transforms.lookup.LookupException;
import io.millrace.transforms.lookup.TableTooLargeException;
import io.millrace.transforms.read.SourceException;
import io.millrace.transforms.service.ServiceException;
import io.millrace.transforms.warehouse.TableMisfitException;
import io.millrace.transforms.warehouse.VersionException;
import io.millrace.transforms.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/** What an exception means for the one who started the run: an exit code and a line. */
record Failure(ExitCode exitCode, String message) {

  /** What an exception means that came before the pipeline ran. */
  static Failure atLaunch(Throwable error) {
    Failure failure = of(error);
    return failure.exitCode() == ExitCode.BUG && error instanceof IllegalArgumentException
        ? new Failure(ExitCode.INPUT, message(error))
        : failure;
  }

  /**
   * What an exception means; runners and connectors wrap them, so the causes are looked through:
   * for one of Millrace's own, which says most, and then for others that are known.
   */
  static Failure of(Throwable error) {
    List<Throwable> causes = causes(error);
    Optional<Failure> known =
        Stream.concat(causes.stream().map(Failure::own), causes.stream().map(Failure::ofTheWorld))
            .flatMap(Optional::stream)
            .findFirst();
    if (known.isPresent()) {
      return known.get();
    }
    Throwable root = causes.get(causes.size() - 1);
    return new Failure(
        ExitCode.BUG,
        root.getClass().getSimpleName()
            + ": "
            + message(root)
            + " (a fault of Millrace or a library; --verbose shows where)");
  }

  private static Optional<Failure> own(Throwable cause) {
    ExitCode exitCode = null;
    if (cause instanceof LaunchException e) {
      exitCode = e.exitCode();
    } else if (cause instanceof ContractException
        || cause instanceof LakeException
        || cause instanceof LandingException
        || cause instanceof TableTooLargeException) {
      exitCode = ExitCode.INPUT;
    } else if (cause instanceof SchemaRegistryException
        || cause instanceof LookupException
        || cause instanceof ServiceException) {
      exitCode = ExitCode.WORLD;
    } else if (cause instanceof SourceException e) {
      exitCode =
          switch (e.fault()) {
            case INPUT -> ExitCode.INPUT;
            case WORLD -> ExitCode.WORLD;
          };
    } else if (cause instanceof WarehouseException e) {
      exitCode =
          switch (e.category()) {
            case ENVIRONMENT ->
                e instanceof TableMisfitException || e instanceof VersionException
                    ? ExitCode.INPUT
                    : ExitCode.WORLD;
            case TRANSIENT -> ExitCode.WORLD;
            case RECORD -> ExitCode.BUG;
          };
    }
    return Optional.ofNullable(exitCode).map(code -> new Failure(code, message(cause)));
  }

  private static Optional<Failure> ofTheWorld(Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      return Optional.of(
          new Failure(
              ExitCode.WORLD,
              "out of memory ("
                  + message(cause)
                  + "); give more, as in MILLRACE_JAVA_OPTS=-Xmx4g"));
    }
    return cause instanceof SQLException
            || cause instanceof IOException
            || cause instanceof UncheckedIOException
            || cause instanceof KafkaException
        ? Optional.of(
            new Failure(ExitCode.WORLD, cause.getClass().getSimpleName() + ": " + message(cause)))
        : Optional.empty();
  }

  private static List<Throwable> causes(Throwable error) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = error; cause != null && seen.add(cause); cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  private static String message(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank() ? error.getClass().getSimpleName() : message;
  }
}
