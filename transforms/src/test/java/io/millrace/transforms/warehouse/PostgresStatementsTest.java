package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However large a table is, and few its gaps are, a batch's rows are found by their keys. */
class PostgresStatementsTest {
  private static final Contract CONTRACT = TestTable.contract("t: key id bigint; a text; b text");
  private static final TargetTable TABLE = new TargetTable(CONTRACT.tables().get(0), "public");
  private static final TableStatements SQL = PostgresDialect.INSTANCE.statements(TABLE, false);
  private static final HistoryStatements HISTORY =
      PostgresDialect.INSTANCE.history(TABLE, Deletes.SOFT);

  private static TestWarehouse database;

  @BeforeAll
  static void start() {
    database = TestWarehouse.create();
    WarehouseTables.prepare(database.warehouse().withHistory(true), CONTRACT);
    database.execute(
        "INSERT INTO t (id, a, b, _position, _tip) SELECT i, 'a', 'b', '\\x01', '\\x55' FROM"
            + " generate_series(1, 300000) AS i; INSERT INTO t_changes (id, a, b, _position,"
            + " _operation) SELECT i, 'a', 'b', '\\x01', 'U' FROM generate_series(1, 300000) AS i;"
            + " ANALYZE");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  static Stream<Arguments> statementsAndPlanning() {
    return Stream.of("force_custom_plan", "force_generic_plan")
        .flatMap(
            planning ->
                Stream.of(
                        SQL.gaps(),
                        SQL.remove(),
                        SQL.empty(),
                        HISTORY.known(),
                        HISTORY.move(),
                        HISTORY.moveAll(),
                        HISTORY.follow(),
                        HISTORY.fill(),
                        HISTORY.read())
                    .map(statement -> Arguments.of(statement, planning)));
  }

  @ParameterizedTest
  @MethodSource("statementsAndPlanning")
  void readsNoWholeTable(String statement, String planning) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.connect();
        Statement settings = connection.createStatement();
        PreparedStatement explain = connection.prepareStatement("EXPLAIN " + statement)) {
      connection.setAutoCommit(false);
      settings.execute("SET plan_cache_mode = " + planning);
      settings.execute(PostgresDialect.INSTANCE.findRowsByKey());
      ParameterMetaData parameters = explain.getParameterMetaData();
      for (int i = 1; i <= parameters.getParameterCount(); i++) {
        String type = parameters.getParameterTypeName(i).substring(1);
        Object value =
            switch (type) {
              case "bytea" -> new byte[] {1};
              case "timestamptz" -> "2026-01-01";
              default -> 1;
            };
        Object[] values = Collections.nCopies(8_000, value).toArray();
        explain.setArray(
            i,
            connection.createArrayOf(
                type,
                type.equals("bytea") ? Arrays.copyOf(values, 8_000, byte[][].class) : values));
      }
      try (ResultSet rows = explain.executeQuery()) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
    }
    assertThat(
        plan.toString(),
        allOf(
            containsString("Index Cond"),
            not(containsString("Seq Scan")),
            not(containsString("Hash")),
            not(containsString("hashed")),
            not(containsString("Merge Join"))));
  }
}
