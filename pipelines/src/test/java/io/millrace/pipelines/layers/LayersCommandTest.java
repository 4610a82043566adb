package io.millrace.pipelines.layers;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code layers} of a contract with one table of each kind. */
class LayersCommandTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: segments
          customProperties:
            - {property: kind, value: view}
            - {property: query, value: "SELECT c.segment, count(*) AS orders FROM orders o JOIN customers c ON c.id = o.customer GROUP BY c.segment"}
          properties:
            - {name: segment, physicalType: text, primaryKey: true}
            - {name: orders, physicalType: bigint}
        - name: orders
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: customer, physicalType: bigint}
        - name: customers
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: segment, physicalType: text}
        - name: visits
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: at, physicalType: timestamptz}
        - name: visitors
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: visits}
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
      """;

  @TempDir Path directory;

  private CommandLine layers(String contract, String... more) throws IOException {
    Path file = Files.writeString(directory.resolve("shop.odcs.yaml"), contract);
    String[] arguments = new String[more.length + 2];
    arguments[0] = "layers";
    arguments[1] = "--contract=" + file;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return CommandLine.run(TestRunner.DIRECT, arguments);
  }

  @Test
  void eachTableStandsInItsLayerWithWhatItReadsAndItsCommand() throws Exception {
    CommandLine shown = layers(CONTRACT);
    assertThat(shown.err(), shown.exitCode(), is(ExitCode.OK));
    assertThat(
        shown.out().replace(directory.toString() + "/", ""),
        is(
            """
            bronze
              visits (event) reads the landing
                  ./millrace replicate --format=events --fromLanding=DIR --kafkaTopics=TOPICS --lake=DIR --contract=shop.odcs.yaml
            silver
              orders (table) reads the landing
                  ./millrace replicate --fromLanding=DIR --kafkaTopics=TOPICS --contract=shop.odcs.yaml --targetVersion=N
              customers (table) reads the landing
                  ./millrace replicate --fromLanding=DIR --kafkaTopics=TOPICS --contract=shop.odcs.yaml --targetVersion=N
              visitors (entity) reads visits
                  ./millrace evolve --fromLake=DIR --contract=shop.odcs.yaml --targetVersion=N
            gold
              segments (view) reads orders, customers
                  ./millrace denormalize --fromLanding=DIR --kafkaTopics=TOPICS --contract=shop.odcs.yaml --targetVersion=N
            """));
  }

  @Test
  void topicsAreLeftOutWhereThereAreChangesOnly() throws Exception {
    String changes = CONTRACT.substring(0, CONTRACT.indexOf("  - name: visits"));
    assertThat(
        layers(changes).out(),
        containsString("./millrace replicate --fromLanding=DIR --contract="));
  }

  @Test
  void aTableThatTheContractCallsBronzeIsMadeInALake() throws Exception {
    CommandLine shown =
        layers(
            CONTRACT.replace(
                "  - name: customers\n",
                "  - name: customers\n    customProperties: [{property: layer, value: bronze}]\n"));
    assertThat(
        shown.out().replace(directory.toString() + "/", ""),
        startsWith(
            """
            bronze
              customers (table) reads the landing
                  ./millrace replicate --fromLanding=DIR --kafkaTopics=TOPICS --lake=DIR --contract=shop.odcs.yaml
              visits (event)"""));
  }

  @Test
  void theSameAsJson() throws Exception {
    CommandLine shown = layers(CONTRACT, "--json");
    assertThat(shown.err(), shown.exitCode(), is(ExitCode.OK));
    assertThat(
        shown.out().replaceAll("\\s+", " "),
        allOf(
            containsString(
                "{ \"table\" : \"visits\", \"kind\" : \"event\", \"layer\" : \"bronze\", \"reads\" :"
                    + " [ ], \"command\" : \"./millrace replicate --format=events"),
            containsString("\"reads\" : [ \"orders\", \"customers\" ]")));
  }

  @Test
  void whatIsWrongIsTheUsersInput() throws Exception {
    CommandLine circle =
        layers(
            CONTRACT.replace(
                "  - name: customers\n",
                "  - name: customers\n    customProperties: [{property: reads, value: customers}]\n"));
    assertThat(circle.exitCode(), is(ExitCode.INPUT));
    assertThat(circle.err(), containsString("circle: customers reads customers"));
    CommandLine query = layers(CONTRACT.replace("c.segment, count", "c.tier, count"));
    assertThat(query.exitCode(), is(ExitCode.INPUT));
    assertThat(query.err(), containsString("view segments: "));
  }
}
