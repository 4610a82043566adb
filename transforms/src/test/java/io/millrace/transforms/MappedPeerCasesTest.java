package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
