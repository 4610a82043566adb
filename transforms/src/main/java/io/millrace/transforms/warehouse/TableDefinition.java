package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The SQL that makes a target table and its view. */
final class TableDefinition {
  private final TargetTable target;
  private final Dialect dialect;

  TableDefinition(TargetTable target, Dialect dialect) {
    this.target = target;
    this.dialect = dialect;
  }

  /** The types of all columns, by name, in the order of a new table. */
  Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (ColumnContract column : target.contract().columns()) {
      columns.put(column.name(), dialect.type(column.type()));
    }
    columns.putAll(systemColumns());
    return columns;
  }

  static Map<String, String> systemColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put(SystemColumns.POSITION, "bytea");
    columns.put(SystemColumns.COMMITTED_AT, "timestamp with time zone");
    columns.put(SystemColumns.RECEIVED_AT, "timestamp with time zone");
    columns.put(SystemColumns.APPLIED_AT, "timestamp with time zone");
    columns.put(SystemColumns.DELETED, "boolean");
    columns.put(SystemColumns.FILLED, "jsonb");
    columns.put(SystemColumns.EXTRA, "jsonb");
    return columns;
  }

  private static String constraint(String column) {
    return switch (column) {
      case SystemColumns.POSITION -> " NOT NULL";
      case SystemColumns.DELETED -> " NOT NULL DEFAULT false";
      default -> "";
    };
  }

  String table() {
    return dialect.quote(target.schema()) + "." + dialect.quote(target.name());
  }

  String liveView() {
    return dialect.quote(target.schema()) + "." + dialect.quote(target.liveView());
  }

  String createTable() {
    List<String> lines = new ArrayList<>();
    columns()
        .forEach((name, type) -> lines.add(dialect.quote(name) + " " + type + constraint(name)));
    lines.add("PRIMARY KEY (" + keyColumns() + ")");
    return "CREATE TABLE " + table() + " (" + String.join(", ", lines) + ")";
  }

  String keyColumns() {
    return target.key().stream()
        .map(column -> dialect.quote(column.name()))
        .collect(Collectors.joining(", "));
  }

  String addColumn(String name) {
    return "ALTER TABLE "
        + table()
        + " ADD COLUMN "
        + dialect.quote(name)
        + " "
        + columns().get(name)
        + constraint(name);
  }

  /**
   * The view of the rows that are not deleted. Columns that a view has keep their places, so that
   * it can be replaced with all that depends on it; new ones come after them.
   */
  String createLiveView(@Nullable ExistingTable existing) {
    Set<String> columns = new LinkedHashSet<>();
    if (existing != null) {
      columns.addAll(existing.columns().keySet());
    }
    columns.addAll(target.shownColumns());
    return "CREATE OR REPLACE VIEW "
        + liveView()
        + " AS SELECT "
        + columns.stream().map(dialect::quote).collect(Collectors.joining(", "))
        + " FROM "
        + table()
        + " WHERE NOT \"_deleted\"";
  }
}
