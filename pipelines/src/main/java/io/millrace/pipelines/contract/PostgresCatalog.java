package io.millrace.pipelines.contract;

import io.millrace.pipelines.contract.SourceTable.SourceColumn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What PostgreSQL's catalog says of the tables in some schemas. */
final class PostgresCatalog {
  private final Connection connection;
  private final List<String> schemas;

  PostgresCatalog(Connection connection, List<String> schemas) {
    this.connection = connection;
    this.schemas = schemas;
  }

  /** The schemas that there are, of those asked for. */
  List<String> existingSchemas() throws SQLException {
    List<String> existing = new ArrayList<>();
    try (PreparedStatement query =
        prepare("SELECT nspname FROM pg_namespace WHERE nspname = ANY (?)")) {
      ResultSet rows = query.executeQuery();
      while (rows.next()) {
        existing.add(rows.getString(1));
      }
    }
    return existing;
  }

  /** All tables, by schema and name, their columns as they stand in the table. */
  List<SourceTable> tables() throws SQLException {
    Map<String, Key> keys = keys();
    Map<String, SourceTable> tables = new LinkedHashMap<>();
    try (PreparedStatement query = prepare(sql("postgres-columns.sql"))) {
      ResultSet row = query.executeQuery();
      while (row.next()) {
        String schema = row.getString("schema");
        String name = row.getString("relation");
        String comment = row.getString("relation_comment");
        Key key = keys.getOrDefault(schema + "." + name, Key.NONE);
        tables
            .computeIfAbsent(
                schema + "." + name,
                physicalName ->
                    new SourceTable(
                        schema, name, comment, new ArrayList<>(), key.columns(), key.index()))
            .columns()
            .add(column(row));
      }
    }
    return List.copyOf(tables.values());
  }

  private static SourceColumn column(ResultSet row) throws SQLException {
    boolean enumeration = row.getBoolean("enumeration");
    String type = row.getString("type");
    return new SourceColumn(
        row.getString("name"),
        (enumeration ? "text" : type) + "[]".repeat(row.getInt("dimensions")),
        enumeration ? type : null,
        row.getBoolean("required"),
        row.getBoolean("generated"),
        row.getString("comment"));
  }

  private record Key(List<String> columns, String index) {
    static final Key NONE = new Key(List.of(), null);
  }

  private Map<String, Key> keys() throws SQLException {
    Map<String, Key> keys = new LinkedHashMap<>();
    try (PreparedStatement query = prepare(sql("postgres-keys.sql"))) {
      ResultSet row = query.executeQuery();
      while (row.next()) {
        String[] columns = (String[]) row.getArray("columns").getArray();
        keys.putIfAbsent(
            row.getString("schema") + "." + row.getString("relation"),
            new Key(
                Arrays.asList(columns),
                row.getBoolean("is_primary") ? null : row.getString("index")));
      }
    }
    return keys;
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    Array names = connection.createArrayOf("text", schemas.toArray());
    statement.setArray(1, names);
    return statement;
  }

  private static String sql(String resource) {
    try (InputStream in = PostgresCatalog.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
