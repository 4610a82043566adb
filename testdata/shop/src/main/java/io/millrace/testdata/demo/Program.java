package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.Directories;
import io.millrace.testdata.ProjectFile;
import io.millrace.testdata.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Millrace as its users have it: the jar of a runner, each command in a JVM of its own.
 *
 * @param directory where the commands' output and the dead letters go
 */
record Program(Path jar, Path directory, Database source, Database warehouse) {
  private static final String SOURCE_PASSWORD = "MILLRACE_SHOP_PASSWORD";
  private static final String WAREHOUSE_PASSWORD = "MILLRACE_WAREHOUSE_PASSWORD";

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

  /** How a command ended, and what it printed on both of its outputs. */
  record Result(int exitCode, List<String> output, List<String> errors) {}

  /**
   * Runs a command to its end.
   *
   * @throws ServiceException if it takes longer than the limit
   */
  Result run(Duration limit, String command, List<String> options) {
    List<String> line = new ArrayList<>(List.of(ChildProcess.java(), "-jar", jar.toString()));
    line.add(command);
    line.addAll(options);
    try (ChildProcess process = start(command, line)) {
      if (!process.waitFor(limit)) {
        throw new ServiceException(
            command + " did not end in " + limit.toSeconds() + " s" + process.logEnd());
      }
      return new Result(
          process.exitCode(),
          Files.readAllLines(process.output()),
          Files.readAllLines(process.log()));
    } catch (IOException e) {
      throw new UncheckedIOException("what " + command + " printed cannot be read", e);
    }
  }

  /**
   * Starts a command that goes on until it is stopped, or this JVM ends.
   *
   * @param name of its output and log
   * @param megabytes of heap
   */
  ChildProcess startPipeline(String name, String command, int megabytes, List<String> options) {
    List<String> line = new ArrayList<>();
    line.add(ChildProcess.java());
    line.add("-Xmx" + megabytes + "m");
    // Several of them start at once, for some ten seconds: optimizing would take the time it saves.
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    line.add("-Djava.io.tmpdir=" + Directories.create(directory.resolve("temporary")));
    line.add("-javaagent:" + LifelineAgent.jar(directory));
    line.addAll(List.of("-jar", jar.toString(), command));
    line.addAll(options);
    return start(name, line);
  }

  /** Starts a command line, with the passwords in its environment and a log of its own. */
  ChildProcess start(String name, List<String> commandLine) {
    try {
      Files.deleteIfExists(directory.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete the log of " + name, e);
    }
    return ChildProcess.start(
        name,
        directory,
        Lifetime.PARENT,
        commandLine,
        Map.of(SOURCE_PASSWORD, source.password(), WAREHOUSE_PASSWORD, warehouse.password()));
  }

  /** The options that say where the warehouse is. */
  List<String> warehouseAccess() {
    return List.of(
        "--warehouseUrl=" + warehouse.jdbcUrl(),
        "--warehouseUser=" + warehouse.user(),
        "--warehousePassword=env:" + WAREHOUSE_PASSWORD);
  }

  /** The options that say where the shop's database is. */
  List<String> sourceAccess() {
    return List.of(
        "--databaseUrl=" + source.jdbcUrl(),
        "--databaseUser=" + source.user(),
        "--databasePassword=env:" + SOURCE_PASSWORD);
  }

  Path deadLetters() {
    return directory.resolve("dead-letters");
  }
}
