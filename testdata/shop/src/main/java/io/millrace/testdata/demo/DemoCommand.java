package io.millrace.testdata.demo;

import io.millrace.testdata.Directories;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: replicates a live shop and proves that both sides agree. */
@Command(
    name = "demo",
    description = {
      "Replicates the database of a shop that never stands still, by Debezium, Kafka and Millrace,"
          + " into a warehouse, sums up its purchases and payments, many of them late, shows both"
          + " live, and then compares every row of every table.",
      "Exit code 0 only if all are equal and the ledger balances. Nothing is left behind, except"
          + " the logs if it fails."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  enum Runner {
    flink,
    direct
  }

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "how long the shop changes (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--runner",
      defaultValue = "flink",
      description = "what Millrace runs on: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Runner runner;

  @Option(
      names = "--alter",
      description = {
        "add, rename and widen columns of the shop's orders meanwhile; then go on with a contract"
            + " that has them",
        "so it goes on, too, if you alter the shop's tables yourself"
      })
  private boolean alter;

  @Option(
      names = "--replay",
      description = {
        "also land the topics, let them forget, and compute the tables and views a second time, from"
            + " the landing into a version of their own, which then serves; the shop goes on"
            + " meanwhile at half the rate",
        "only on flink, and without the shop's business events: what came too late for a total of"
            + " theirs counts when it is computed again, so there both versions differ"
      })
  private boolean replay;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "changes a second (default: 200 on flink, 50 on direct)")
  private Double rate;

  @Option(
      names = "--customers",
      paramLabel = "N",
      defaultValue = "500",
      description = "how many the shop has at first (default: ${DEFAULT-VALUE})")
  private int customers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "decides what happens (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      defaultValue = "120",
      description = "how long the warehouse may take to catch up (default: ${DEFAULT-VALUE})")
  private int drainSeconds;

  @Option(
      names = "--millrace-home",
      paramLabel = "DIR",
      description = "the project's directory (default: looked for from here upwards)")
  private Path home;

  @Option(names = "--keep", description = "keep logs and databases' files when it ends well, too")
  private boolean keep;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SQLException, IOException {
    check();
    Settings settings =
        new Settings(
            runner.name(),
            Program.jar(runner.name(), home),
            Duration.ofSeconds(seconds),
            rate != null ? rate : runner == Runner.flink ? 200 : 50,
            customers,
            seed,
            Duration.ofSeconds(drainSeconds),
            alter);
    Path directory = Directories.temporary("demo");
    Display display = new Display(System.out);
    Demonstration demo =
        replay
            ? new ReplayDemo(settings, directory, display)
            : new Demo(settings, directory, display);
    // Whoever comes first, the end or an interrupt, cleans up.
    AtomicBoolean over = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (over.compareAndSet(false, true)) {
                    demo.close();
                    Directories.delete(directory);
                  }
                },
                "stop-demo"));
    boolean right = false;
    try {
      Outcome outcome = demo.run();
      outcome.print(System.out);
      right = outcome.isRight();
    } catch (RuntimeException | SQLException | IOException e) {
      if (over.get()) {
        return INTERRUPTED;
      }
      throw e;
    } finally {
      if (over.compareAndSet(false, true)) {
        demo.close();
        if (right && !keep) {
          Directories.delete(directory);
        } else {
          System.err.println("Logs and files are kept in " + directory);
        }
      }
    }
    return right ? 0 : 1;
  }

  private void check() {
    if (replay && alter) {
      throw new ParameterException(
          spec.commandLine(), "--replay and --alter show two things; give one of them");
    }
    if (replay && runner != Runner.flink) {
      throw new ParameterException(
          spec.commandLine(),
          "--replay needs --runner=flink, where groups say how far they are; got " + runner);
    }
  }
}
