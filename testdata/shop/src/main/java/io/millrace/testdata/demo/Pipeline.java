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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Millrace's pipeline {@code replicate} in a JVM of its own, until it is closed. */
final class Pipeline implements AutoCloseable {
  private static final String PASSWORD_VARIABLE = "MILLRACE_WAREHOUSE_PASSWORD";

  private final ChildProcess process;

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
    command.add("--format=debezium");
    command.add("--kafkaBootstrapServers=" + bootstrapServers);
    command.add("--kafkaTopics=" + String.join(",", topics));
    command.add("--contract=" + contract);
    command.add("--warehouseUrl=" + warehouse.jdbcUrl());
    command.add("--warehouseUser=" + warehouse.user());
    command.add("--warehousePassword=env:" + PASSWORD_VARIABLE);
    command.add("--deadLetters=" + directory.resolve("dead-letters"));
    return new Pipeline(
        ChildProcess.start(
            "pipeline",
            directory,
            Lifetime.PARENT,
            command,
            Map.of(PASSWORD_VARIABLE, warehouse.password())));
  }

  private Pipeline(ChildProcess process) {
    this.process = process;
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
