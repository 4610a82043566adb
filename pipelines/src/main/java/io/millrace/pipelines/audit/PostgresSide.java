package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.PostgresRelations.Relation;
import io.millrace.schemas.contract.TableContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Tables in PostgreSQL: those of the source, or those that Millrace writes. */
final class PostgresSide implements Side {
  /** The column by which the warehouse marks rows that are gone. */
  private static final String DELETED = "_deleted";

  private final String name;
  private final String place;
  private final Connection connection;
  private final PostgresRelations relations;
  private final @Nullable String schema;
  private final boolean isUtf8;
  private final Map<String, Found> found = new HashMap<>();

  /** A table of the contract, as it is here. */
  private record Found(
      Relation relation,
      boolean marksDeleted,
      Map<String, SideColumn> columns,
      List<String> others) {}

  private PostgresSide(String name, String place, Connection connection, @Nullable String schema)
      throws SQLException {
    this.name = name;
    this.place = place;
    this.connection = connection;
    this.relations = new PostgresRelations(connection);
    this.schema = schema;
    this.isUtf8 = relations.isUtf8();
  }

  /** The source's own tables, by their physical names. */
  static PostgresSide source(String place, Connection connection) throws SQLException {
    return new PostgresSide("source", place, connection, null);
  }

  /** The tables of a schema in the warehouse, without rows that are marked as deleted. */
  static PostgresSide warehouse(String name, String place, String schema, Connection connection)
      throws SQLException {
    return new PostgresSide(name, place + ", schema " + schema, connection, schema);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String called() {
    return name.equals(schema) ? name : "the " + name;
  }

  @Override
  public String place() {
    return place;
  }

  private boolean isSource() {
    return schema == null;
  }

  @Override
  public Optional<String> leavesOut(TableContract table) {
    if (!isSource()) {
      return Optional.empty();
    }
    if (table.derived().isPresent()) {
      return Optional.of("it is computed, and the source does not have it");
    }
    if (table.event().isPresent()) {
      return Optional.of("it holds business events, of which the source has no table");
    }
    if (table.parent().isPresent()) {
      return Optional.of("it holds elements of an array, of which the source has no table");
    }
    return table.withoutKey().map(policy -> "the source's table has no key");
  }

  @Override
  public Optional<Map<String, SideColumn>> columns(TableContract table) throws SQLException {
    Optional<Relation> relation =
        isSource()
            ? relations.find(table.physicalName(), table.isCaseInsensitive())
            : relations.find(schema, table.name(), false);
    if (relation.isEmpty()) {
      return Optional.empty();
    }
    List<SideColumn> columns = relations.columns(relation.get());
    boolean marksDeleted =
        !isSource() && columns.stream().anyMatch(column -> column.name().equals(DELETED));
    Map<String, SideColumn> named = PostgresRelations.named(table, columns, isSource());
    List<String> others =
        isSource()
            ? List.of()
            : columns.stream()
                .map(SideColumn::name)
                .filter(column -> !column.startsWith("_") && !named.containsKey(column))
                .toList();
    Found here = new Found(relation.get(), marksDeleted, named, others);
    found.put(table.name(), here);
    return Optional.of(here.columns());
  }

  @Override
  public List<String> columnsBesideContract(TableContract table) {
    return found.get(table.name()).others();
  }

  @Override
  public TableRows rows(TableContract table, List<KeyColumn> key, List<ComparedColumn> values) {
    Found here = found.get(table.name());
    return new PostgresTable(
        connection,
        here.relation(),
        here.marksDeleted() ? "NOT " + CanonicalSql.quote(DELETED) : "true",
        key.stream()
            .map(column -> PostgresKey.of(column, here.columns().get(column.name())))
            .toList(),
        values.stream()
            .map(
                column ->
                    new CanonicalText(
                        CanonicalSql.text(column, here.columns().get(column.name())),
                        CanonicalRow.isDelimited(column.kind())))
            .toList(),
        isUtf8);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
