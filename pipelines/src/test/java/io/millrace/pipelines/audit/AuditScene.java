package io.millrace.pipelines.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.schemas.contract.Contract;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A source and a warehouse, each a database of its own, and a contract. */
final class AuditScene {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  final Database source;
  final Database warehouse;
  private final Path directory;
  private final Path contract;
  private final Path password;

  /**
   * @param schema of the contract: its tables, in YAML
   */
  AuditScene(Path directory, String schema) throws IOException {
    this.directory = directory;
    int number = COUNT.incrementAndGet();
    source = Server.POSTGRES.database("source" + number);
    warehouse = Server.POSTGRES.database("warehouse" + number);
    contract = Files.writeString(directory.resolve("contract.yaml"), yaml(schema));
    password = Files.writeString(directory.resolve("password"), source.password());
  }

  static Contract contract(String schema) {
    return Contract.parse(yaml(schema), "test");
  }

  private static String yaml(String schema) {
    return """
        apiVersion: v3.0.2
        kind: DataContract
        id: test
        version: 1.0.0
        status: active
        schema:
        """
        + schema.indent(2);
  }

  static void execute(Database database, String... statements) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }

  /** A connection as the sides have it. */
  static Connection open(Database database) throws SQLException {
    return PostgresConnection.open(
        database.jdbcUrl(), database.user(), "file:" + Server.PASSWORD, 60);
  }

  /** The same in the source and in the warehouse. */
  void inBoth(String... statements) {
    execute(source, statements);
    execute(warehouse, statements);
  }

  /** The options that lead to the contract and the warehouse. */
  List<String> warehouseAccess() {
    return List.of(
        "--contract=" + contract,
        "--warehouseUrl=" + warehouse.jdbcUrl(),
        "--warehouseUser=" + warehouse.user(),
        "--warehousePassword=file:" + password);
  }

  /** Runs {@code audit}; nothing is written meanwhile. */
  CommandLine audit(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "audit",
                "--databaseUrl=" + source.jdbcUrl(),
                "--databaseUser=" + source.user(),
                "--databasePassword=file:" + password));
    arguments.addAll(warehouseAccess());
    if (List.of(more).stream().noneMatch(option -> option.startsWith("--lagSeconds"))) {
      arguments.add("--lagSeconds=0");
    }
    arguments.addAll(List.of(more));
    return CommandLine.run(TestRunner.DIRECT, arguments.toArray(new String[0]));
  }

  /** The report as JSON, of a comparison that comes to an end. */
  JsonNode json(String... more) throws IOException {
    Path file = directory.resolve("report.json");
    Files.deleteIfExists(file);
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--json=" + file);
    CommandLine run = audit(options.toArray(new String[0]));
    if (!Files.exists(file)) {
      throw new AssertionError(run.err());
    }
    return JSON.readTree(Files.readString(file));
  }

  Path directory() {
    return directory;
  }

  Path passwordFile() {
    return password;
  }

  /** Starts with the first use, and stops with the JVM. */
  static final class Server {
    static final LocalPostgres POSTGRES = start();
    static final Path PASSWORD = password();

    private static LocalPostgres start() {
      LocalPostgres postgres = LocalPostgres.start("postgres");
      execute(postgres.database(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
      return postgres;
    }

    private static Path password() {
      try {
        Path file = Files.createTempFile("audit", ".password");
        file.toFile().deleteOnExit();
        return Files.writeString(file, POSTGRES.password());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
