package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Route;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.RowPeerCases.PeerCase;
import io.millrace.transforms.RowPeerCases.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of other projects in which changes come as rows in JSON (Canal, Maxwell, GoldenGate,
 * Kafka Connect, rows beside keys), where these lie beside the project in {@code
 * ../shared/peercases}; skipped where they do not.
 */
@EnabledIf(
    value = "io.millrace.transforms.PeerFiles#areThere",
    disabledReason = "no ../shared/peercases beside the project")
class RowPeerCasesTest {
  private static Replication replication;

  @BeforeAll
  static void startWarehouse() throws Exception {
    replication = Replication.start("row-peers");
  }

  @AfterAll
  static void stopWarehouse() {
    if (replication != null) {
      replication.close();
    }
  }

  static Stream<Arguments> casesOnEveryRunner() {
    return RowPeerCases.ALL.stream()
        .flatMap(peerCase -> Stream.of(TestRunner.values()).map(on -> Arguments.of(peerCase, on)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casesOnEveryRunner")
  void rowsAreThoseThatTheOtherProjectAsserts(PeerCase peerCase, TestRunner runner)
      throws Exception {
    String table = peerCase.name() + "_" + runner.name().toLowerCase(Locale.ROOT);
    long offset = 0;
    for (Step step : peerCase.steps()) {
      List<RecordBlock> records = records(step, offset);
      replicate(runner, table, peerCase, step, records);
      offset += records.size();
      assertRows(table, step);
    }
  }

  static Stream<PeerCase> cases() {
    return RowPeerCases.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsAreTheSameHoweverTheRecordsArrive(PeerCase peerCase) throws Exception {
    String table = peerCase.name() + "_reversed";
    long offset = 0;
    for (Step step : peerCase.steps()) {
      List<RecordBlock> records = new ArrayList<>(records(step, offset));
      offset += records.size();
      Collections.reverse(records);
      records.addAll(List.copyOf(records));
      replicate(TestRunner.DIRECT, table, peerCase, step, records);
      assertRows(table, step);
    }
  }

  private static void replicate(
      TestRunner runner, String table, PeerCase peerCase, Step step, List<RecordBlock> records) {
    Contract contract = contract(table, step.table(), peerCase.columns());
    replication.run(runner, contract, step.format(), records.toArray(RecordBlock[]::new));
  }

  private static Contract contract(String name, String source, String columns) {
    if (source.contains("*")) {
      return contract(name, name, columns).withRoutes(List.of(Route.parse(source + ":" + name)));
    }
    return Contract.parse(
        """
        apiVersion: v3.0.2
        kind: DataContract
        id: peers
        version: 1.0.0
        status: active
        schema:
          - name: %s
            physicalName: %s
            properties:
        %s"""
            .formatted(name, source, columns.indent(6)),
        name);
  }

  /** The step's records, a block each; a line may be a key, a caret and a value or none. */
  private static List<RecordBlock> records(Step step, long firstOffset) throws IOException {
    boolean keyed = step.format() == ChangeFormat.UPSERT;
    List<RecordBlock> blocks = new ArrayList<>();
    for (String line : PeerFiles.records(file(step))) {
      if (line.startsWith("{\"$schema\"") || line.startsWith("{\"type\":\"record\"")) {
        continue; // Tells of the lines behind it.
      }
      int caret = keyed ? line.indexOf('^') : -1;
      byte[] key = caret < 0 ? null : line.substring(0, caret).getBytes(StandardCharsets.UTF_8);
      byte[] value = line.substring(caret + 1).getBytes(StandardCharsets.UTF_8);
      RecordBlock.Writer block = new RecordBlock.Writer(1 << 10);
      block.add(
          firstOffset + blocks.size(),
          0,
          0,
          key,
          value.length == 0 ? null : value,
          0,
          value.length);
      blocks.add(RecordBlock.of(RowPeerCases.TOPIC, 0, block.take()));
    }
    return blocks;
  }

  private static String file(Step step) throws IOException {
    if (!step.records().isEmpty()) {
      return step.records();
    }
    String place = step.rows().replace("/expect/rows", "/write/0/file");
    String file = PeerFiles.json(step.rowsIn()).at(place).asText();
    return "paimon/data/" + file.replace(".txt", ".jsonl");
  }

  /** PostgreSQL itself reads the expected rows as rows of the table, and compares. */
  private static void assertRows(String table, Step step) throws Exception {
    boolean isTold = step.rowsIn().startsWith("[");
    JsonNode rows =
        isTold
            ? new ObjectMapper().readTree(step.rowsIn())
            : PeerFiles.json(step.rowsIn()).at(step.rows());
    if (rows.isEmpty()) {
      assertThat("some were there", replication.query("SELECT * FROM " + table), is(not(empty())));
      assertThat(replication.query("SELECT * FROM " + table + "_live"), is(empty()));
      return;
    }
    List<String> columns = new ArrayList<>();
    rows.get(0).fieldNames().forEachRemaining(name -> columns.add('"' + target(name) + '"'));
    String select = "SELECT " + String.join(", ", columns) + " FROM ";
    String found = select + table + (step.live() ? "_live" : "");
    String wanted =
        select
            + "json_populate_recordset(NULL::"
            + table
            + ", '"
            + expected(rows).replace("'", "''")
            + "')";
    assertThat(replication.query(found + " EXCEPT " + wanted), is(empty()));
    assertThat(replication.query(wanted + " EXCEPT " + found), is(empty()));
  }

  /** No target's name begins with an underscore. */
  private static String target(String name) {
    return name.startsWith("_") ? name.substring(1) : name;
  }

  /** Rows with the target's names, and with PostgreSQL's form of Paimon's lists of bytes. */
  private static String expected(JsonNode rows) {
    List<String> written = new ArrayList<>();
    for (JsonNode row : rows) {
      ObjectNode named = JsonNodeFactory.instance.objectNode();
      row.fields()
          .forEachRemaining(
              field -> named.set(target(field.getKey()), bytesInHex(field.getValue())));
      written.add(named.toString());
    }
    return written.toString();
  }

  private static JsonNode bytesInHex(JsonNode value) {
    if (!value.asText().startsWith("[")) {
      return value;
    }
    String[] numbers = value.asText().replaceAll("[\\[\\] ]", "").split(",", -1);
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Byte.parseByte(numbers[i]);
    }
    return JsonNodeFactory.instance.textNode("\\x" + HexFormat.of().formatHex(bytes));
  }
}
