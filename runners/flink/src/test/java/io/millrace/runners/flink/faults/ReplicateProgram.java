package io.millrace.runners.flink.faults;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged program, replicating the shop's topics in a JVM of its own. */
final class ReplicateProgram implements AutoCloseable {
  private static final Path JAR = Path.of("target", "millrace-flink.jar");
  private static final Duration END_LIMIT = Duration.ofSeconds(90);

  private final ChildProcess process;
  private final Thread hook;

  /**
   * Starts it.
   *
   * @param name of its log
   * @param more options
   */
  static ReplicateProgram start(
      String name,
      Path directory,
      String bootstrapServers,
      Path contract,
      Database warehouse,
      List<String> more) {
    List<String> command = new ArrayList<>();
    // Quick to start, since it does so often.
    command.addAll(
        List.of(ChildProcess.java(), "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // One that is killed leaves its checkpoints there.
    command.add("-Djava.io.tmpdir=" + Directories.create(directory.resolve("temporary")));
    command.addAll(List.of("-jar", JAR.toString(), "replicate"));
    command.add("--kafkaBootstrapServers=" + bootstrapServers);
    command.add("--contract=" + contract);
    command.add("--warehouseUrl=" + warehouse.jdbcUrl());
    command.add("--warehouseUser=" + warehouse.user());
    command.add("--warehousePassword=env:WAREHOUSE_PASSWORD");
    // Often, so that a kill comes between what one counts as read and what was written.
    command.add("--checkpointingInterval=200");
    command.add("--progressSeconds=2");
    command.addAll(more);
    return new ReplicateProgram(
        ChildProcess.start(
            name,
            directory,
            Lifetime.DETACHED,
            command,
            Map.of("WAREHOUSE_PASSWORD", warehouse.password())));
  }

  private ReplicateProgram(ChildProcess process) {
    this.process = process;
    this.hook = new Thread(process::kill, "kill-replicate");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Fails if it has ended. */
  void check() {
    if (!process.isAlive()) {
      throw new AssertionError("the program ended with " + process.exitCode() + process.logEnd());
    }
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.kill();
  }

  /** Waits until it ends by itself; answers its exit code. */
  int awaitEnd() {
    if (!process.waitFor(END_LIMIT)) {
      throw new AssertionError(
          "the program did not end in " + END_LIMIT.toSeconds() + " s" + process.logEnd());
    }
    return process.exitCode();
  }

  /** Asks it to end; answers its exit code. */
  int stop() {
    close();
    return process.exitCode();
  }

  /** The lines of its log that hold this text. */
  List<String> logged(String text) throws IOException {
    try (var lines = Files.lines(process.log())) {
      return lines.filter(line -> line.contains(text)).toList();
    }
  }

  String logEnd() {
    return process.logEnd();
  }

  @Override
  public void close() {
    process.close();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
