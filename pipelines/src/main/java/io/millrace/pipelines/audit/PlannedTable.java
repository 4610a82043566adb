package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What of a table is compared.
 *
 * @param key the columns that identify a row
 * @param values the other columns that both sides have
 * @param notes what is not compared, and why
 * @param obstacle why there is nothing to compare though there should be; null if there is
 */
record PlannedTable(
    TableContract table,
    List<KeyColumn> key,
    List<ComparedColumn> values,
    List<String> notes,
    @Nullable String obstacle) {

  /** Plans a table, by what both sides have. */
  static PlannedTable of(TableContract table, Side first, Side second) throws SQLException {
    Optional<Map<String, SideColumn>> here = first.columns(table);
    Optional<Map<String, SideColumn>> there = second.columns(table);
    if (here.isEmpty() || there.isEmpty()) {
      return impossible(table, "the table is not in " + (here.isEmpty() ? first : second).called());
    }
    ZoneId zone = ZoneId.of(table.customProperties().getOrDefault("time.zone", "UTC"));
    List<KeyColumn> key = new ArrayList<>();
    for (int index : table.keyColumns()) {
      ColumnContract column = table.columns().get(index);
      SideColumn one = here.get().get(column.name());
      SideColumn other = there.get().get(column.name());
      if (one == null || other == null) {
        return impossible(
            table,
            "the key's column "
                + column.name()
                + " is not in "
                + (one == null ? first : second).called());
      }
      key.add(KeyColumn.of(ComparedColumn.of(column, one, other, zone), one, other));
    }
    List<ComparedColumn> values = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (ColumnContract column : table.columns()) {
      SideColumn one = here.get().get(column.name());
      SideColumn other = there.get().get(column.name());
      if (one != null && other != null && !column.isKey()) {
        values.add(ComparedColumn.of(column, one, other, zone));
      } else if (!column.isKey()) {
        notes.add(
            column.name()
                + (one == null && other == null
                    ? " is on neither side"
                    : " is not in " + (one == null ? first : second).called()));
      }
    }
    addOthers(table, first, second, notes);
    addOthers(table, second, first, notes);
    return new PlannedTable(table, key, values, notes, null);
  }

  /** Adds the columns that only one of two versions has. */
  private static void addOthers(TableContract table, Side side, Side other, List<String> notes) {
    List<String> there = other.columnsBesideContract(table);
    side.columnsBesideContract(table).stream()
        .filter(column -> !there.contains(column))
        .forEach(
            column ->
                notes.add(column + " is only in " + side.called() + ", and not in the contract"));
  }

  private static PlannedTable impossible(TableContract table, String obstacle) {
    return new PlannedTable(table, List.of(), List.of(), List.of(), obstacle);
  }
}
