package io.millrace.testdata.demo;

import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.SourceColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of the source's columns since the contract was written: each is found again by its
 * number. In the warehouse a column keeps the name that it had first.
 *
 * @param first the columns of each table when the contract was written
 * @param now those of today
 */
record ColumnChanges(Map<String, List<SourceColumn>> first, Map<String, List<SourceColumn>> now) {

  /** Statements that make an event of each row in which a new column shows a default. */
  List<String> touches() {
    List<String> statements = new ArrayList<>();
    for (Shop.Table table : Shop.TABLES) {
      boolean added =
          now.get(table.name()).stream()
              .anyMatch(
                  column ->
                      column.hasDefault()
                          && find(first.get(table.name()), column.number()).isEmpty());
      if (added) {
        String key = TableRows.quote(sourceName(table.name(), table.key().get(0)));
        statements.add("UPDATE %s SET %s = %s".formatted(table.name(), key, key));
      }
    }
    return statements;
  }

  /** Tables whose columns changed. */
  Set<String> tables() {
    Set<String> tables = new TreeSet<>();
    now.forEach(
        (table, columns) -> {
          if (!described(table).isEmpty()) {
            tables.add(table);
          }
        });
    return tables;
  }

  /** A line for each change of a table's columns. */
  List<String> described(String table) {
    List<String> lines = new ArrayList<>();
    for (SourceColumn before : first.get(table)) {
      SourceColumn after = find(now.get(table), before.number()).orElse(null);
      if (after == null) {
        lines.add(before.name() + " was dropped");
        continue;
      }
      if (!after.name().equals(before.name())) {
        lines.add(before.name() + " is called " + after.name() + " now");
      }
      if (!after.type().equals(before.type())) {
        lines.add(after.name() + " was " + before.type() + " and is " + after.type() + " now");
      }
    }
    for (SourceColumn column : now.get(table)) {
      if (find(first.get(table), column.number()).isEmpty()) {
        lines.add(
            "%s was added, %s%s"
                .formatted(
                    column.name(), column.type(), column.hasDefault() ? ", with a default" : ""));
      }
    }
    return lines;
  }

  /** The names of a table's columns at the source now. */
  List<String> sourceNames(String table) {
    return now.get(table).stream().map(SourceColumn::name).toList();
  }

  /** The names that the same columns have in the warehouse. */
  List<String> warehouseNames(String table) {
    return now.get(table).stream().map(column -> firstName(table, column)).toList();
  }

  /** What the warehouse calls a column of the source; the same where the source has none such. */
  String warehouseName(String table, String sourceName) {
    return now.get(table).stream()
        .filter(column -> column.name().equals(sourceName))
        .map(column -> firstName(table, column))
        .findFirst()
        .orElse(sourceName);
  }

  /** What the source calls a column now that had this name first. */
  String sourceName(String table, String firstName) {
    return first.get(table).stream()
        .filter(column -> column.name().equals(firstName))
        .flatMap(column -> find(now.get(table), column.number()).stream())
        .map(SourceColumn::name)
        .findFirst()
        .orElse(firstName);
  }

  private String firstName(String table, SourceColumn column) {
    return find(first.get(table), column.number()).orElse(column).name();
  }

  private static Optional<SourceColumn> find(List<SourceColumn> columns, int number) {
    return columns.stream().filter(column -> column.number() == number).findFirst();
  }
}
