package io.millrace.transforms.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for a test, on a PostgreSQL server that all tests of a JVM share. */
public final class TestWarehouse implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Database database;
  private final Connection connection;

  private TestWarehouse(String name) throws SQLException {
    this.name = name;
    this.database = Server.POSTGRES.database(name);
    this.connection = database.connect();
  }

  public static TestWarehouse create() {
    return create("");
  }

  /** A database with options of CREATE DATABASE. */
  public static TestWarehouse create(String options) {
    String name = "warehouse" + COUNT.incrementAndGet();
    try (Connection connection = Server.POSTGRES.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " " + options);
      return new TestWarehouse(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Warehouse warehouse() {
    return Warehouse.at(database.jdbcUrl())
        .withUser(database.user())
        .withPassword("file:" + Server.PASSWORD);
  }

  public Database database() {
    return database;
  }

  /** A connection of its own, which the caller closes. */
  public Connection connect() throws SQLException {
    return database.connect();
  }

  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of all rows, as text. */
  public List<String> query(String sql) {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /**
   * The rows of a table that the laws speak of: without the times of receipt and writing, and
   * wherever the newest change of their history is kept.
   */
  List<JsonNode> rows(String table) {
    return query(
            "SELECT to_jsonb(t) - '_received_at' - '_applied_at' - '_tip' - '_tip_from' FROM %s AS t ORDER BY t"
                .formatted(table))
        .stream()
        .map(TestWarehouse::json)
        .toList();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes it, and takes its room on the disk back. */
  public void drop() {
    close();
    try (Connection server = Server.POSTGRES.database().connect();
        Statement statement = server.createStatement()) {
      statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts with the first use, and stops with the JVM. */
  private static final class Server {
    static final LocalPostgres POSTGRES = start();
    static final Path PASSWORD = password();

    private static LocalPostgres start() {
      LocalPostgres postgres = LocalPostgres.start("postgres");
      try (Connection connection = postgres.database().connect();
          Statement statement = connection.createStatement()) {
        statement.execute("ALTER SYSTEM SET fsync = off");
        statement.execute("ALTER SYSTEM SET deadlock_timeout = '50ms'");
        statement.execute("SELECT pg_reload_conf()");
        return postgres;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Path password() {
      try {
        Path file = Files.createTempFile("warehouse", ".password");
        file.toFile().deleteOnExit();
        return Files.writeString(file, POSTGRES.password());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
