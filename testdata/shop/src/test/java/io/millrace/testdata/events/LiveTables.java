package io.millrace.testdata.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testdata.Database;
import io.millrace.testdata.events.Bank.Column;
import io.millrace.testdata.events.Bank.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts replayed rows where a warehouse would have them. */
final class LiveTables {

  /** Creates the tables under the names of the live views and fills them. */
  static void load(Database warehouse, Map<String, Collection<Map<String, JsonNode>>> rows)
      throws SQLException {
    for (Table table : Table.ALL) {
      String columns =
          table.columns().stream()
              .map(column -> column.name() + " " + column.physicalType())
              .collect(Collectors.joining(", "));
      execute(warehouse, "CREATE TABLE " + table.name() + "_live (" + columns + ")");
      String places =
          table.columns().stream()
              .map(column -> "?::" + column.physicalType())
              .collect(Collectors.joining(", "));
      try (Connection connection = warehouse.connect();
          PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO " + table.name() + "_live VALUES (" + places + ")")) {
        for (Map<String, JsonNode> row : rows.get(table.name())) {
          int place = 1;
          for (Column column : table.columns()) {
            insert.setString(place++, literal(column, row.get(column.name())));
          }
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  /** A value as a literal that PostgreSQL reads, by what the two formats are documented to hold. */
  private static String literal(Column column, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return switch (column.physicalType()) {
      case "date" ->
          value.isNumber() ? LocalDate.ofEpochDay(value.asLong()).toString() : value.asText();
      case "timestamp(3)" ->
          value.isNumber()
              ? LocalDateTime.ofInstant(Instant.ofEpochMilli(value.asLong()), ZoneOffset.UTC)
                  .toString()
              : value.asText();
      case "bytea" -> {
        byte[] bytes = Base64.getDecoder().decode(value.asText());
        yield "\\x" + HexFormat.of().formatHex(bytes);
      }
      case "text[]" -> array(value);
      case "jsonb" -> value.isTextual() ? value.asText() : value.toString().replace(".5}", ".50}");
      default -> value.asText();
    };
  }

  private static String array(JsonNode values) {
    List<String> elements = new ArrayList<>();
    values.forEach(
        value ->
            elements.add(
                value.isNull()
                    ? "NULL"
                    : '"' + value.asText().replace("\\", "\\\\").replace("\"", "\\\"") + '"'));
    return "{" + String.join(",", elements) + "}";
  }

  static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private LiveTables() {}
}
