package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.cdc.RowState;
import io.millrace.transforms.warehouse.TestTable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What views keep and hand on, as bytes that stay as they are. */
class ViewStateTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final List<ViewAggregate> AGGREGATES =
      List.of(
          ViewAggregate.ROWS,
          ViewAggregate.COUNT,
          ViewAggregate.SUM,
          ViewAggregate.AVG,
          ViewAggregate.MIN,
          ViewAggregate.MAX,
          ViewAggregate.DISTINCT);

  private final MemoryState values = new MemoryState();

  private static ViewTable table(String columns, List<Integer> kept, List<Integer> compared) {
    return new ViewTable(TestTable.contract("t: " + columns).tables().get(0), kept, compared);
  }

  @Test
  void rowsOfTables() {
    RowState state =
        RowState.first(
            Operation.UPSERT, List.of("a"), Position.of(new byte[] {1, 2}), Deletes.HARD);
    String changes = "020102" + "01" + "0161" + "00";
    check(new StoredRow(state, new byte[] {7, 8}), "01" + changes + "03" + "0708");
    check(new StoredRow(state, new byte[0]), "01" + changes + "01");
    check(new StoredRow(state, null), "01" + changes + "00");
    refuses(() -> StoredRow.decode(HEX.parseHex("02" + changes + "00")));
  }

  private static void check(StoredRow row, String golden) {
    assertThat(HEX.formatHex(row.encode()), is(golden));
    StoredRow read = StoredRow.decode(HEX.parseHex(golden));
    assertThat(HEX.formatHex(read.encode()), is(golden));
    assertThat(Arrays.equals(read.row(), row.row()), is(true));
  }

  @Test
  void columnsThatViewsNeed() {
    ViewTable table = table("key id integer; a text; b bigint", List.of(2, 0), List.of(1, 0));
    byte[] row = table.encode(new Object[] {null, 12});
    assertThat(HEX.formatHex(row), is("04" + "023132" + "00" + "02" + "0101" + "0c"));
    byte[] padded = new byte[row.length + 2];
    System.arraycopy(row, 0, padded, 1, row.length);
    assertThat(table.decode(padded, 1, row.length).getValues(), contains(nullValue(), is(12)));
    ByteWriter out = new ByteWriter(8);
    assertThat(ViewTable.copy(padded, 1, row.length, 1, out), is(false));
    assertThat(out.toByteArray().length, is(0));
    assertThat(ViewTable.copy(padded, 1, row.length, 0, out), is(true));
    assertThat(HEX.formatHex(out.toByteArray()), is("03" + "023132"));
  }

  @Test
  void joinedRows() {
    byte[] one = JoinedRow.of(new byte[] {5});
    byte[] joined = JoinedRow.concat(JoinedRow.concat(one, JoinedRow.none(2)), one);
    assertThat(HEX.formatHex(joined), is("0205" + "0000" + "0205"));
    assertThat(JoinedRow.at(joined, 0).position(), is(0));
    assertThat(JoinedRow.at(joined, 2).position(), is(3));
    assertThat(JoinedRow.at(joined, 3).position(), is(4));
  }

  @Test
  void valuesThatAreEqualAreComparedAsTheSameBytes() {
    ViewTable whole = table("key id integer", List.of(0), List.of(0));
    ViewTable decimal = table("key id text; n numeric(10,2)", List.of(0, 1), List.of(1, 0));
    byte[] joined =
        JoinedRow.concat(
            JoinedRow.of(whole.encode(new Object[] {10})),
            JoinedRow.of(decimal.encode(new Object[] {"x", new BigDecimal("10.00")})));
    ViewPlan.Slot first = new ViewPlan.Slot(0, 0);
    ViewPlan.Slot second = new ViewPlan.Slot(1, 0);
    ViewPlan.Slot text = new ViewPlan.Slot(1, 1);
    assertThat(key(joined, first), is("03" + "023130"));
    assertThat(key(joined, second), is(key(joined, first)));
    assertThat(key(joined, first, text), is("03" + "023130" + "02" + "0178"));
    assertThat(key(JoinedRow.concat(joined, JoinedRow.none(1)), new ViewPlan.Slot(2, 0)), is(""));
    byte[] withNull = JoinedRow.of(decimal.encode(new Object[] {"x", null}));
    assertThat(key(withNull, new ViewPlan.Slot(0, 1), new ViewPlan.Slot(0, 0)), is(""));
  }

  private static String key(byte[] joined, ViewPlan.Slot... slots) {
    byte[] key = JoinedRow.key(joined, List.of(slots));
    return key == null ? "" : HEX.formatHex(key);
  }

  private static GroupDelta delta(long weight, Object value) {
    GroupDelta delta = new GroupDelta(AGGREGATES, new byte[] {9});
    Object[] arguments = new Object[AGGREGATES.size()];
    Arrays.fill(arguments, 1, arguments.length, value);
    delta.add(arguments, weight);
    return delta;
  }

  @Test
  void changesOfGroups() {
    GroupDelta delta = delta(-2, new BigDecimal("1.50"));
    String number = "03" + "02fed4" + "04";
    String kept = "03" + "0100" + "00" + "01" + "03" + "046e312e35";
    String golden =
        ("0109" + "03")
            + ("00" + "0100" + "00" + "00")
            + ("03" + "0100" + "00" + "00")
            + (number + "00").repeat(2)
            + kept.repeat(3);
    assertThat(HEX.formatHex(delta.encode()), is(golden));
    GroupDelta read = GroupDelta.decode(AGGREGATES, new ByteReader(HEX.parseHex(golden)));
    assertThat(HEX.formatHex(read.encode()), is(golden));
    read.add(delta(3, 7));
    assertThat(read.rows(), is(1L));
    assertThat(read.count(1), is(1L));
    assertThat(read.sum(2), is(new BigDecimal("18.00")));
    assertThat(read.values(4), is(Map.of("n1.5", -2L, "n7", 3L)));
    read.add(delta(2, new BigDecimal("1.5")));
    assertThat(read.values(4), is(Map.of("n7", 3L)));
  }

  @Test
  void groups() {
    GroupState group = new GroupState(AGGREGATES, null);
    group.add(delta(1, new BigDecimal("1.50")), "g", values.map());
    group.nextRevision();
    String kept = "02" + "0100" + "00" + "01";
    String golden =
        ("01" + "01" + "02")
            + ("00" + "0100" + "00" + "00" + "00")
            + ("02" + "0100" + "00" + "00" + "00")
            + ("02" + "020096" + "04" + "00" + "00").repeat(2)
            + (kept + "046e312e35").repeat(2)
            + (kept + "00");
    assertThat(HEX.formatHex(group.encode()), is(golden));
    GroupState read = new GroupState(AGGREGATES, HEX.parseHex(golden));
    assertThat(HEX.formatHex(read.encode()), is(golden));
    assertThat(read.nextRevision(), is(2L));
    refuses(() -> new GroupState(AGGREGATES, HEX.parseHex("02" + golden.substring(2))));
  }

  @Test
  void aggregatesFollowWhatComesAndGoes() {
    byte[] group = changed(null, 2, new BigDecimal("3"));
    group = changed(group, 1, 9.5);
    group = changed(group, 1, 1);
    group = changed(group, 1, null);
    assertThat(shown(group), is("5 4 16.5 4.125 1 9.5 3"));
    group = changed(group, -1, 1);
    assertThat(shown(group), is("4 3 15.5 5.166666666666666666666666666666667 3 9.5 2"));
    group = changed(group, -1, new BigDecimal("3.0"));
    group = changed(group, -1, 9.5);
    assertThat(shown(group), is("2 1 3.0 3.0 3 3 1"));
    group = changed(group, -1, 3L);
    assertThat(shown(group), is("1 0 null null null null 0"));
    group = changed(group, -1, null);
    assertThat(new GroupState(AGGREGATES, group).isThere(), is(false));
    assertThat(values.entries().isEmpty(), is(true));
  }

  @Test
  void whatGoesBeforeItCameIsNotThere() {
    byte[] group = changed(null, -1, 8);
    assertThat(new GroupState(AGGREGATES, group).isThere(), is(false));
    group = changed(group, 1, 5);
    group = changed(group, 1, 6);
    assertThat(shown(group).endsWith(" 5 6 2"), is(true));
    group = changed(group, 1, 8);
    assertThat(shown(group), is("2 2 11 5.5 5 6 2"));
  }

  private byte[] changed(byte[] group, long weight, Object value) {
    GroupState state = new GroupState(AGGREGATES, group);
    state.add(delta(weight, value), "g", values.map());
    return state.encode();
  }

  private static String shown(byte[] group) {
    GroupState state = new GroupState(AGGREGATES, group);
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < AGGREGATES.size(); i++) {
      shown.append(i == 0 ? "" : " ").append(state.value(i));
    }
    return shown.toString();
  }

  private static void refuses(Executable read) {
    assertThat(
        assertThrows(IllegalStateException.class, read).getMessage(), containsString("version 2"));
  }
}
