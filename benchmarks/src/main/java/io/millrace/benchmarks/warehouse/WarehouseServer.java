package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.testdata.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One PostgreSQL server for all, tuned so that its own chores disturb nobody's round. */
final class WarehouseServer implements Scene {
  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "fsync", "off",
          "checkpoint_timeout", "1h",
          "max_wal_size", "16GB",
          "autovacuum", "off");

  private final LocalPostgres postgres;
  private final Path password;
  private final Request request;

  private WarehouseServer(LocalPostgres postgres, Path password, Request request) {
    this.postgres = postgres;
    this.password = password;
    this.request = request;
  }

  static WarehouseServer start(Request request) throws IOException, SQLException {
    request.progress().accept("starting PostgreSQL");
    LocalPostgres postgres =
        LocalPostgres.start("warehouse", request.directory().resolve("postgres"));
    try (Connection connection = postgres.database().connect();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> setting : CONFIGURATION.entrySet()) {
        statement.execute(
            "ALTER SYSTEM SET " + setting.getKey() + " = '" + setting.getValue() + "'");
      }
      statement.execute("SELECT pg_reload_conf()");
      Path password =
          Files.createFile(
              request.directory().resolve("warehouse.password"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(password, postgres.password());
      return new WarehouseServer(postgres, password, request);
    } catch (IOException | SQLException | RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .with("url", postgres.jdbcUrl())
        .with("user", postgres.user())
        .with("password", password)
        .with("events", request.events())
        .with("batches", request.settings().getOrDefault("batches", DebeziumSink.BATCHES))
        .with("batch", request.settings().getOrDefault("batch", "0"));
  }

  @Override
  public List<String> notes() {
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d upserts of %,d keys, rows of %d columns and about %d bytes of JSON",
            request.events(),
            OrderRow.keys(request.events()),
            OrderRow.COLUMNS.size(),
            OrderRow.generate(1).get(0).json().length()),
        "PostgreSQL 17 on the same machine, without fsync; one connection each, a new table each run",
        "the ratio is of seconds on the clock; CPU seconds count the server's processes as well");
  }

  @Override
  public void close() {
    postgres.close();
  }
}
