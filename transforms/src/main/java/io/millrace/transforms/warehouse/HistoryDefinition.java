package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The SQL that makes what a history is kept in: a table of all changes of each row, a view of the
 * versions that follow from them, and a function that answers the versions as of a time.
 */
final class HistoryDefinition {
  private final TargetTable target;
  private final Dialect dialect;

  HistoryDefinition(TargetTable target, Dialect dialect) {
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
    columns.put(HistoryColumns.OPERATION, "text");
    columns.put(HistoryColumns.UNCHANGED, "text[]");
    columns.put(HistoryColumns.VALID_FROM, "timestamp with time zone");
    columns.put(HistoryColumns.VALID_TO, "timestamp with time zone");
    columns.put(HistoryColumns.VERSION_POSITION, "bytea");
    columns.put(HistoryColumns.VERSION_COMMITTED_AT, "timestamp with time zone");
    columns.put(HistoryColumns.DIGEST, "bytea");
    columns.put(HistoryColumns.VISIBLE, "boolean");
    columns.put(SystemColumns.EXTRA, "jsonb");
    return columns;
  }

  private static String constraint(String column) {
    return switch (column) {
      case SystemColumns.POSITION, HistoryColumns.OPERATION -> " NOT NULL";
      case HistoryColumns.VISIBLE -> " NOT NULL DEFAULT false";
      case SystemColumns.APPLIED_AT -> " DEFAULT now()";
      default -> "";
    };
  }

  private String qualified(String name) {
    return dialect.quote(target.schema()) + "." + dialect.quote(name);
  }

  /** The columns that the table of current rows has for its history. */
  static Map<String, String> tipColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put(HistoryColumns.TIP_FROM, "timestamp with time zone");
    columns.put(HistoryColumns.TIP, "bytea");
    return columns;
  }

  String addTipColumn(String name) {
    return "ALTER TABLE "
        + rows()
        + " ADD COLUMN "
        + dialect.quote(name)
        + " "
        + tipColumns().get(name);
  }

  /** Lets rows hold no changes; for a table of all changes that has them. */
  String forgetTips() {
    return "UPDATE "
        + rows()
        + " SET \"_tip_from\" = NULL, \"_tip\" = NULL WHERE \"_tip\" IS NOT NULL";
  }

  String isAnyTip() {
    return "SELECT EXISTS (SELECT FROM " + rows() + " WHERE \"_tip\" IS NOT NULL)";
  }

  /**
   * Moves the changes that rows hold, with those columns that are there already. Others that write
   * wait until this commits: a change that one of them leaves with a row meanwhile would be lost.
   */
  String moveTips(Set<String> there) {
    List<String> same = new ArrayList<>();
    Stream.concat(
            target.contract().columns().stream().map(ColumnContract::name).filter(there::contains),
            Stream.of(
                SystemColumns.POSITION,
                SystemColumns.COMMITTED_AT,
                SystemColumns.RECEIVED_AT,
                SystemColumns.EXTRA))
        .forEach(column -> same.add(dialect.quote(column)));
    String copied = String.join(", ", same);
    return "LOCK TABLE "
        + rows()
        + ", "
        + table()
        + "; INSERT INTO "
        + table()
        + " ("
        + copied
        + ", \"_valid_from\", \"_operation\", \"_digest\", \"_visible\") SELECT "
        + copied
        + ", \"_tip_from\", chr(get_byte(\"_tip\", 0)), substr(\"_tip\", 2), true FROM "
        + rows()
        + " WHERE \"_tip\" IS NOT NULL; "
        + forgetTips();
  }

  private String rows() {
    return qualified(target.name());
  }

  String table() {
    return qualified(target.changesTable());
  }

  String view() {
    return qualified(target.historyView());
  }

  String createTable() {
    List<String> lines = new ArrayList<>();
    columns()
        .forEach((name, type) -> lines.add(dialect.quote(name) + " " + type + constraint(name)));
    String key =
        target.key().stream()
            .map(column -> dialect.quote(column.name()) + ", ")
            .collect(Collectors.joining());
    lines.add("PRIMARY KEY (" + key + dialect.quote(SystemColumns.POSITION) + ")");
    return "CREATE TABLE " + table() + " (" + String.join(", ", lines) + ")";
  }

  /** Takes the rows of the target table for changes that nothing came before. */
  String seed() {
    List<String> same = new ArrayList<>();
    target.contract().columns().forEach(column -> same.add(dialect.quote(column.name())));
    for (String column :
        List.of(
            SystemColumns.POSITION,
            SystemColumns.COMMITTED_AT,
            SystemColumns.RECEIVED_AT,
            SystemColumns.APPLIED_AT,
            SystemColumns.EXTRA)) {
      same.add(dialect.quote(column));
    }
    String copied = String.join(", ", same);
    String from = "coalesce(\"_committed_at\", '-infinity')";
    return "INSERT INTO "
        + table()
        + " ("
        + copied
        + ", \"_operation\", \"_unchanged\", \"_valid_from\", \"_valid_to\", \"_visible\")"
        + " SELECT "
        + copied
        + ", CASE WHEN \"_deleted\" THEN 'D' ELSE 'U' END, CASE WHEN NOT \"_deleted\" AND"
        + " \"_filled\" IS NOT NULL THEN ARRAY(SELECT jsonb_object_keys(\"_filled\")) END,"
        + " CASE WHEN NOT \"_deleted\" THEN "
        + from
        + " END, CASE WHEN \"_deleted\" THEN "
        + from
        + " END, NOT \"_deleted\" FROM "
        + rows();
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

  /** Drops what depends on columns' types, and what the next run makes anew. */
  String dropViews() {
    return "DROP FUNCTION IF EXISTS "
        + asOf().signature()
        + "; DROP VIEW IF EXISTS "
        + view()
        + "; ";
  }

  /** Gives a column that is there the type of the contract's. */
  String changeType(String name) {
    String column = dialect.quote(name);
    String cast =
        target.contract().columns().stream()
            .filter(each -> each.name().equals(name))
            .map(each -> PostgresTypes.cast(each.type()))
            .findFirst()
            .orElseThrow();
    return dropViews()
        + "ALTER TABLE "
        + table()
        + " ALTER COLUMN "
        + column
        + " TYPE "
        + columns().get(name)
        + " USING "
        + column
        + "::"
        + cast
        + ";";
  }

  /** The columns of the view that are not the contract's, and what they show. */
  private static Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put(HistoryColumns.VALID_FROM, "\"_valid_from\"");
    shown.put(HistoryColumns.VALID_TO, "\"_valid_to\"");
    shown.put(SystemColumns.POSITION, "coalesce(\"_version_position\", \"_position\")");
    shown.put(
        SystemColumns.COMMITTED_AT,
        "CASE WHEN \"_version_position\" IS NULL THEN \"_committed_at\""
            + " ELSE \"_version_committed_at\" END");
    return shown;
  }

  /** The names of the view's columns. */
  Set<String> viewColumns() {
    Set<String> columns = new LinkedHashSet<>();
    target.contract().columns().forEach(column -> columns.add(column.name()));
    columns.addAll(shown().keySet());
    return columns;
  }

  /** The view of versions; columns that it has keep their places, and new ones come after them. */
  String createView(@Nullable ExistingTable existing) {
    Set<String> columns = new LinkedHashSet<>();
    if (existing != null) {
      columns.addAll(existing.columns().keySet());
    }
    columns.addAll(viewColumns());
    return "CREATE OR REPLACE VIEW "
        + view()
        + " AS SELECT "
        + select(columns, shown())
        + " FROM "
        + table()
        + " WHERE \"_visible\" UNION ALL SELECT "
        + select(
            columns,
            Map.of(
                HistoryColumns.VALID_FROM,
                dialect.quote(HistoryColumns.TIP_FROM),
                HistoryColumns.VALID_TO,
                "NULL"))
        + " FROM "
        + rows()
        + " WHERE \"_tip\" IS NOT NULL";
  }

  private String select(Set<String> columns, Map<String, String> expressions) {
    return columns.stream()
        .map(
            name ->
                expressions.getOrDefault(name, dialect.quote(name)) + " AS " + dialect.quote(name))
        .collect(Collectors.joining(", "));
  }

  /** The function that answers the versions as of a time. */
  AsOfFunction asOf() {
    return new AsOfFunction(target.schema(), target.asOfFunction(), target.historyView());
  }
}
