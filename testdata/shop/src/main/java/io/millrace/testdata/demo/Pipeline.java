package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.Directories;
import io.millrace.testdata.ProjectFile;
import io.millrace.testdata.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Millrace's pipeline {@code replicate} in a JVM of its own, until it is closed. */
final class Pipeline implements AutoCloseable {
  private static final String PASSWORD_VARIABLE = "MILLRACE_WAREHOUSE_PASSWORD";
  private static final String RUN = "demo";

  private final ChildProcess process;
  private final Path jar;
  private final Path directory;
  private final Database warehouse;

  /**
   * Finds a runner's jar.
   *
   * @param home the project's directory, or null to look for it
   * @throws ServiceException if it is not there, with the command that builds it
   */
  static Path jar(String runner, Path home) {
    String path = "runners/" + runner + "/target/millrace-" + runner + ".jar";
    Path given = home == null ? null : home.resolve(path);
    if (given != null && Files.isRegularFile(given)) {
      return given.toAbsolutePath();
    }
    return (home == null ? ProjectFile.find(path) : Optional.<Path>empty())
        .orElseThrow(
            () ->
                new ServiceException(
                    path
                        + " is missing; build it in the project's directory with:"
                        + " ./mvnw -DskipTests package"));
  }

  /** Starts replicating these topics. */
  static Pipeline start(
      Path jar,
      String runner,
      Path directory,
      String bootstrapServers,
      List<String> topics,
      Path contract,
      Database warehouse) {
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.add("-Xmx1500m");
    command.add("-Djava.io.tmpdir=" + Directories.create(directory.resolve("temporary")));
    command.add("-javaagent:" + lifelineAgent(directory));
    command.add("-jar");
    command.add(jar.toString());
    command.add("replicate");
    command.add("--runner=" + runner);
    command.add("--run=" + RUN);
    command.add("--format=debezium");
    command.add("--kafkaBootstrapServers=" + bootstrapServers);
    command.add("--kafkaTopics=" + String.join(",", topics));
    command.add("--contract=" + contract);
    command.addAll(access(warehouse));
    command.add("--deadLetters=" + directory.resolve("dead-letters"));
    ChildProcess process =
        ChildProcess.start(
            "pipeline",
            directory,
            Lifetime.PARENT,
            command,
            Map.of(PASSWORD_VARIABLE, warehouse.password()));
    return new Pipeline(process, jar, directory, warehouse);
  }

  private Pipeline(ChildProcess process, Path jar, Path directory, Database warehouse) {
    this.process = process;
    this.jar = jar;
    this.directory = directory;
    this.warehouse = warehouse;
  }

  private static List<String> access(Database warehouse) {
    return List.of(
        "--warehouseUrl=" + warehouse.jdbcUrl(),
        "--warehouseUser=" + warehouse.user(),
        "--warehousePassword=env:" + PASSWORD_VARIABLE);
  }

  /**
   * The ledger of the run, when it balances or the time is up.
   *
   * @param lines as the command printed them
   */
  record Ledger(boolean isBalanced, List<String> lines) {}

  /** Asks Millrace for the ledger of this run. */
  Ledger ledger(Duration limit) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(ChildProcess.java(), "-jar", jar.toString(), "ledger"));
    command.add("--run=" + RUN);
    command.add("--settleSeconds=" + limit.toSeconds());
    command.addAll(access(warehouse));
    Path output = directory.resolve("ledger.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put(PASSWORD_VARIABLE, warehouse.password());
    Process ledger = builder.start();
    try {
      if (!ledger.waitFor(limit.toSeconds() + 60, TimeUnit.SECONDS)) {
        throw new ServiceException("the ledger did not come in time; see " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted", e);
    } finally {
      ledger.destroyForcibly();
    }
    return new Ledger(ledger.exitValue() == 0, Files.readAllLines(output));
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
