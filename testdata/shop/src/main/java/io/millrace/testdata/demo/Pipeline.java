package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.Directories;
import io.millrace.testdata.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Millrace's pipeline {@code replicate} in a JVM of its own, until it is closed. */
final class Pipeline implements AutoCloseable {
  private static final Duration PREPARE_LIMIT = Duration.ofMinutes(2);
  private static final Duration LEDGER_LIMIT = Duration.ofSeconds(30);

  private final ChildProcess process;
  private final Program program;
  private final String run;

  /**
   * Starts replicating the shop's topics.
   *
   * @param run what the ledger calls it
   * @param group the consumer group to go on from, or null to read the topics from their beginning
   */
  static Pipeline start(
      Program program,
      String runner,
      String bootstrapServers,
      Path contract,
      String run,
      String group,
      Path deadLetters) {
    Path directory = program.directory();
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.add("-Xmx1500m");
    command.add("-Djava.io.tmpdir=" + Directories.create(directory.resolve("temporary")));
    command.add("-javaagent:" + lifelineAgent(directory));
    command.add("-jar");
    command.add(program.jar().toString());
    command.add("replicate");
    command.add("--runner=" + runner);
    command.add("--run=" + run);
    command.add("--format=debezium");
    command.add("--kafkaBootstrapServers=" + bootstrapServers);
    command.add("--kafkaTopics=" + String.join(",", Services.topics()));
    if (group != null) {
      command.add("--kafkaGroup=" + group);
    }
    command.add("--contract=" + contract);
    command.addAll(program.warehouseAccess());
    command.add("--deadLetters=" + deadLetters);
    return new Pipeline(program.start("pipeline-" + run, command), program, run);
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

  /** Packs the one class of the agent into a jar. */
  private static Path lifelineAgent(Path directory) {
    Path jar = directory.resolve("lifeline.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", LifelineAgent.class.getName());
    String entry = LifelineAgent.class.getName().replace('.', '/') + ".class";
    try (InputStream agent = LifelineAgent.class.getResourceAsStream("/" + entry);
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream output = new JarOutputStream(file, manifest)) {
      output.putNextEntry(new JarEntry(entry));
      agent.transferTo(output);
      output.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + jar, e);
    }
    return jar;
  }
}
