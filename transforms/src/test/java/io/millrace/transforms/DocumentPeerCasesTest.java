package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RisingWave's case of MongoDB's documents, where it lies beside the project in {@code
 * ../shared/peercases}; skipped where it does not.
 */
@EnabledIf(
    value = "io.millrace.transforms.PeerFiles#areThere",
    disabledReason = "no ../shared/peercases beside the project")
class DocumentPeerCasesTest {
  private static Replication replication;

  @BeforeAll
  static void startWarehouse() throws Exception {
    replication = Replication.start("documents");
  }

  @AfterAll
  static void stopWarehouse() {
    if (replication != null) {
      replication.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"DIRECT, 0", "DIRECT, 1", "FLINK_BATCH, 0", "FLINK_BATCH, 1", "FLINK_STREAMING, 0"})
  void documentsWithAndWithoutSchemaGiveTheSameRows(TestRunner runner, int input) throws Exception {
    JsonNode peerCase = peerCase("debezium_mongo");
    String table = "documents_" + input + "_" + runner.name().toLowerCase(Locale.ROOT);
    Contract contract =
        Contract.parse(
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: peers
            version: 1.0.0
            status: active
            schema:
              - name: %s
                physicalName: inventory.customers
                properties:
                  - {name: id, physicalName: _id, physicalType: bigint, primaryKey: true}
                  - {name: first_name, physicalType: text}
                  - {name: last_name, physicalType: text}
                  - {name: email, physicalType: text}
            """
                .formatted(table),
            table);
    String file = peerCase.get("inputs").get(input).asText();
    replication.run(
        runner,
        contract,
        ChangeFormat.DEBEZIUM,
        Replication.file(PeerFiles.path("risingwave/" + file), false));
    String found = "SELECT id, first_name, last_name, email FROM " + table + "_live";
    String wanted =
        "SELECT r.\"_id\", r.first_name, r.last_name, r.email FROM json_to_recordset('"
            + peerCase.get("expected_final_state")
            + "') AS r(\"_id\" bigint, first_name text, last_name text, email text)";
    assertThat(replication.query(found + " EXCEPT " + wanted), is(empty()));
    assertThat(replication.query(wanted + " EXCEPT " + found), is(empty()));
  }

  private static JsonNode peerCase(String name) throws Exception {
    for (JsonNode found : PeerFiles.json("risingwave/expected.json")) {
      if (found.get("case").asText().equals(name)) {
        return found;
      }
    }
    throw new AssertionError("no case " + name);
  }
}
