package io.millrace.transforms.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.warehouse.TestWarehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableRowsTest {
  private TestWarehouse database;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    database.execute("CREATE SCHEMA \"odd \"\"schema\"");
    database.execute(
        "CREATE TABLE \"odd \"\"schema\".\"a table\" (\"the id\" uuid, \"Name\" text, other text)");
    database.execute(
        "INSERT INTO \"odd \"\"schema\".\"a table\" SELECT ('00000000-0000-0000-0000-00000000000'"
            + " || n)::uuid, 'name ' || n, 'x' FROM generate_series(0, 9) AS n");
  }

  @AfterEach
  void stop() {
    database.drop();
  }

  private TableRows<String, String> rows() {
    return TableRows.of(
            database.warehouse(),
            "a table",
            "the id",
            "uuid",
            row -> KV.of(row.getString("the id"), row.getString("Name")))
        .inSchema("odd \"schema")
        .selecting("the id", "Name");
  }

  private static String id(int number) {
    return "00000000-0000-0000-0000-00000000000" + number;
  }

  @Test
  void rowsOfManyKeysAreOneStatementsAnswer() throws Exception {
    try (ServiceClient<String, String> client = rows().connect()) {
      Map<String, String> answers =
          client.call(List.of(id(1), id(2), "00000000-0000-0000-0000-0000000000ff"));
      assertThat(
          new TreeMap<>(answers).toString(), is("{" + id(1) + "=name 1, " + id(2) + "=name 2}"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatMakesNoSenseFailsByItself(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    CalledService<String, Integer, String> called =
        pipeline
            .pipeline()
            .apply(
                Create.timestamped(at(1, id(1)), at(2, "no uuid"), at(3, id(3)))
                    .withCoder(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of())))
            .apply(CallService.<String, Integer, String>at(rows(), StringUtf8Coder.of()));
    pipeline.expect(called.answered(), found -> found.getValue().answer(), "1 name 1", "3 name 3");
    pipeline.expect(
        called.failed(),
        failed -> failed.element().getKey() + " " + failed.reason() + " " + failed.message(),
        "2 no uuid REFUSED io.millrace.transforms.service.RefusedCallException: the key makes no"
            + " sense to the database (SQLState 22P02)");
    pipeline.run();
  }

  private static TimestampedValue<KV<String, Integer>> at(int second, String key) {
    return TimestampedValue.of(KV.of(key, second), Instant.ofEpochSecond(second));
  }

  @Test
  void aStatementThatHangsIsCancelled() throws Exception {
    try (ServiceClient<String, String> client =
            rows().withTimeout(Duration.standardSeconds(1)).connect();
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE \"odd \"\"schema\".\"a table\" IN ACCESS EXCLUSIVE MODE");
      SQLException error = assertThrows(SQLException.class, () -> client.call(List.of(id(1))));
      assertThat(error.getSQLState(), is("57014"));
      other.rollback();
      assertThat(client.call(List.of(id(1))), is(Map.of(id(1), "name 1")));
    }
  }

  @Test
  void aConnectionThatWasLostIsReplaced() throws Exception {
    try (ServiceClient<String, String> client = rows().connect()) {
      client.call(List.of(id(1)));
      database.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND pid <> pg_backend_pid()");
      assertThrows(SQLException.class, () -> client.call(List.of(id(1))));
      assertThat(client.call(List.of(id(1))), is(Map.of(id(1), "name 1")));
    }
  }

  @Test
  void twoRowsOfAKeyAreRefused() throws Exception {
    database.execute("INSERT INTO \"odd \"\"schema\".\"a table\" VALUES ('" + id(1) + "')");
    try (ServiceClient<String, String> client = rows().connect()) {
      assertThat(
          assertThrows(RefusedCallException.class, () -> client.call(List.of(id(1)))).getMessage(),
          is("the table has two rows of the key"));
    }
  }

  @Test
  void aTableThatIsNotThereIsNoService() {
    assertThat(
        assertThrows(SQLException.class, () -> rows().inSchema("public").connect()).getMessage(),
        containsString("relation \"public.a table\" does not exist"));
    assertThat(
        assertThrows(SQLException.class, () -> rows().selecting("nothing").connect()).getMessage(),
        containsString("column \"nothing\" does not exist"));
    assertThrows(IllegalArgumentException.class, () -> rows().withTimeout(Duration.millis(999)));
  }
}
