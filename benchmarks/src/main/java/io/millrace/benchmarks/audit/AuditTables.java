package io.millrace.benchmarks.audit;

import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.testdata.Database;
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

/**
 * The source's orders, and the warehouse's in two schemas: {@code public} with five differences,
 * {@code equal} with none.
 */
final class AuditTables implements Scene {
  static final String STILL = "still";
  static final String LIVE = "live";
  static final String LIVE_EQUAL = "live-equal";

  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: orders
          physicalName: public.orders
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: customer, physicalType: text}
            - {name: status, physicalType: varchar(20)}
            - {name: total, physicalType: "numeric(12,3)"}
            - {name: discount, physicalType: double precision}
            - {name: placed_at, physicalType: timestamptz}
            - {name: shipped_on, physicalType: date}
            - {name: reference, physicalType: uuid}
            - {name: gift, physicalType: boolean}
            - {name: stock, physicalType: integer}
      """;

  private static final String COLUMNS =
      "id bigint PRIMARY KEY, customer text, status varchar(20), total numeric(12,3),"
          + " discount double precision, placed_at timestamptz, shipped_on date, reference uuid,"
          + " gift boolean, stock integer";

  private static final String ROWS =
      """
      SELECT n, 'customer ' || mod(n, 50000), (ARRAY['open', 'paid', 'shipped'])[1 + mod(n, 3)],
        mod(n, 1000000) * 0.005, n * 0.001, timestamptz '2026-01-01 00:00+00' + n * interval '17 s',
        date '2026-01-01' + mod(n, 300), md5(n::text)::uuid, mod(n, 7) = 0, 0
      FROM generate_series(1, %d) AS n
      """;

  private final LocalPostgres postgres;
  private final Path password;
  private final Path contract;
  private final long rows;

  private AuditTables(LocalPostgres postgres, Path password, Path contract, long rows) {
    this.postgres = postgres;
    this.password = password;
    this.contract = contract;
    this.rows = rows;
  }

  static AuditTables fill(Request request) throws IOException, SQLException {
    request.progress().accept("starting PostgreSQL");
    LocalPostgres postgres = LocalPostgres.start("shop", request.directory().resolve("postgres"));
    try {
      Path password =
          Files.createFile(
              request.directory().resolve("password"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(password, postgres.password());
      Path contract = Files.writeString(request.directory().resolve("shop.odcs.yaml"), CONTRACT);
      request.progress().accept("filling the tables");
      execute(postgres.database(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
      fill(postgres.database(), "public", "", request.events());
      Database warehouse = postgres.database("warehouse");
      execute(warehouse, "CREATE SCHEMA equal");
      String own = ", _deleted boolean NOT NULL DEFAULT false";
      fill(warehouse, "public", own, request.events());
      fill(warehouse, "equal", own, request.events());
      plant(warehouse);
      return new AuditTables(postgres, password, contract, request.events());
    } catch (IOException | SQLException | RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  private static void fill(Database database, String schema, String more, long rows)
      throws SQLException {
    String table = schema + ".orders";
    execute(
        database,
        "CREATE TABLE " + table + " (" + COLUMNS + more + ")",
        "INSERT INTO " + table + String.format(Locale.ROOT, " " + ROWS, rows),
        "VACUUM ANALYZE " + table);
  }

  /** Of rows whose ids the writer leaves alone. */
  private static void plant(Database warehouse) throws SQLException {
    execute(
        warehouse,
        "DELETE FROM orders WHERE id = 1000",
        "INSERT INTO orders SELECT -1000, customer, status, total, discount, placed_at, shipped_on,"
            + " reference, gift, stock, _deleted FROM orders WHERE id = 2000",
        "UPDATE orders SET status = 'lost' WHERE id = 300",
        "UPDATE orders SET total = round(total, 1) WHERE id = 401",
        "UPDATE orders SET placed_at = placed_at + interval '2 hours' WHERE id = 500");
  }

  private static void execute(Database database, String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .with("source", postgres.jdbcUrl())
        .with("warehouse", postgres.database("warehouse").jdbcUrl())
        .with("user", postgres.user())
        .with("password", password)
        .with("contract", contract)
        .with("rows", rows)
        .with("schema", "public");
  }

  @Override
  public String answer(String contest) {
    return contest.equals(LIVE_EQUAL)
        ? ""
        : "changed 300 status, changed 401 total, changed 500 placed_at, missing 1000,"
            + " surplus -1000";
  }

  @Override
  public List<String> notes() {
    return List.of(
        String.format(Locale.ROOT, "%,d rows of 10 columns on each side", rows),
        "PostgreSQL 17 on the same machine, both sides on one server, without fsync");
  }

  @Override
  public void close() {
    postgres.close();
  }
}
