package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFilesTest {
  @TempDir private Path directory;

  @BeforeAll
  static void knowFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static Map<String, String> read(TableSource<String, String> table) throws Exception {
    Map<String, String> rows = new TreeMap<>();
    table.read(row -> rows.put(row.getKey(), row.getValue()));
    return rows;
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static KV<String, String> row(JsonNode json) {
    return KV.of(json.get("id").asText(), json.get("name") + " " + json.path("rate"));
  }

  private static KV<String, String> row(Map<String, String> csv) {
    return KV.of(csv.get("id"), csv.get("name"));
  }

  @Test
  void jsonLinesOfAllFilesThatMatchAreRows() throws Exception {
    write("a.jsonl", "{\"id\":1,\"name\":\"Ada\",\"rate\":0.10000000000000000001}\n\n{\"id\":2}\n");
    write("b.jsonl", "{\"id\":3,\"name\":null}");
    assertThat(
        read(TableFiles.jsonLines(directory + "/*.jsonl", TableFilesTest::row)).toString(),
        is("{1=\"Ada\" 0.10000000000000000001, 2=null , 3=null }"));
  }

  @Test
  void linesOfCsvAreRowsByTheNamesInTheFirst() throws Exception {
    String file = write("a.csv", "name,id\r\n\"Lovelace, \"\"Ada\"\"\",1\r\n\r\nBob,2\r\n");
    assertThat(
        read(TableFiles.csv(file, TableFilesTest::row)).toString(),
        is("{1=Lovelace, \"Ada\", 2=Bob}"));
  }

  @Test
  void textMayBeCompressed() throws Exception {
    Path file = directory.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("id,name\n1,Ada\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(TableFiles.csv(file.toString(), TableFilesTest::row)), is(Map.of("1", "Ada")));
  }

  @Test
  void parquetOfOtherWritersIsRead() throws Exception {
    Path file = directory.resolve("a.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          """
          COPY (
            SELECT * FROM (VALUES
              (1::BIGINT, 'Ada', 12.50::DECIMAL(9,2), DATE '2026-05-01',
               TIMESTAMP_MS '2026-05-01 10:00:00.123', TIMESTAMPTZ '2026-05-01 10:00:00.123456+00',
               TIMESTAMP_NS '2026-05-01 10:00:00.123456789', TIME '10:00:00.5', [1, 2], true),
              (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
            AS t(id, name, rate, day, millis, instant, nanos, clock, list, flag))
          TO '%s' (FORMAT parquet)
          """
              .formatted(file));
    }
    assertThat(
        read(
            TableFiles.parquet(
                file.toString(), row -> KV.of(row.get("id").toString(), row.values().toString()))),
        is(
            Map.of(
                "1",
                "[1, Ada, 12.50, 2026-05-01, 2026-05-01T10:00:00.123, 2026-05-01T10:00:00.123456Z,"
                    + " 2026-05-01T10:00:00.123456789, 10:00:00.500, [1, 2], true]",
                "2",
                "[2, null, null, null, null, null, null, null, null, null]")));
  }

  @Test
  void whatCannotBeReadIsSaidWithFileAndLine() throws Exception {
    String missing = directory + "/none*.csv";
    assertThat(
        failure(TableFiles.csv(missing, TableFilesTest::row)), is("no file matches " + missing));
    String broken = write("b.jsonl", "{\"id\":1}\n{\"id\":\n");
    assertThat(
        failure(TableFiles.jsonLines(broken, TableFilesTest::row)),
        containsString("b.jsonl, line "));
    String few = write("few.csv", "id,name\n1,Ada\n2\n");
    assertThat(
        failure(TableFiles.csv(few, TableFilesTest::row)), containsString("few.csv, line 3"));
  }

  private static String failure(TableSource<String, String> table) {
    return assertThrows(IOException.class, () -> read(table)).getMessage();
  }
}
