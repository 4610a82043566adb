package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.util.FluentBackoff;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to a batch that the database does not take as it is. */
class BatchFailuresTest {
  private static final Contract CONTRACT =
      TestTable.contract("t: key id text; v jsonb", "p: key period interval; v text");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");

  /** What the owner of the table allowed no row to hold. */
  private static final String FORBIDDEN = "{\"forbidden\":1}";

  private TestWarehouse database;
  private BatchWriter writer;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    start(database.warehouse());
  }

  private void start(Warehouse warehouse) {
    WarehouseTables.prepare(warehouse, CONTRACT);
    database.execute("ALTER TABLE t ADD CHECK (v <> '" + FORBIDDEN + "')");
    FluentBackoff soon =
        FluentBackoff.DEFAULT.withInitialBackoff(Duration.millis(1)).withMaxRetries(3);
    writer = new BatchWriter(warehouse, CONTRACT, null, soon);
  }

  @AfterEach
  void stop() {
    writer.close();
    database.close();
  }

  private static ChangeEvent upsert(long position, String id, String value) {
    return TABLE.upsert(position, "{\"id\":\"%s\",\"v\":%s}".formatted(id, value));
  }

  private BatchResult write(ChangeEvent... events) {
    return writer.write(new ArrayList<>(List.of(events)));
  }

  private List<String> rows() {
    return database.query("SELECT id || ' ' || v FROM t_live ORDER BY id");
  }

  @ParameterizedTest
  @EnumSource
  void onlyRowsThatAreRefusedAreLeftOut(Deletes deletes) {
    start(database.warehouse().withDeletes(deletes));
    List<ChangeEvent> events = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      events.add(upsert(i, "k" + i, i % 333 == 7 ? FORBIDDEN : "1"));
    }
    events.add(TABLE.delete(1_000, "{\"id\":\"k0\"}"));
    BatchResult result = writer.write(events);
    assertThat(
        result.refused().stream().map(refused -> refused.event().position()).toList(),
        containsInAnyOrder(
            TestTable.position(7), TestTable.position(340), TestTable.position(673)));
    assertThat(result.refused().get(0).reason(), is(Reason.REFUSED));
    assertThat(
        result.refused().get(0).message(),
        allOf(containsString("the warehouse refused the row"), containsString("23514")));
    assertThat(rows(), hasSize(1_000 - 3 - 1));
    assertThat(result.rows().upserted(), is(996L));
  }

  @Test
  void olderChangeOfARowCountsWhereANewerIsRefused() {
    BatchResult result = write(upsert(2, "a", FORBIDDEN), upsert(1, "a", "1"), upsert(1, "b", "2"));
    assertThat(result.refused(), hasSize(1));
    assertThat(result.refused().get(0).event().position(), is(TestTable.position(2)));
    assertThat(rows(), contains("a 1", "b 2"));
  }

  @Test
  void truncateOfABatchWithARefusedRowCounts() {
    write(upsert(1, "a", "1"));
    BatchResult result = write(TABLE.truncate(2), upsert(3, "b", FORBIDDEN), upsert(4, "c", "4"));
    assertThat(result.refused(), hasSize(1));
    assertThat(rows(), contains("c 4"));
  }

  @Test
  void keysThatOnlyTheDatabaseTakesForEqualAreOneRow() {
    TestTable periods = TestTable.of(CONTRACT, "p");
    BatchResult result =
        write(
            periods.upsert(1, "{\"period\":\"1 day\",\"v\":\"one\"}"),
            periods.upsert(2, "{\"period\":\"24:00:00\",\"v\":\"two\"}"));
    assertThat(result.refused(), is(empty()));
    assertThat(database.query("SELECT v FROM p"), contains("two"));
  }

  @Test
  void keyThatIsTooLongForTheIndexIsRefused() {
    StringBuilder random = new StringBuilder();
    new java.util.Random(1).ints(20_000, 'a', 'z').forEach(c -> random.append((char) c));
    BatchResult result = write(upsert(1, random.toString(), "1"), upsert(1, "b", "2"));
    assertThat(result.refused(), hasSize(1));
    assertThat(result.refused().get(0).message(), containsString("54000"));
    assertThat(rows(), contains("b 2"));
  }

  @Test
  void rowThatAConstraintOfTheirOwnForbidsIsRefused() {
    database.execute("ALTER TABLE t ADD CHECK (v <> '3')");
    BatchResult result = write(upsert(1, "a", "3"), upsert(2, "b", "4"));
    assertThat(result.refused(), hasSize(1));
    assertThat(result.refused().get(0).message(), containsString("23514"));
    assertThat(rows(), contains("b 4"));
  }

  @Test
  void tableThatTheContractDoesNotHaveIsRefused() {
    BatchResult result =
        write(upsert(1, "a", "1").toBuilder().setTable("source.u").build(), upsert(2, "b", "2"));
    assertThat(result.refused(), hasSize(1));
    assertThat(result.refused().get(0).reason(), is(Reason.NO_TABLE));
    assertThat(rows(), contains("b 2"));
  }

  @Test
  void imageThatCannotBeReadIsRefusedWithItsReason() {
    ChangeEvent broken =
        upsert(3, "a", "1").toBuilder()
            .setAfter(Image.ofJson("{\"id\":\"a\",\"v\":", ImageEncoding.CHANGES))
            .build();
    BatchResult result = write(broken, upsert(2, "a", "2"), upsert(1, "b", "1"));
    assertThat(result.refused(), hasSize(1));
    assertThat(result.refused().get(0).reason(), is(Reason.MALFORMED));
    assertThat(rows(), contains("a 2", "b 1"));
  }

  /** Lets each of the first tries of an insert into t do something. */
  private void firstTries(int tries, String action) {
    database.execute(
        """
        CREATE SEQUENCE tries;
        CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('tries') <= %d THEN
            %s
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER act BEFORE INSERT ON t EXECUTE FUNCTION act()
        """
            .formatted(tries, action));
  }

  @Test
  void serializationFailureIsTriedAgain() {
    firstTries(2, "RAISE EXCEPTION 'conflict' USING ERRCODE = '40001';");
    BatchResult result = write(upsert(1, "a", "1"));
    assertThat(result.refused(), is(empty()));
    assertThat(rows(), contains("a 1"));
    assertThat(database.query("SELECT last_value FROM tries"), contains("3"));
  }

  @Test
  void connectionLostInATransactionIsOpenedAgain() {
    firstTries(2, "PERFORM pg_terminate_backend(pg_backend_pid());");
    write(TABLE.truncate(0), upsert(1, "a", "1"));
    assertThat(rows(), contains("a 1"));
    assertThat(database.query("SELECT last_value FROM tries"), contains("3"));
  }

  @Test
  void connectionLostBetweenBatchesIsOpenedAgain() {
    write(upsert(1, "a", "1"));
    assertThat(
        database.query(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE application_name = 'millrace' AND datname = current_database()"),
        both(hasItem("t")).and(everyItem(is("t"))));
    write(upsert(2, "a", "2"));
    assertThat(rows(), contains("a 2"));
  }

  @Test
  void whatNeverPassesIsGivenUp() {
    firstTries(1_000, "RAISE EXCEPTION 'conflict' USING ERRCODE = '40P01';");
    WarehouseException thrown =
        assertThrows(WarehouseException.class, () -> write(upsert(1, "a", "1")));
    assertThat(thrown.category(), is(Category.TRANSIENT));
    assertThat(database.query("SELECT last_value FROM tries"), contains("4"));
  }

  @Test
  void rowThatATriggerForbidsIsRefused() {
    database.execute(
        """
        CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.v = '13' THEN RAISE EXCEPTION 'thirteen'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER forbid BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION forbid()
        """);
    BatchResult result = write(upsert(1, "a", "13"), upsert(2, "b", "2"));
    assertThat(result.refused(), hasSize(1));
    assertThat(result.refused().get(0).message(), containsString("thirteen"));
    assertThat(rows(), contains("b 2"));
  }

  @Test
  void missingTableFailsTheRunWithoutShowingValues() {
    database.execute("DROP TABLE t CASCADE");
    WarehouseException thrown =
        assertThrows(WarehouseException.class, () -> write(upsert(1, "secret", "[\"secret\"]")));
    assertThat(thrown.category(), is(Category.ENVIRONMENT));
    assertThat(
        thrown.toString() + thrown.getCause(),
        allOf(containsString("\"public.t\" does not exist"), not(containsString("secret"))));
  }

  @Test
  void tableThatWasNotPreparedFailsTheRun() {
    database.execute("DELETE FROM _millrace.truncations");
    WarehouseException thrown =
        assertThrows(WarehouseException.class, () -> write(upsert(1, "a", "1")));
    assertThat(thrown.category(), is(Category.ENVIRONMENT));
    assertThat(thrown.getMessage(), containsString("public.t was not prepared"));
  }
}
