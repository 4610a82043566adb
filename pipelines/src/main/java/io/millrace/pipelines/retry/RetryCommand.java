package io.millrace.pipelines.retry;

import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.quality.DeadLetterScan;
import io.millrace.transforms.quality.RetryMark;
import io.millrace.transforms.quality.RetryMarks;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;

/** {@code retry-dead-letters} on the command line. */
public final class RetryCommand implements PipelineCommand<RetryOptions> {
  @Override
  public String name() {
    return "retry-dead-letters";
  }

  @Override
  public String summary() {
    return "send again what could not be read or written, with a mended contract";
  }

  @Override
  public String description() {
    return "Takes the dead letters that replicate wrote, reads the records anew with the contract"
        + " and options given here, and writes the rows to the warehouse, where newer rows stay as"
        + " they are. Letters that went through are marked and not sent again; those that fail"
        + " again stay, with the new reason. The letters' files are never changed, so this may run"
        + " beside replicate, be stopped at any time, and be run again.";
  }

  @Override
  public Class<RetryOptions> options() {
    return RetryOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "retry-dead-letters --deadLetters=dead-letters --contract=shop.odcs.yaml --dryRun",
        "retry-dead-letters --deadLetters=dead-letters --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD"
            + " --table=public.customers --reason=bad_value");
  }

  @Override
  public boolean isUnbounded(RetryOptions options) {
    return false;
  }

  @Override
  public void run(RetryOptions options, Session session) {
    FileSystems.setDefaultPipelineOptions(options);
    DeadLetterScan letters = scan(options);
    tellDamaged(letters, session);
    RetryReport report = new RetryReport(options.getDryRun() ? session.out() : session.err());
    report.waiting(letters);
    if (options.getDryRun() || letters.waiting() == 0) {
      return;
    }
    Map<String, RetryMark> before = marks(options);
    PipelineCommand.super.run(options, session);
    if (session.runner().remote(options).isPresent()) {
      session.note("when it has ended, the same with --dryRun tells what is left");
    } else {
      new RetryReport(session.out()).retried(before, marks(options));
    }
  }

  @Override
  public void prepare(RetryOptions options, Session session) {
    WarehouseAccess.check(options);
    Contract contract = InputFiles.contract(options).ofSource();
    SchemaRegistryAccess.check(options, options.getFormat());
    WarehouseTables.prepare(Warehouses.of(options), contract);
  }

  @Override
  public void build(Pipeline pipeline, RetryOptions options) {
    RetryDeadLetters.build(pipeline, options);
  }

  @Override
  public void afterRun(RetryOptions options, ToLongFunction<String> counts, Session session) {
    long superseded = counts.applyAsLong("rows_superseded");
    if (superseded > 0) {
      session.note(
          String.format(
              Locale.ROOT,
              "%,d of the changes found their rows as new or newer, and left them",
              superseded));
    }
  }

  private static DeadLetterScan scan(RetryOptions options) {
    try {
      return DeadLetterScan.of(options.getDeadLetters(), RetryDeadLetters.filter(options));
    } catch (FileNotFoundException e) {
      throw LaunchException.input("--deadLetters: " + e.getMessage(), e);
    } catch (IOException e) {
      throw unreadable(options, e);
    }
  }

  private static Map<String, RetryMark> marks(RetryOptions options) {
    try {
      return RetryMarks.in(options.getDeadLetters()).load();
    } catch (IOException e) {
      throw unreadable(options, e);
    }
  }

  private static LaunchException unreadable(RetryOptions options, IOException e) {
    return LaunchException.world(
        "The dead letters in " + options.getDeadLetters() + " cannot be read: " + e.getMessage(),
        e);
  }

  private static void tellDamaged(DeadLetterScan letters, Session session) {
    if (letters.damaged() > 0) {
      session.warn(
          String.format(
              Locale.ROOT,
              "%,d lines hold no whole dead letter, being damaged or just being written; they stay"
                  + " as they are: %s%s",
              letters.damaged(),
              String.join(", ", letters.damagedPlaces()),
              letters.damaged() > letters.damagedPlaces().size() ? ", ..." : ""));
    }
  }
}
