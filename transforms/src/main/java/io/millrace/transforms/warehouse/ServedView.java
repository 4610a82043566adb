package io.millrace.transforms.warehouse;

import io.millrace.transforms.warehouse.ExistingTable.ExistingColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A view in the schema that serves, and what it is to show. PostgreSQL replaces a view, with all
 * that depends on it, as long as its columns keep their places and types; new ones come after them.
 */
final class ServedView {
  private final String schema;
  private final String name;
  private final Map<String, String> existing;
  private final @Nullable String source;
  private final Map<String, String> offered;

  /**
   * @param schema that serves
   * @param existing what has the name there now
   * @param sourceSchema the version's
   * @param source what has the name in the version; null if it has nothing of it
   */
  ServedView(
      String schema,
      String name,
      @Nullable ExistingTable existing,
      String sourceSchema,
      @Nullable ExistingTable source) {
    this.schema = schema;
    this.name = name;
    this.existing = existing == null ? Map.of() : types(existing);
    this.source = source == null ? null : qualified(sourceSchema);
    this.offered = source == null ? new LinkedHashMap<>() : types(source);
    HistoryDefinition.tipColumns().keySet().forEach(offered::remove);
  }

  private static Map<String, String> types(ExistingTable table) {
    Map<String, String> types = new LinkedHashMap<>();
    for (Map.Entry<String, ExistingColumn> column : table.columns().entrySet()) {
      types.put(column.getKey(), column.getValue().type());
    }
    return types;
  }

  private String qualified(String in) {
    return PostgresDialect.INSTANCE.quote(in) + "." + PostgresDialect.INSTANCE.quote(name);
  }

  String name() {
    return name;
  }

  String qualifiedName() {
    return qualified(schema);
  }

  /** Whether the version has nothing of this name. */
  boolean isGone() {
    return source == null;
  }

  /** The columns that readers have now and the version has not. */
  List<String> missing() {
    return existing.keySet().stream().filter(column -> !offered.containsKey(column)).toList();
  }

  /** The columns that the version has. */
  Set<String> offered() {
    return offered.keySet();
  }

  /** Whether the version has columns that readers do not see yet. */
  boolean hasMore() {
    return !existing.keySet().containsAll(offered.keySet());
  }

  /** The columns whose types differ: what readers have now, and what the version has. */
  List<String> retyped() {
    List<String> retyped = new ArrayList<>();
    existing.forEach(
        (column, type) -> {
          String other = offered.get(column);
          if (other != null && !other.equals(type)) {
            retyped.add(column + " (" + type + ", there " + other + ")");
          }
        });
    return retyped;
  }

  /**
   * Lets the view show the version. Columns that it has not are null, and a table that it has not
   * is empty; nothing that depends on the view is touched.
   *
   * @param options of the view, which a replaced one loses
   */
  String replace(List<String> options) {
    Map<String, String> columns = new LinkedHashMap<>(existing);
    columns.putAll(offered);
    return create("CREATE OR REPLACE VIEW ", columns, options);
  }

  /** Makes the view anew, with the version's columns only. */
  String create(List<String> options) {
    return create("CREATE VIEW ", offered, options);
  }

  String drop() {
    return "DROP VIEW " + qualifiedName();
  }

  private String create(String verb, Map<String, String> columns, List<String> options) {
    String shown =
        columns.entrySet().stream()
            .map(column -> shown(column.getKey(), column.getValue()))
            .collect(Collectors.joining(", "));
    return verb
        + qualifiedName()
        + (options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")")
        + " AS SELECT "
        + shown
        + (source == null ? " WHERE false" : " FROM " + source);
  }

  private String shown(String column, String type) {
    String quoted = PostgresDialect.INSTANCE.quote(column);
    return offered.containsKey(column) ? quoted : "NULL::" + type + " AS " + quoted;
  }
}
