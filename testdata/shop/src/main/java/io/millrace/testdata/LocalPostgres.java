package io.millrace.testdata;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A PostgreSQL server on this machine, ready for logical replication.
 *
 * <p>It listens on localhost only, on a free port, and wants a password, which is made up for each
 * data directory. The first start on a machine unpacks the server into the temporary directory
 * {@code embedded-pg}, which later starts use again; a warm start takes about two seconds.
 *
 * <p>It stops when closed, and when this JVM ends, however it ends.
 *
 * <pre>{@code
 * try (LocalPostgres postgres = LocalPostgres.start("shop");
 *     Connection connection = postgres.database().connect()) {
 *   ...
 * }
 * }</pre>
 */
public final class LocalPostgres implements AutoCloseable {
  static final String USER = "postgres";
  private static final Duration START_LIMIT = Duration.ofSeconds(40);

  private final int port;
  private final Path directory;
  private final boolean keep;
  private final Database database;
  private final Thread hook;
  private volatile PostgresGuard guard;
  private volatile EmbeddedPostgres server;
  private volatile CompletableFuture<EmbeddedPostgres> starting;

  /** Starts a server on a temporary directory, which is deleted on close. */
  public static LocalPostgres start(String database) {
    return new LocalPostgres(Directories.temporary("postgres"), false, database);
  }

  /**
   * Starts a server on a directory that is kept; a second start finds the data again.
   *
   * @param database its name; created where it is missing
   * @param directory where data, password and log go; created where it is missing
   * @throws ServiceException if the server does not start in time
   */
  public static LocalPostgres start(String database, Path directory) {
    return new LocalPostgres(directory, true, database);
  }

  /** The password of the server on this directory. */
  static String passwordIn(Path directory) {
    try {
      return Files.readString(directory.resolve("password"));
    } catch (IOException e) {
      throw new UncheckedIOException("no password file in " + directory, e);
    }
  }

  private LocalPostgres(Path directory, boolean keep, String name) {
    this.directory = Directories.create(directory).toAbsolutePath();
    this.keep = keep;
    this.port = FreePort.find();
    this.starting = new CompletableFuture<>();
    this.database =
        new Database(
            "jdbc:postgresql://localhost:" + port + "/" + name, USER, passwordOfDirectory());
    this.hook = new Thread(this::stopOnceStarted, "stop-postgres");
    Runtime.getRuntime().addShutdownHook(hook);
    this.server = startServer();
    createDatabase(name);
  }

  /**
   * Stops the server and keeps its data, for {@link #startAgain}: all connections end, and until
   * then nobody answers.
   */
  public void stop() {
    stop(server);
  }

  /**
   * Starts the server after {@link #stop}, on the same port and with what it held.
   *
   * @throws ServiceException if it does not start in time
   */
  public void startAgain() {
    starting = new CompletableFuture<>();
    server = startServer();
  }

  private void guard() {
    ProcessHandle process =
        postmaster(directory)
            .orElseThrow(() -> new ServiceException("PostgreSQL has ended; see " + directory));
    guard = new PostgresGuard(process, keep ? null : directory);
  }

  /** Where it is, with the superuser's name and password. */
  public Database database() {
    return database;
  }

  /** Another database of this server, created where it is missing. */
  public Database database(String name) {
    createDatabase(name);
    return new Database(
        "jdbc:postgresql://localhost:" + port + "/" + name, USER, database.password());
  }

  public String jdbcUrl() {
    return database.jdbcUrl();
  }

  public String user() {
    return database.user();
  }

  public String password() {
    return database.password();
  }

  private String passwordOfDirectory() {
    Path file = directory.resolve("password");
    if (!Files.exists(file)) {
      byte[] bytes = new byte[16];
      new SecureRandom().nextBytes(bytes);
      Directories.writeSecret(file, HexFormat.of().formatHex(bytes));
    }
    return passwordIn(directory);
  }

  /** Stops the server; deletes its directory if it was a temporary one. */
  @Override
  public void close() {
    ShutdownHooks.remove(hook);
    end(server);
  }

  private EmbeddedPostgres startServer() {
    ProcessBuilder.Redirect log =
        ProcessBuilder.Redirect.appendTo(directory.resolve("postgres.log").toFile());
    try {
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setDataDirectory(directory.resolve("data"))
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPort(port)
              .setPGStartupWait(START_LIMIT)
              .setOutputRedirector(log)
              .setErrorRedirector(log)
              // initdb takes the last of repeated options: these go after the library's "-A trust".
              .setLocaleConfig("auth", "scram-sha-256")
              .setLocaleConfig("pwfile", directory.resolve("password").toString())
              .setLocaleConfig("locale", "C.UTF-8")
              .setConnectConfig("password", database.password())
              .setServerConfig("listen_addresses", "localhost")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("wal_level", "logical")
              .setServerConfig("max_replication_slots", "16")
              .setServerConfig("max_wal_senders", "16")
              .setServerConfig("max_connections", "100")
              .start();
      guard();
      starting.complete(started);
      return started;
    } catch (IOException | RuntimeException e) {
      starting.completeExceptionally(e);
      ShutdownHooks.remove(hook);
      stopLeftOver(directory);
      throw new ServiceException(
          "PostgreSQL did not start: " + e.getMessage() + "; its log is in " + directory, e);
    }
  }

  private void createDatabase(String name) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      boolean exists =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'").next();
      if (!exists) {
        statement.execute("CREATE DATABASE \"" + name + "\"");
      }
    } catch (SQLException e) {
      throw new ServiceException(
          "could not create the database " + name + ": " + e.getMessage(), e);
    }
  }

  /** When this JVM ends while the server starts, nobody else would stop it. */
  private void stopOnceStarted() {
    EmbeddedPostgres started = starting.exceptionally(failure -> null).join();
    if (started == null) {
      stopLeftOver(directory);
    } else {
      end(started);
    }
  }

  private void end(EmbeddedPostgres started) {
    try {
      stop(started);
    } finally {
      if (!keep) {
        Directories.delete(directory);
      }
    }
  }

  private void stop(EmbeddedPostgres started) {
    Optional<ProcessHandle> postmaster = postmaster(directory);
    try {
      started.close();
      // The library gives up waiting after five seconds.
      postmaster.ifPresent(process -> Processes.stop(process, Duration.ofSeconds(5)));
      guard.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not stop; its log is in " + directory, e);
    }
  }

  /** Ends a server on this directory whose JVM was killed and could not stop it. */
  static void stopLeftOver(Path directory) {
    postmaster(directory).ifPresent(process -> Processes.stop(process, Duration.ofSeconds(10)));
  }

  private static Optional<ProcessHandle> postmaster(Path directory) {
    try {
      String pid = Files.readAllLines(directory.resolve("data").resolve("postmaster.pid")).get(0);
      return ProcessHandle.of(Long.parseLong(pid.strip()))
          .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
