package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.sales.SaleEvent.Kind;
import io.millrace.testdata.sales.SaleEvents;
import io.millrace.testdata.sales.SalesFeed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of Millrace's pipelines of events in a JVM of its own, until it is closed. */
final class SalesPipeline implements AutoCloseable {
  /** What the names of the tables of {@code detect} begin with: it keeps late events, too. */
  static final String RISK = "risk_";

  private static final int MEGABYTES = 1_000;
  private static final long IDLE_SECONDS = 2;
  // Longer than what is late may be late, so that what comes twice counts once then, too.
  private static final long HORIZON_SECONDS = 300;

  private final String command;
  private final ChildProcess process;

  /** Starts summing up the shop's business events. */
  static SalesPipeline summarize(
      Program program, String runner, String bootstrapServers, Path contract, Path deadLetters) {
    return start(
        program,
        runner,
        "summarize",
        List.of(
            "--run=demo-gold",
            "--kafkaBootstrapServers=" + bootstrapServers,
            "--kafkaTopics=" + String.join(",", SalesFeed.topics()),
            "--contract=" + contract,
            "--deadLetters=" + deadLetters));
  }

  /** Starts looking for alerts in the shop's payments. */
  static SalesPipeline detect(
      Program program,
      String runner,
      String bootstrapServers,
      Path contract,
      Path rules,
      Path deadLetters) {
    return start(
        program,
        runner,
        "detect",
        List.of(
            "--run=demo-risk",
            "--kafkaBootstrapServers=" + bootstrapServers,
            "--kafkaTopics=" + Kind.PAYMENT.topic(),
            "--contract=" + contract,
            "--rules=" + rules,
            "--tablePrefix=" + RISK,
            "--deadLetters=" + deadLetters));
  }

  private static SalesPipeline start(
      Program program, String runner, String command, List<String> more) {
    List<String> options = new ArrayList<>();
    options.add("--runner=" + runner);
    options.add("--disorder=" + Duration.ofMillis(SaleEvents.DISORDER).toSeconds());
    options.add("--idleWait=" + IDLE_SECONDS);
    options.add("--dropDuplicates=" + HORIZON_SECONDS);
    options.addAll(more);
    options.addAll(program.warehouseAccess());
    return new SalesPipeline(
        command, program.startPipeline("pipeline-" + command, command, MEGABYTES, options));
  }

  private SalesPipeline(String command, ChildProcess process) {
    this.command = command;
    this.process = process;
  }

  /**
   * @throws ServiceException if it has ended, with the end of its log
   */
  void check() {
    if (!process.isAlive()) {
      throw new ServiceException(
          command + " ended with exit code " + process.exitCode() + process.logEnd());
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
