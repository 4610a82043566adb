package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.millrace.schemas.contract.Contract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
  private static final TableStatements SQL =
      PostgresDialect.INSTANCE.statements(
          new TargetTable(CONTRACT.tables().get(0), "public"), false);

  private static TestWarehouse database;

  @BeforeAll
  static void start() {
    database = TestWarehouse.create();
    WarehouseTables.prepare(database.warehouse(), CONTRACT);
    database.execute(
        "INSERT INTO t SELECT i, 'a', 'b', '\\x01' FROM generate_series(1, 300000) AS i; ANALYZE t");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  static Stream<Arguments> statementsAndPlanning() {
    return Stream.of("force_custom_plan", "force_generic_plan")
        .flatMap(
            planning ->
                Stream.of(SQL.gaps(), SQL.remove(), SQL.empty())
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
      Long[] keys = Collections.nCopies(8_000, 1L).toArray(new Long[0]);
      explain.setArray(1, connection.createArrayOf("int8", keys));
      if (explain.getParameterMetaData().getParameterCount() == 2) {
        byte[][] positions = Collections.nCopies(8_000, new byte[] {1}).toArray(new byte[0][]);
        explain.setArray(2, connection.createArrayOf("bytea", positions));
      }
      try (ResultSet rows = explain.executeQuery()) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
    }
    assertThat(
        plan.toString(),
        allOf(containsString("Index Scan using t_pkey"), not(containsString("Seq Scan"))));
  }
}
