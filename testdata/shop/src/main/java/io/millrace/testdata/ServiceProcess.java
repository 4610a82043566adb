package io.millrace.testdata;

import io.millrace.testdata.ChildProcess.Lifetime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL or Kafka in a JVM of its own, by the command {@code service}.
 *
 * <p>The static methods return at once, so that several can start side by side; the {@code await}
 * methods wait until one is ready.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final ChildProcess process;
  private final Path directory;

  /** Begins to start a PostgreSQL server with this database. */
  public static ServiceProcess postgres(
      String name, Path directory, String database, Lifetime lifetime) {
    List<String> command =
        List.of("postgres", "--directory=" + directory, "--database=" + database);
    return new ServiceProcess(name, directory, lifetime, "-Xmx96m", command);
  }

  /** Begins to start a Kafka broker. */
  public static ServiceProcess kafka(String name, Path directory, Lifetime lifetime) {
    return new ServiceProcess(
        name, directory, lifetime, "-Xmx512m", List.of("kafka", "--directory=" + directory));
  }

  private ServiceProcess(
      String name, Path directory, Lifetime lifetime, String heap, List<String> arguments) {
    this.directory = directory;
    List<String> command =
        new ArrayList<>(
            List.of(
                ChildProcess.java(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "service"));
    command.addAll(arguments);
    if (lifetime == Lifetime.PARENT) {
      command.add("--lifeline");
    }
    this.process =
        ChildProcess.start(name, Directories.create(directory), lifetime, command, Map.of());
  }

  /**
   * Waits until PostgreSQL is ready and says where it is.
   *
   * @throws ServiceException if it is not ready in time
   */
  public Database awaitDatabase() {
    String jdbcUrl = process.awaitReady(START_LIMIT);
    return new Database(jdbcUrl, LocalPostgres.USER, LocalPostgres.passwordIn(directory));
  }

  /**
   * Waits until Kafka is ready and says where it is.
   *
   * @throws ServiceException if it is not ready in time
   */
  public String awaitBootstrapServers() {
    return process.awaitReady(START_LIMIT);
  }

  /** The process, to be found again later. */
  public ProcessHandle handle() {
    return process.handle();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Stops it and waits for its end. */
  @Override
  public void close() {
    process.close();
  }
}
