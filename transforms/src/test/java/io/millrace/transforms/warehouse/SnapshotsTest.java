package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the snapshots of a table come to, and which are refused. */
class SnapshotsTest {
  private static final Contract CONTRACT = TestTable.contract("t: key id integer; a text");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");

  private TestWarehouse database;
  private BatchWriter writer;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    start(Deletes.SOFT);
  }

  private void start(Deletes deletes) {
    Warehouse warehouse = database.warehouse().withDeletes(deletes);
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

  private static ChangeEvent read(long position, int id) {
    return TABLE.read(position, "{\"id\":%d,\"a\":\"%d\"}".formatted(id, position));
  }

  private List<String> rows() {
    return database.query("SELECT id || ' ' || a FROM t_live ORDER BY id");
  }

  @ParameterizedTest
  @EnumSource
  void rowsThatACompleteSnapshotDidNotContainAreDeleted(Deletes deletes) {
    writer.close();
    start(deletes);
    write(read(1, 1), read(1, 2), TABLE.snapshotEnd(1), TABLE.upsert(3, "{\"id\":3,\"a\":\"3\"}"));
    write(read(5, 1), TABLE.upsert(6, "{\"id\":4,\"a\":\"6\"}"));
    assertThat(rows(), contains("1 5", "2 1", "3 3", "4 6"));
    write(TABLE.snapshotEnd(5));
    assertThat(rows(), contains("1 5", "4 6"));
    write(TABLE.upsert(4, "{\"id\":5,\"a\":\"4\"}"));
    assertThat(rows(), contains("1 5", "4 6"));
  }

  @Test
  void aSnapshotAfterACompleteOneNeedsAnEpochOfItsOwn() {
    write(TABLE.snapshotStart(1), read(1, 1), TABLE.snapshotEnd(1));
    write(TABLE.snapshotStart(1), read(1, 1), TABLE.snapshotEnd(1));
    WarehouseException refused =
        assertThrows(WarehouseException.class, () -> write(TABLE.snapshotStart(5)));
    assertThat(refused.getMessage(), containsString("--positionEpoch=1"));
    write(inEpoch(1, TABLE.snapshotStart(5)), inEpoch(1, TABLE.snapshotEnd(5)));
    refused =
        assertThrows(WarehouseException.class, () -> write(inEpoch(1, TABLE.snapshotStart(7))));
    assertThat(refused.getMessage(), containsString("--positionEpoch=2"));
  }

  private static ChangeEvent inEpoch(int epoch, ChangeEvent event) {
    Position position =
        new PositionEncoder().start(epoch).number(event.committedAt()).end().justBefore();
    return event.toBuilder().setPosition(position).build();
  }

  @Test
  void aSnapshotThatWasBrokenOffIsNoHindrance() {
    write(TABLE.snapshotStart(1), read(1, 1), read(1, 2));
    write(TABLE.snapshotStart(5), read(5, 1), TABLE.snapshotEnd(5));
    assertThat(rows(), contains("1 5"));
    write(TABLE.snapshotStart(1));
    assertThat(rows(), contains("1 5"));
  }
}
