package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What versions a row has; times are seconds, and a change's position is its commit's second. */
class HistoryTest {
  private static final Contract CONTRACT =
      Contract.parse(
          """
          {apiVersion: v3.0.2, kind: DataContract, id: shop, version: 1.0.0, status: active, schema: [
            {name: t, physicalName: source.t, properties: [
              {name: id, physicalType: integer, primaryKey: true},
              {name: a, physicalType: text}, {name: b, physicalType: text}]},
            {name: tracked, physicalName: source.tracked,
             customProperties: [{property: trackColumns, value: 'a'}], properties: [
              {name: id, physicalType: integer, primaryKey: true},
              {name: a, physicalType: text}, {name: b, physicalType: text}]},
            {name: typed, physicalName: source.typed, properties: [
              {name: id, physicalType: integer, primaryKey: true},
              {name: n, physicalType: numeric}, {name: c, physicalType: char(3)},
              {name: j, physicalType: jsonb}, {name: i, physicalType: interval}]}]}
          """,
          "test contract");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");
  private static final TestTable TRACKED = TestTable.of(CONTRACT, "tracked");

  private TestWarehouse database;
  private BatchWriter writer;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    Warehouse warehouse = database.warehouse().withHistory(true);
    WarehouseTables.prepare(warehouse, CONTRACT);
    writer = new BatchWriter(warehouse, CONTRACT);
  }

  @AfterEach
  void stop() {
    writer.close();
    database.drop();
  }

  private void write(ChangeEvent... events) {
    for (ChangeEvent event : events) {
      writer.write(new ArrayList<>(List.of(event)));
    }
  }

  private static ChangeEvent a(long position, String value) {
    return TABLE.upsert(position, "{\"id\":1,\"a\":\"%s\",\"b\":\"b\"}".formatted(value));
  }

  private static ChangeEvent tracked(long position, String a, String b) {
    return TRACKED.upsert(position, "{\"id\":1,\"a\":\"%s\",\"b\":\"%s\"}".formatted(a, b));
  }

  private static ChangeEvent delete(long position) {
    return TABLE.delete(position, "{\"id\":1}");
  }

  private List<String> versions(String from) {
    return database.query(
        """
        SELECT concat_ws(' ', a, b, extract(epoch FROM _valid_from - timestamptz '%1$s')::int, 'to',
          coalesce(extract(epoch FROM _valid_to - timestamptz '%1$s')::int::text, 'now'))
        FROM %2$s ORDER BY id, _position
        """
            .formatted("2026-01-01 00:00:00+00", from));
  }

  private List<String> versions() {
    return versions("t_history");
  }

  @Test
  void aChangeEndsTheVersionBefore() {
    write(a(1, "x"), a(5, "y"));
    assertThat(versions(), contains("x b 1 to 5", "y b 5 to now"));
  }

  @Test
  void aDeletedStretchIsAGap() {
    write(a(1, "x"), delete(3), a(7, "x"));
    assertThat(versions(), contains("x b 1 to 3", "x b 7 to now"));
  }

  @Test
  void lateChangeSplitsTheIntervalItFallsIn() {
    write(a(1, "x"), a(9, "z"), a(5, "y"));
    assertThat(versions(), contains("x b 1 to 5", "y b 5 to 9", "z b 9 to now"));
  }

  @Test
  void lateDeleteCutsAGapIntoTheVersionItFallsIn() {
    write(a(1, "x"), a(9, "x"), delete(5));
    assertThat(versions(), contains("x b 1 to 5", "x b 9 to now"));
  }

  @Test
  void repeatedValueStaysOneVersionFromItsFirstOccurrence() {
    write(a(1, "x"), a(5, "x"), a(9, "y"));
    assertThat(versions(), contains("x b 1 to 9", "y b 9 to now"));
  }

  @Test
  void lateRepetitionOpensNoVersion() {
    write(a(1, "x"), a(9, "y"), a(5, "x"));
    assertThat(versions(), contains("x b 1 to 9", "y b 9 to now"));
  }

  @Test
  void earlierOccurrenceThatComesLateTakesTheVersionOver() {
    write(a(5, "x"), a(9, "y"), a(1, "x"));
    assertThat(versions(), contains("x b 1 to 9", "y b 9 to now"));
    assertThat(
        database.query("SELECT _position FROM t_history ORDER BY _valid_from"),
        contains("\\x" + TestTable.position(1).toHex(), "\\x" + TestTable.position(9).toHex()));
  }

  @Test
  void deleteOfAnUnknownKeyEndsAnOlderUpsertThatComesLater() {
    write(delete(5));
    assertThat(versions(), is(empty()));
    write(a(1, "x"));
    assertThat(versions(), contains("x b 1 to 5"));
  }

  @Test
  void truncateEndsWhatWasThereWheneverThatComes() {
    write(a(1, "x"), TABLE.truncate(5), a(7, "z"), a(3, "y"));
    assertThat(versions(), contains("x b 1 to 3", "y b 3 to 5", "z b 7 to now"));
  }

  private static ChangeEvent read(long position, int id, String a) {
    return TABLE.read(position, "{\"id\":%d,\"a\":\"%s\",\"b\":\"b\"}".formatted(id, a));
  }

  @Test
  void aSeriesOfSnapshotsMakesAHistory() {
    write(read(1, 1, "x"), read(1, 2, "x"), TABLE.snapshotEnd(1));
    write(read(4, 1, "x"), TABLE.snapshotEnd(4));
    write(TABLE.snapshotEnd(7), read(7, 1, "y"), read(7, 2, "x"));
    assertThat(versions(), contains("x b 1 to 7", "y b 7 to now", "x b 1 to 4", "x b 7 to now"));
    assertThat(database.query("SELECT id || a FROM t_live ORDER BY id"), contains("1y", "2x"));
  }

  @Test
  void aRowThatASnapshotDidNotContainHasAGapWhateverComesFirst() {
    write(read(1, 1, "x"), read(7, 1, "x"), TABLE.snapshotEnd(7), TABLE.snapshotEnd(4));
    assertThat(versions(), contains("x b 1 to 4", "x b 7 to now"));
    write(read(7, 2, "x"), read(1, 2, "x"));
    assertThat(versions(), contains("x b 1 to 4", "x b 7 to now", "x b 1 to 4", "x b 7 to now"));
  }

  @Test
  void aRowReadBehindASnapshotIsNotOneThatItContained() {
    write(a(1, "x"), TABLE.snapshotEnd(3), read(6, 1, "y"));
    assertThat(versions(), contains("x b 1 to 3", "y b 6 to now"));
  }

  @Test
  void whatIsLateForASnapshotEndsWithIt() {
    write(read(4, 2, "x"), TABLE.snapshotEnd(4), a(1, "x"));
    assertThat(versions(), contains("x b 1 to 4", "x b 4 to now"));
  }

  @Test
  void aColumnThatAChangeLeavesKeepsItsValueOfThen() {
    write(a(1, "x"), TABLE.upsert(5, "{\"id\":1,\"b\":\"c\"}"));
    assertThat(versions(), contains("x b 1 to 5", "x c 5 to now"));
    write(a(3, "y"));
    assertThat(versions(), contains("x b 1 to 3", "y b 3 to 5", "y c 5 to now"));
  }

  @Test
  void untrackedChangesUpdateTheVersionTheyFallIn() {
    write(tracked(1, "x", "b"), tracked(5, "x", "c"), tracked(9, "y", "d"));
    assertThat(versions("tracked_history"), contains("x c 1 to 9", "y d 9 to now"));
    write(tracked(7, "x", "e"), tracked(3, "x", "f"));
    assertThat(versions("tracked_history"), contains("x e 1 to 9", "y d 9 to now"));
  }

  private static ChangeEvent typed(long position, String n, String c, String j, String i) {
    return TestTable.of(CONTRACT, "typed")
        .upsert(
            position,
            "{\"id\":1,\"n\":%s,\"c\":\"%s\",\"j\":%s,\"i\":\"%s\"}".formatted(n, c, j, i));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheDatabaseTakesForTheSameOpensNoVersion(boolean atOnce) {
    List<ChangeEvent> changes =
        List.of(
            typed(1, "1", "a", "{\"x\":1,\"y\":2}", "1 day"),
            typed(2, "1.0", "a", "{\"x\":1,\"y\":2}", "1 day"),
            typed(3, "1.00", "a  ", "{\"y\":2, \"x\":1}", "1 day"),
            typed(4, "1", "a", "{\"x\":1,\"y\":2}", "1 days"),
            typed(5, "1", "b", "{\"x\":1,\"y\":2}", "1 day"),
            typed(6, "1", "b", "{\"x\":1,\"y\":3}", "1 day"),
            typed(7, "1", "b", "{\"x\":1,\"y\":3}", "2 days"),
            typed(8, "2", "b", "{\"x\":1,\"y\":3}", "2 days"));
    if (atOnce) {
      writer.write(new ArrayList<>(changes));
    } else {
      write(changes.toArray(ChangeEvent[]::new));
    }
    assertThat(
        database.query("SELECT _position FROM typed_history ORDER BY _valid_from"),
        is(
            LongStream.of(1, 5, 6, 7, 8)
                .mapToObj(position -> "\\x" + TestTable.position(position).toHex())
                .toList()));
  }

  @Test
  void noVersionBeginsBeforeTheOneBeforeIt() {
    write(a(5, "x"), a(6, "y").toBuilder().setCommittedAt(TestTable.committedAt(2)).build());
    assertThat(versions(), contains("x b 5 to 5", "y b 5 to now"));
    assertThat(asOf(5), contains("y b 5 to now"));
  }

  private List<String> asOf(int second) {
    return versions(
        "t_as_of(timestamptz '2026-01-01 00:00:00+00' + interval '%d s')".formatted(second));
  }

  @Test
  void asOfATimeEveryRowHasTheVersionItHadThen() {
    write(a(1, "x"), a(5, "y"), delete(7));
    assertThat(asOf(0), is(empty()));
    assertThat(asOf(1), contains("x b 1 to 5"));
    assertThat(asOf(4), contains("x b 1 to 5"));
    assertThat(asOf(5), contains("y b 5 to 7"));
    assertThat(asOf(7), is(empty()));
  }

  @Test
  void changesThatComeAgainTouchNothing() {
    write(a(1, "x"), a(5, "y"), a(3, "z"), a(4, "z"));
    String everything = "SELECT ctid::text FROM t_changes UNION ALL SELECT ctid::text FROM t";
    List<String> before = database.query(everything);
    write(a(5, "y"), a(1, "x"), a(3, "z"), a(4, "z"));
    write(a(5, "y"));
    write(a(3, "z"), a(4, "z"));
    assertThat(database.query(everything), is(before));
  }

  @Test
  void historyOfATableThatIsThereBeginsWithItsRows() {
    database.drop();
    database = TestWarehouse.create();
    WarehouseTables.prepare(database.warehouse(), CONTRACT);
    try (BatchWriter before = new BatchWriter(database.warehouse(), CONTRACT)) {
      before.write(new ArrayList<>(List.of(a(1, "x"), TABLE.delete(2, "{\"id\":2}"))));
    }
    writer.close();
    Warehouse warehouse = database.warehouse().withHistory(true);
    WarehouseTables.prepare(warehouse, CONTRACT);
    writer = new BatchWriter(warehouse, CONTRACT);
    assertThat(versions(), contains("x b 1 to now"));
    write(a(5, "y"), TABLE.upsert(1, "{\"id\":2,\"a\":\"x\",\"b\":\"b\"}"));
    assertThat(versions(), contains("x b 1 to 5", "y b 5 to now", "x b 1 to 2"));
  }

  @Test
  void aColumnThatTheContractNamesLaterOpensTheVersionsItWouldHaveOpened() {
    write(
        TABLE.upsert(1, "{\"id\":1,\"a\":\"x\",\"b\":\"b\"}"),
        TABLE.upsert(2, "{\"id\":1,\"a\":\"x\",\"b\":\"b\",\"c\":1}"),
        TABLE.upsert(3, "{\"id\":1,\"a\":\"x\",\"b\":\"b\",\"c\":1}"),
        TABLE.upsert(5, "{\"id\":1,\"a\":\"x\",\"b\":\"b\",\"c\":2}"));
    assertThat(versions(), contains("x b 1 to now"));
    writer.close();
    Contract grown = TestTable.contract("t: key id integer; a text; b text; c integer");
    Warehouse warehouse = database.warehouse().withHistory(true);
    WarehouseTables.prepare(warehouse, grown);
    String byNumber =
        "SELECT concat_ws(' ', coalesce(c, -1), extract(epoch FROM coalesce(_valid_to, _valid_from)"
            + " - _valid_from)::int) FROM t_history ORDER BY _valid_from";
    assertThat(database.query(byNumber), contains("-1 1", "1 3", "2 0"));
    writer = new BatchWriter(warehouse, grown);
    write(
        TestTable.of(grown, "t").upsert(4, "{\"id\":1,\"a\":\"x\",\"b\":\"b\",\"c\":9}"),
        TestTable.of(grown, "t").upsert(6, "{\"id\":1,\"a\":\"x\",\"b\":\"b\",\"c\":2}"));
    assertThat(database.query(byNumber), contains("-1 1", "1 2", "9 1", "2 0"));
    assertThat(database.query("SELECT c FROM t_live"), contains("2"));
  }

  @Test
  void aRunWithoutHistoryMustNotLeaveAHistoryBehind() {
    TableMisfitException misfit =
        assertThrows(
            TableMisfitException.class,
            () -> WarehouseTables.prepare(database.warehouse(), CONTRACT));
    assertThat(misfit.getMessage(), containsString("--history=true"));
  }

  @Test
  void preparingAgainChangesNothing() {
    write(a(1, "x"));
    WarehouseTables.prepare(database.warehouse().withHistory(true), CONTRACT);
    assertThat(versions(), contains("x b 1 to now"));
  }

  @Test
  void namesThatAreTakenAreRefused() {
    Contract contract = TestTable.contract("o: key id integer", "o_history: key id integer");
    TableMisfitException misfit =
        assertThrows(
            TableMisfitException.class,
            () -> WarehouseTables.prepare(database.warehouse().withHistory(true), contract));
    assertThat(misfit.getMessage(), containsString("historyView"));
  }
}
