package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.sales.SaleEvents;
import io.millrace.testdata.sales.SalesFeed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Millrace's pipeline {@code summarize} in a JVM of its own, until it is closed. */
final class Summaries implements AutoCloseable {
  private static final String RUN = "demo-gold";
  private static final int MEGABYTES = 1_000;
  private static final long IDLE_SECONDS = 2;
  // Longer than what is late may be late, so that what comes twice counts once then, too.
  private static final long HORIZON_SECONDS = 300;

  private final ChildProcess process;

  /** Starts summing up the shop's business events. */
  static Summaries start(
      Program program, String runner, String bootstrapServers, Path contract, Path deadLetters) {
    List<String> options = new ArrayList<>();
    options.add("--runner=" + runner);
    options.add("--run=" + RUN);
    options.add("--kafkaBootstrapServers=" + bootstrapServers);
    options.add("--kafkaTopics=" + String.join(",", SalesFeed.topics()));
    options.add("--disorder=" + Duration.ofMillis(SaleEvents.DISORDER).toSeconds());
    options.add("--idleWait=" + IDLE_SECONDS);
    options.add("--dropDuplicates=" + HORIZON_SECONDS);
    options.add("--contract=" + contract);
    options.addAll(program.warehouseAccess());
    options.add("--deadLetters=" + deadLetters);
    return new Summaries(program.startPipeline("pipeline-" + RUN, "summarize", MEGABYTES, options));
  }

  private Summaries(ChildProcess process) {
    this.process = process;
  }

  /**
   * @throws ServiceException if it has ended, with the end of its log
   */
  void check() {
    if (!process.isAlive()) {
      throw new ServiceException(
          "summarize ended with exit code " + process.exitCode() + process.logEnd());
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
