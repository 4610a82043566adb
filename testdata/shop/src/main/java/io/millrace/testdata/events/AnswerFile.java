package io.millrace.testdata.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testdata.audit.RowSource;
import io.millrace.testdata.audit.TextRow;
import io.millrace.testdata.events.Bank.Column;
import io.millrace.testdata.events.Bank.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The rows that are right in the end, as JSON lines.
 *
 * <p>For each table a line {@code {"table":…,"key":[…],"columns":[…],"rows":n}} and then its rows,
 * {@code {"table":…,"row":{…}}}, by the bytes of their keys' texts. Every value is a string, as
 * PostgreSQL writes it as text, or null.
 */
final class AnswerFile {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the line before a table's rows says.
   *
   * @param columns all columns, the key's among them
   */
  record Header(String table, List<String> key, List<String> columns, long rows) {}

  /** Writes the live rows of each table; returns how many. */
  static long write(Path file, Function<Table, List<Row>> live) throws IOException {
    long count = 0;
    try (Writer writer = Files.newBufferedWriter(file)) {
      for (Table table : Table.ALL) {
        List<Row> rows = new ArrayList<>(live.apply(table));
        count += rows.size();
        header(writer, table, rows.size());
        for (TextRow row : sorted(table, rows)) {
          row(writer, table, row);
        }
      }
    }
    return count;
  }

  private static List<TextRow> sorted(Table table, List<Row> rows) {
    List<TextRow> texts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      List<String> key = new ArrayList<>();
      List<String> values = new ArrayList<>();
      for (int i = 0; i < table.columns().size(); i++) {
        values.add(row.text(table, i));
        if (table.columns().get(i).group() == Bank.Group.KEY) {
          key.add(row.text(table, i));
        }
      }
      texts.add(new TextRow(key, values));
    }
    Collections.sort(texts);
    return texts;
  }

  private static void header(Writer writer, Table table, int rows) throws IOException {
    try (JsonGenerator json = generator(writer)) {
      json.writeStartObject();
      json.writeStringField("table", table.name());
      array(json, "key", table.key());
      array(json, "columns", table.columns());
      json.writeNumberField("rows", rows);
      json.writeEndObject();
    }
    writer.write('\n');
  }

  private static void array(JsonGenerator json, String name, List<Column> columns)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Column column : columns) {
      json.writeString(column.name());
    }
    json.writeEndArray();
  }

  private static void row(Writer writer, Table table, TextRow row) throws IOException {
    try (JsonGenerator json = generator(writer)) {
      json.writeStartObject();
      json.writeStringField("table", table.name());
      json.writeObjectFieldStart("row");
      for (int i = 0; i < table.columns().size(); i++) {
        json.writeStringField(table.columns().get(i).name(), row.values().get(i));
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    writer.write('\n');
  }

  private static JsonGenerator generator(Writer writer) throws IOException {
    return FACTORY.createGenerator(writer).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /**
   * Reads the headers of all tables.
   *
   * @throws IOException if the file cannot be read, or is not an answer
   */
  static List<Header> headers(Path file) throws IOException {
    List<Header> headers = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      while (line != null) {
        JsonNode header = JSON.readTree(line);
        if (!header.has("columns")) {
          throw new IOException(file + " is not an answer that the generator wrote");
        }
        long rows = header.get("rows").asLong();
        headers.add(
            new Header(
                header.get("table").asText(),
                strings(header.get("key")),
                strings(header.get("columns")),
                rows));
        for (long i = 0; i < rows; i++) {
          reader.readLine();
        }
        line = reader.readLine();
      }
    }
    return headers;
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(text -> strings.add(text.asText()));
    return strings;
  }

  /** The rows of one table. */
  static RowSource rows(Path file, Header header) throws IOException {
    return new Rows(Files.newBufferedReader(file), header);
  }

  private static final class Rows implements RowSource {
    private final BufferedReader reader;
    private final Header header;
    private boolean found;
    private long left;

    Rows(BufferedReader reader, Header header) {
      this.reader = reader;
      this.header = header;
      this.left = header.rows();
    }

    @Override
    public TextRow next() throws IOException {
      while (!found) {
        JsonNode line = JSON.readTree(reader.readLine());
        found = line.has("columns") && line.get("table").asText().equals(header.table());
      }
      if (left == 0) {
        return null;
      }
      left--;
      JsonNode row = JSON.readTree(reader.readLine()).get("row");
      return new TextRow(values(row, header.key()), values(row, header.columns()));
    }

    private static List<String> values(JsonNode row, List<String> columns) {
      List<String> values = new ArrayList<>(columns.size());
      for (String column : columns) {
        JsonNode value = row.get(column);
        values.add(value.isNull() ? null : value.asText());
      }
      return values;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private AnswerFile() {}
}
