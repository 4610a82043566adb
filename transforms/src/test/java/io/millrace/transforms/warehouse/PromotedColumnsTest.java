package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What moves to a column that is there from {@code _extra}, and what the rows say of it. */
class PromotedColumnsTest {
  private static final Contract BEFORE = contract("", "note", "integer");
  private static final Contract AFTER = contract("", "remark", "integer");

  private TestWarehouse database;
  private Warehouse warehouse;

  @BeforeEach
  void create() {
    database = TestWarehouse.create();
    warehouse = database.warehouse();
    WarehouseTables.prepare(warehouse, BEFORE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A contract whose column {@code note} has a name of its own at the source. */
  private static Contract contract(String properties, String physicalName, String type) {
    return Contract.parse(
        """
        {apiVersion: v3.0.2, kind: DataContract, id: shop, version: 1.0.0, status: active, schema: [
          {name: t, physicalName: source.t, customProperties: [%s], properties: [
            {name: id, physicalType: integer, primaryKey: true},
            {name: note, physicalName: %s, physicalType: %s},
            {name: other, physicalType: integer}]}]}
        """
            .formatted(properties, physicalName, type),
        "test contract");
  }

  private static ChangeEvent row(Contract contract, long position, int id, String columns) {
    return TestTable.of(contract, "t").upsert(position, "{\"id\":%d%s}".formatted(id, columns));
  }

  private static ChangeEvent old(long position, int id, String columns) {
    return row(BEFORE, position, id, columns);
  }

  private void write(Contract contract, ChangeEvent... changes) {
    try (BatchWriter writer = new BatchWriter(warehouse, contract)) {
      for (ChangeEvent change : changes) {
        assertThat(writer.write(new ArrayList<>(List.of(change))).refused(), is(empty()));
      }
    }
  }

  /** Each row's id, note, what is open and what is extra. */
  private List<String> rows() {
    return database.query(
        "SELECT concat_ws(' ', id, coalesce(note::text, '-'), coalesce(_filled::text, '-'),"
            + " coalesce(_extra::text, '-')) FROM t ORDER BY id");
  }

  @ParameterizedTest
  @EnumSource
  void rowsThatTheNewNameCameToAreFilled(Deletes deletes) {
    warehouse = warehouse.withDeletes(deletes);
    WarehouseTables.prepare(warehouse, BEFORE);
    ChangeEvent deleted = TestTable.of(BEFORE, "t").delete(8, "{\"id\":5}");
    write(
        BEFORE,
        old(1, 1, ",\"note\":1,\"other\":1"),
        old(2, 2, ",\"note\":2,\"other\":2"),
        old(3, 1, ",\"remark\":11,\"other\":1"),
        old(4, 3, ",\"remark\":33,\"more\":[3]"),
        old(5, 4, ",\"remark\":null,\"other\":4"),
        old(6, 5, ",\"note\":5,\"other\":5"),
        old(7, 5, ",\"remark\":55,\"other\":5"),
        deleted);
    WarehouseTables.prepare(warehouse, AFTER);
    List<String> expected =
        new ArrayList<>(
            List.of("1 11 - -", "2 2 - -", "3 33 {\"other\": \"\"} {\"more\": [3]}", "4 - - -"));
    if (deletes == Deletes.SOFT) {
      expected.add("5 55 {\"*\": \"808107\"} -");
    }
    assertThat(rows(), is(expected));
    write(AFTER, row(AFTER, 2, 1, ",\"remark\":9,\"other\":9"), deleted);
    assertThat("older changes regress nothing", rows(), is(expected));
  }

  @Test
  void whatANewerChangeLeftOutIsFilledOnceItIsReadAgain() {
    String renamed = ",\"remark\":11,\"other\":1";
    write(
        BEFORE,
        old(1, 1, ",\"note\":1,\"other\":1"),
        old(2, 1, renamed),
        old(3, 1, ",\"other\":2"));
    WarehouseTables.prepare(warehouse, AFTER);
    assertThat(rows(), contains("1 1 {\"note\": \"808101\"} -"));
    write(AFTER, row(AFTER, 2, 1, renamed));
    assertThat(rows(), contains("1 11 {\"note\": \"808102\"} -"));
  }

  @Test
  void columnThatIsRenamedBackIsFilledOnceItIsReadAgain() {
    write(
        AFTER,
        row(AFTER, 1, 1, ",\"remark\":1,\"other\":1"),
        row(AFTER, 2, 1, ",\"note\":11,\"other\":1"));
    WarehouseTables.prepare(warehouse, BEFORE);
    assertThat(rows(), contains("1 1 {\"note\": \"808101\"} {\"note\": 11}"));
    write(BEFORE, old(2, 1, ",\"note\":11,\"other\":1"));
    assertThat(rows(), contains("1 11 - {\"note\": 11}"));
  }

  @Test
  void withAHistoryWhatANewerChangeLeftOutComesFromTheChanges() {
    warehouse = warehouse.withHistory(true);
    WarehouseTables.prepare(warehouse, BEFORE);
    write(
        BEFORE,
        old(1, 1, ",\"note\":1,\"other\":1"),
        old(2, 1, ",\"remark\":11,\"other\":1"),
        old(3, 1, ",\"other\":2"));
    WarehouseTables.prepare(warehouse, AFTER);
    assertThat(rows(), contains("1 11 {\"note\": \"808102\"} -"));
    assertThat(
        database.query("SELECT note || ' ' || other FROM t_history ORDER BY _position"),
        contains("1 1", "11 1", "11 2"));
  }

  @Test
  void valueThatDoesNotDecodeStaysInExtra() {
    write(
        BEFORE,
        old(1, 1, ",\"note\":1,\"other\":1"),
        old(2, 1, ",\"remark\":\"many\",\"other\":1"),
        old(3, 2, ",\"remark\":5000000000,\"other\":1"));
    List<String> stays =
        List.of(
            "1 1 {\"note\": \"808101\"} {\"remark\": \"many\"}",
            "2 - {\"note\": \"\"} {\"remark\": 5000000000}");
    WarehouseTables.prepare(warehouse, AFTER);
    assertThat(rows(), is(stays));
    WarehouseTables.prepare(warehouse, AFTER);
    assertThat("at every run", rows(), is(stays));
    database.execute("DROP VIEW t_live; ALTER TABLE t ALTER COLUMN note TYPE bigint");
    WarehouseTables.prepare(warehouse, contract("", "remark", "bigint"));
    assertThat(rows(), contains(stays.get(0), "2 5000000000 - -"));
  }

  @Test
  void whereOneEventBroughtBothNamesTheOldOnesValueStays() {
    write(BEFORE, old(1, 1, ",\"note\":1,\"remark\":11,\"other\":1"));
    WarehouseTables.prepare(warehouse, AFTER);
    assertThat(rows(), contains("1 1 - {\"remark\": 11}"));
  }

  @Test
  void columnThatMayComeInAnyCaseIsFilledFromWhateverCaseItCameIn() {
    write(
        BEFORE,
        old(1, 1, ",\"note\":1,\"other\":1"),
        old(2, 1, ",\"NOTE\":11,\"other\":1"),
        old(3, 2, ",\"Note\":22,\"OTHER\":2"));
    WarehouseTables.prepare(
        warehouse, contract("{property: caseInsensitive, value: true}", "note", "integer"));
    assertThat(rows(), contains("1 11 - -", "2 22 - -"));
    assertThat(database.query("SELECT other FROM t ORDER BY id"), contains("1", "2"));
  }

  @Test
  void nullOfAnUpdateMovesOnlyWhereItCounts() {
    write(
        BEFORE,
        old(1, 1, ",\"note\":1,\"other\":1"),
        old(2, 1, ",\"remark\":null,\"other\":1"),
        old(3, 2, ",\"remark\":2,\"other\":1"));
    WarehouseTables.prepare(
        warehouse, contract("{property: ignoreNullUpdates, value: true}", "remark", "integer"));
    assertThat(rows(), contains("1 1 {\"note\": \"808101\"} {\"remark\": null}", "2 2 - -"));
    WarehouseTables.prepare(warehouse, AFTER);
    assertThat(rows(), contains("1 - - -", "2 2 - -"));
  }

  @Test
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  void whereNothingIsToMoveNoOneIsWaitedFor() throws SQLException {
    write(BEFORE, old(1, 1, ",\"note\":1,\"other\":1,\"remark\":2"), old(2, 2, ",\"other\":1"));
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("UPDATE t SET other = 2");
      WarehouseTables.prepare(warehouse, AFTER);
      other.rollback();
    }
    assertThat(rows(), contains("1 1 - {\"remark\": 2}", "2 - {\"note\": \"\"} -"));
  }
}
