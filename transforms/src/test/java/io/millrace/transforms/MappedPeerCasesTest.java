package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Route;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.ParseChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The cases of other projects that map a source's names and rows onto tables, where these lie
 * beside the project in {@code ../shared/peercases}; skipped where they do not.
 */
@EnabledIf(value = "casesAreThere", disabledReason = "no ../shared/peercases beside the project")
class MappedPeerCasesTest {
  private static final Path CASES = projectRoot().resolveSibling("shared").resolve("peercases");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String HEAD =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: peers
      version: 1.0.0
      status: active
      schema:
      """;

  private static Replication replication;

  static boolean casesAreThere() {
    return Files.isDirectory(CASES);
  }

  private static Path projectRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  @BeforeAll
  static void startWarehouse() throws Exception {
    replication = Replication.start("mapped-peers");
  }

  @AfterAll
  static void stopWarehouse() {
    if (replication != null) {
      replication.close();
    }
  }

  private static String name(String name, TestRunner runner) {
    return name + "_" + runner.name().toLowerCase(Locale.ROOT);
  }

  /** RisingWave's table has its columns in lower case, the events have them in upper case. */
  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void risingWavesColumnsInAnotherCase(TestRunner runner) throws Exception {
    String table = name("lineitem", runner);
    Contract contract =
        Contract.parse(
            HEAD
                + """
                  - name: %s
                    physicalName: mydb.lineitem
                    customProperties:
                      - {property: caseInsensitive, value: true}
                    properties:
                      - {name: l_orderkey, physicalType: bigint, primaryKey: true}
                      - {name: l_linenumber, physicalType: integer, primaryKey: true}
                      - {name: l_extendedprice, physicalType: "numeric(15,2)"}
                      - {name: l_shipdate, physicalType: date}
                """
                    .formatted(table),
            "lineitem");
    replication.run(
        runner,
        contract,
        ChangeFormat.DEBEZIUM,
        Replication.file(
            CASES.resolve("risingwave/test_data/debezium_ignore_case_json.txt"), false));
    assertThat(
        replication.query(
            "SELECT l_orderkey, l_extendedprice, l_shipdate FROM " + table + "_live ORDER BY 1, 2"),
        contains(
            "56165|55828.11|1992-06-22", "56166|4830.25|1993-09-15", "56166|19378.81|1993-11-07"));
  }

  /** Paimon's columns begin with an underscore, which a contract maps; it knows no type of time. */
  @ParameterizedTest
  @CsvSource({
    "debezium, DEBEZIUM",
    "maxwell, MAXWELL",
    "canal, CANAL",
    "ogg, OGG",
    "aws-dms, AWS_DMS"
  })
  void paimonsComputedAndMetadataColumns(String name, ChangeFormat format) throws Exception {
    for (TestRunner runner : TestRunner.values()) {
      paimonsComputedAndMetadataColumns(runner, name, format);
    }
  }

  private static void paimonsComputedAndMetadataColumns(
      TestRunner runner, String name, ChangeFormat format) throws Exception {
    String table = name("metadata_" + format.name().toLowerCase(Locale.ROOT), runner);
    Contract contract =
        Contract.parse(
                HEAD
                    + """
                  - name: %s
                    properties:
                      - {name: id, physicalName: _id, physicalType: text, primaryKey: true}
                      - {name: date, physicalName: _date, physicalType: text}
                      - {name: year, physicalType: integer, primaryKey: true, transformLogic: year(_date)}
                      - {name: kafka_topic, physicalType: text, customProperties: [{property: metadata, value: topic}]}
                      - {name: kafka_offset, physicalType: bigint, customProperties: [{property: metadata, value: offset}]}
                      - {name: kafka_partition, physicalType: integer, customProperties: [{property: metadata, value: partition}]}
                      - {name: kafka_timestamp, physicalType: timestamptz(3), customProperties: [{property: metadata, value: timestamp}]}
                """
                        .formatted(table),
                "metadata columns")
            .withRoutes(List.of(Route.parse(".*:" + table)));
    replication.run(
        runner,
        contract,
        format,
        Replication.topic(
            "metadata_column",
            placed(paimon(name + "/table/metadatacolumn/" + name + "-data-1.jsonl"))));
    assertThat(
        replication.query(
            "SELECT id, date, year, kafka_topic, kafka_offset, kafka_partition, kafka_timestamp"
                + " AT TIME ZONE 'UTC' FROM "
                + table
                + "_live"),
        contains("101|2023-03-23|2023|metadata_column|0|0|2026-01-01 00:00:00"));
  }

  /** Both tables hold what Paimon expects of them after the last step. */
  @ParameterizedTest
  @CsvSource({
    "debezium, DEBEZIUM",
    "maxwell, MAXWELL",
    "canal, CANAL",
    "ogg, OGG",
    "aws-dms, AWS_DMS"
  })
  void paimonsTableNamesHavePrefixAndSuffix(String name, ChangeFormat format) throws Exception {
    JsonNode steps =
        JSON.readTree(
                CASES
                    .resolve("paimon/cases/" + name + "-database-testTableAffixOneTopic.json")
                    .toFile())
            .get("steps");
    List<String> records = new ArrayList<>();
    Map<String, JsonNode> expected = new TreeMap<>();
    for (JsonNode step : steps) {
      for (JsonNode write : step.get("write")) {
        records.addAll(paimon(write.get("file").asText().replaceFirst("kafka/(.*)txt", "$1jsonl")));
      }
      expected.put(step.get("expect").get("table").asText(), step.get("expect"));
    }
    for (TestRunner runner : TestRunner.values()) {
      String schema = name(format.name().toLowerCase(Locale.ROOT), runner);
      Contract contract = affixed(expected);
      replication.run(
          runner,
          schema,
          contract,
          ParseChanges.as(format, contract),
          Replication.topic("prefix_suffix", placed(records)));
      for (Map.Entry<String, JsonNode> table : expected.entrySet()) {
        assertThat(
            runner + " " + table.getKey(),
            replication.query(
                "SELECT to_jsonb(t) FROM " + schema + "." + table.getKey() + "_live AS t"),
            containsInAnyOrder(rows(table.getValue())));
      }
    }
  }

  private static Contract affixed(Map<String, JsonNode> expected) {
    StringBuilder yaml = new StringBuilder(HEAD);
    expected.forEach(
        (name, table) -> {
          String bare = name.replace("test_prefix_", "").replace("_test_suffix", "");
          yaml.append("  - name: ").append(bare);
          yaml.append("\n    customProperties: [{property: withoutKey, value: append}]");
          yaml.append("\n    properties:\n");
          String keys = table.get("primary_key").toString();
          for (JsonNode column : table.get("columns")) {
            yaml.append("      - {name: ").append(column.asText()).append(", physicalType: text");
            yaml.append(", primaryKey: ").append(keys.contains(column.toString())).append("}\n");
          }
        });
    return Contract.parse(yaml.toString(), "affixed")
        .withTableAffixes("test_prefix_", "_test_suffix");
  }

  /** The rows as PostgreSQL writes them, with the shorter names first. */
  private static String[] rows(JsonNode table) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : table.get("rows")) {
      List<String> fields = new ArrayList<>();
      row.fields()
          .forEachRemaining(field -> fields.add('"' + field.getKey() + "\": " + field.getValue()));
      fields.sort(Comparator.comparing((String field) -> field.indexOf(':')).thenComparing(f -> f));
      rows.add("{" + String.join(", ", fields) + "}");
    }
    return rows.toArray(new String[0]);
  }

  private static List<String> paimon(String file) throws IOException {
    return Files.readAllLines(CASES.resolve("paimon/data/kafka").resolve(file));
  }

  /**
   * Events with a place of their own: Paimon's of Debezium have none, which Millrace rejects, and
   * those of GoldenGate have that of an earlier one, which Millrace takes for the same change.
   */
  private static List<String> placed(List<String> events) {
    List<String> placed = new ArrayList<>();
    for (String event : events) {
      int place = placed.size() + 1;
      placed.add(
          event
              .replace("\"file\": \"\", \"pos\": 0", "\"file\": \"bin.1\", \"pos\": " + place)
              .replaceFirst("\"pos\":\"\\d+\"", "\"pos\":\"" + place + "\""));
    }
    return placed;
  }
}
