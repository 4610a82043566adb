package io.millrace.testdata.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.SourceColumn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnChangesTest {
  private static final SourceColumn ID = column(1, "id", "bigint", false);
  private static final SourceColumn NOTES = column(2, "notes", "text", false);
  private static final SourceColumn TOTAL = column(3, "total", "integer", false);

  @Test
  void columnsThatStayAreNoChange() {
    ColumnChanges changes = orders(List.of(ID, NOTES), List.of(ID, NOTES));
    assertThat(changes.tables(), is(empty()));
    assertThat(changes.touches(), is(empty()));
  }

  @Test
  void findsColumnsAgainByTheirNumbers() {
    ColumnChanges changes =
        orders(
            List.of(ID, NOTES, TOTAL),
            List.of(
                column(1, "order_no", "bigint", false),
                column(2, "remarks", "text", false),
                column(4, "notes2", "text", false)));
    assertThat(changes.tables(), contains("orders"));
    assertThat(
        changes.described("orders"),
        contains(
            "id is called order_no now",
            "notes is called remarks now",
            "total was dropped",
            "notes2 was added, text"));
    assertThat(changes.sourceNames("orders"), contains("order_no", "remarks", "notes2"));
    assertThat(changes.warehouseNames("orders"), contains("id", "notes", "notes2"));
    assertThat(changes.sourceName("orders", "id"), is("order_no"));
    assertThat(changes.warehouseName("orders", "remarks"), is("notes"));
  }

  @Test
  void touchesTheRowsInWhichANewColumnShowsADefault() {
    ColumnChanges changes =
        orders(
            List.of(column(1, "id", "bigint", true), NOTES),
            List.of(
                column(1, "order_no", "bigint", true),
                NOTES,
                column(3, "priority", "integer", true)));
    assertThat(changes.touches(), contains("UPDATE orders SET \"order_no\" = \"order_no\""));
  }

  private static ColumnChanges orders(List<SourceColumn> first, List<SourceColumn> now) {
    return new ColumnChanges(tables(first), tables(now));
  }

  private static Map<String, List<SourceColumn>> tables(List<SourceColumn> orders) {
    Map<String, List<SourceColumn>> tables = new HashMap<>();
    Shop.TABLES.forEach(table -> tables.put(table.name(), List.of()));
    tables.put("orders", orders);
    return tables;
  }

  private static SourceColumn column(int number, String name, String type, boolean hasDefault) {
    return new SourceColumn(number, name, type, false, hasDefault);
  }
}
