package io.millrace.transforms.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for a test, on a PostgreSQL server that all tests of a JVM share. */
final class TestWarehouse implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String url;
  private final Connection connection;

  private TestWarehouse(String url) throws SQLException {
    this.url = url;
    this.connection = DriverManager.getConnection(url, "postgres", "");
  }

  static TestWarehouse create() {
    return create("");
  }

  /** A database with options of CREATE DATABASE. */
  static TestWarehouse create(String options) {
    String name = "warehouse" + COUNT.incrementAndGet();
    try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " " + options);
      return new TestWarehouse(
          "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Warehouse warehouse() {
    return Warehouse.at(url).withUser("postgres");
  }

  String url() {
    return url;
  }

  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of all rows, as text. */
  List<String> query(String sql) {
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

  /** The rows of a table that the laws speak of: without the times of receipt and writing. */
  List<JsonNode> rows(String table) {
    return query(
            "SELECT to_jsonb(t) - '_received_at' - '_applied_at' FROM %s AS t ORDER BY t"
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

  /** Starts with the first use, and stops with the JVM. */
  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "100")
            .setServerConfig("fsync", "off")
            .setServerConfig("deadlock_timeout", "50ms")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
