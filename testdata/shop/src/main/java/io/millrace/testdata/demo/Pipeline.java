package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Millrace's pipeline {@code replicate} in a JVM of its own, until it is closed. */
final class Pipeline implements AutoCloseable {
  private static final int MEGABYTES = 1_500;
  private static final Duration PREPARE_LIMIT = Duration.ofMinutes(2);
  private static final Duration LEDGER_LIMIT = Duration.ofSeconds(30);

  private final ChildProcess process;
  private final Program program;
  private final String run;

  /**
   * Starts replicating the shop's topics.
   *
   * @param run what the ledger calls it
   */
  static Pipeline start(
      Program program, String runner, Flow flow, Path contract, String run, Path deadLetters) {
    List<String> options = new ArrayList<>();
    options.add("--runner=" + runner);
    options.add("--run=" + run);
    options.add("--format=debezium");
    options.addAll(flow.options());
    options.add("--contract=" + contract);
    options.addAll(program.warehouseAccess());
    options.add("--deadLetters=" + deadLetters);
    return new Pipeline(
        program.startPipeline("pipeline-" + run, "replicate", MEGABYTES, options), program, run);
  }

  private Pipeline(ChildProcess process, Program program, String run) {
    this.process = process;
    this.program = program;
    this.run = run;
  }

  String run() {
    return run;
  }

  /**
   * Waits until the warehouse's tables are ready; false if it has ended instead.
   *
   * @throws ServiceException if it takes too long
   */
  boolean awaitPrepared() {
    long deadline = System.nanoTime() + PREPARE_LIMIT.toNanos();
    while (!log().contains("run: " + run)) {
      if (process.waitFor(Duration.ofMillis(100))) {
        return false;
      }
      if (System.nanoTime() > deadline) {
        throw new ServiceException(
            "the pipeline was not ready in " + PREPARE_LIMIT.toSeconds() + " s" + process.logEnd());
      }
    }
    return true;
  }

  /** What it has said so far. */
  List<String> log() {
    try {
      return Files.readString(process.log(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + process.log(), e);
    }
  }

  /**
   * The ledger of the run, when it balances or the time is up.
   *
   * @param lines as the command printed them
   */
  record Ledger(boolean isBalanced, List<String> lines) {}

  /** Asks Millrace for the ledger of this run. */
  Ledger ledger() {
    List<String> options = new ArrayList<>();
    options.add("--run=" + run);
    options.add("--settleSeconds=" + LEDGER_LIMIT.toSeconds());
    options.addAll(program.warehouseAccess());
    Program.Result ledger = program.run(LEDGER_LIMIT.plusMinutes(1), "ledger", options);
    List<String> lines = new ArrayList<>(ledger.output());
    lines.addAll(ledger.errors());
    return new Ledger(ledger.exitCode() == 0, lines);
  }

  /**
   * @throws ServiceException if it has ended, with the end of its log
   */
  void check() {
    if (!process.isAlive()) {
      throw new ServiceException(
          "the pipeline ended with exit code " + process.exitCode() + process.logEnd());
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
