package io.millrace.transforms.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values and keys of every type go there and come back, at their edges too. */
class WarehouseTypesTest {
  private TestWarehouse warehouse;

  @BeforeEach
  void start() {
    warehouse = TestWarehouse.create();
    warehouse.execute("CREATE EXTENSION hstore; CREATE EXTENSION ltree");
  }

  @AfterEach
  void stop() {
    warehouse.close();
  }

  private static List<JsonNode> cases(String resource) throws IOException {
    try (InputStream in = WarehouseTypesTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), UTF_8).lines().map(TestWarehouse::json).toList();
    }
  }

  /** A case is the contract's type, the target's type, a value as JSON, and its text there. */
  @Test
  void valuesComeBack() throws IOException {
    List<JsonNode> cases = cases("types.jsonl");
    StringBuilder columns = new StringBuilder("t: key id integer");
    StringBuilder row = new StringBuilder("{\"id\":1");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      JsonNode test = cases.get(i);
      columns.append("; v%d %s".formatted(i, test.get("type").asText()));
      row.append(",\"v").append(i).append("\":").append(test.get("value"));
      expected.add(
          "%s -> %s: %s"
              .formatted(
                  test.get("type").asText(),
                  test.get("target").asText(),
                  test.get("text").asText()));
    }
    Contract contract = TestTable.contract(columns.toString());
    WarehouseTables.prepare(warehouse.warehouse(), contract);
    try (BatchWriter writer = new BatchWriter(warehouse.warehouse(), contract)) {
      ChangeEvent event = TestTable.of(contract, "t").upsert(1, row + "}");
      assertThat(writer.write(List.of(event)).refused(), is(empty()));
    }
    warehouse.execute("SET TimeZone = 'UTC'");
    List<String> found = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      String type =
          warehouse
              .query(
                  "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                      + " WHERE attrelid = 't'::regclass AND attname = 'v%d'".formatted(i))
              .get(0);
      String text = warehouse.query("SELECT v%d::text FROM t".formatted(i)).get(0);
      found.add("%s -> %s: %s".formatted(cases.get(i).get("type").asText(), type, text));
    }
    assertThat(found, is(expected));
    // The types are spelled as the check of a table that is there expects them.
    WarehouseTables.prepare(warehouse.warehouse(), contract);
  }

  /** Keys take another way: through the codec, and into the comparisons of every statement. */
  @ParameterizedTest
  @EnumSource
  void keysFindTheirRows(Deletes deletes) throws IOException {
    List<JsonNode> cases = cases("keys.jsonl");
    String[] tables = new String[cases.size()];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = "t%d: key id %s; v text; w text".formatted(i, cases.get(i).get("type").asText());
    }
    Contract contract = TestTable.contract(tables);
    Warehouse target = warehouse.warehouse().withDeletes(deletes);
    WarehouseTables.prepare(target, contract);
    try (BatchWriter writer = new BatchWriter(target, contract)) {
      for (int i = 0; i < tables.length; i++) {
        TestTable table = TestTable.of(contract, "t" + i);
        String one = "{\"id\":" + cases.get(i).get("one");
        String other = "{\"id\":" + cases.get(i).get("other");
        write(
            writer,
            table.upsert(1, one + ",\"v\":\"v1\",\"w\":\"w1\"}"),
            table.upsert(2, other + ",\"v\":\"v2\",\"w\":\"w2\"}"),
            table.upsert(4, one + ",\"v\":\"v4\"}"),
            table.upsert(3, one + ",\"v\":\"v3\",\"w\":\"w3\"}"));
        String live = "SELECT v || w FROM t%d_live ORDER BY v".formatted(i);
        assertThat(cases.get(i).toString(), warehouse.query(live), contains("v2w2", "v4w3"));
        write(writer, table.delete(5, one + "}"));
        assertThat(cases.get(i).toString(), warehouse.query(live), contains("v2w2"));
      }
    }
  }

  private static void write(BatchWriter writer, ChangeEvent... events) {
    for (ChangeEvent event : events) {
      assertThat(writer.write(new ArrayList<>(List.of(event))).refused(), is(empty()));
    }
  }
}
