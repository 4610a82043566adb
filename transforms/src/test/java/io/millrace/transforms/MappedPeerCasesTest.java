package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The cases of other projects that map a source's names and rows onto tables, where these lie
 * beside the project in {@code ../shared/peercases}; skipped where they do not.
 */
@EnabledIf(value = "casesAreThere", disabledReason = "no ../shared/peercases beside the project")
class MappedPeerCasesTest {
  private static final Path CASES = projectRoot().resolveSibling("shared").resolve("peercases");

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
  @EnumSource(TestRunner.class)
  void paimonsComputedAndMetadataColumns(TestRunner runner) throws Exception {
    String table = name("paimon_metadata", runner);
    Contract contract =
        Contract.parse(
            HEAD
                + """
                  - name: %s
                    physicalName: test.product
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
            "metadata columns");
    replication.run(
        runner,
        contract,
        ChangeFormat.DEBEZIUM,
        Replication.topic(
            "metadata_column",
            placed(paimon("debezium/table/metadatacolumn/debezium-data-1.jsonl"))));
    assertThat(
        replication.query(
            "SELECT id, date, year, kafka_topic, kafka_offset, kafka_partition, kafka_timestamp"
                + " AT TIME ZONE 'UTC' FROM "
                + table
                + "_live"),
        contains("101|2023-03-23|2023|metadata_column|0|0|2026-01-01 00:00:00"));
  }

  private static List<String> paimon(String file) throws IOException {
    return Files.readAllLines(CASES.resolve("paimon/data/kafka").resolve(file));
  }

  /** Events that have a place in the binlog; Paimon's have none, which Millrace rejects. */
  private static List<String> placed(List<String> events) {
    List<String> placed = new ArrayList<>();
    for (String event : events) {
      placed.add(
          event.replace(
              "\"file\": \"\", \"pos\": 0",
              "\"file\": \"bin.1\", \"pos\": " + (placed.size() + 1)));
    }
    return placed;
  }
}
