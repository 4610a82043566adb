package io.millrace.pipelines.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the launcher says to a command line that cannot be, and with which exit code. */
class LauncherTest {
  private static final String NOWHERE = "jdbc:postgresql://localhost:1/warehouse";

  @TempDir Path directory;
  private Path contract;
  private Path input;

  @BeforeEach
  void writeFiles() throws Exception {
    contract =
        Files.writeString(
            directory.resolve("shop.odcs.yaml"),
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: shop
            version: 1.0.0
            status: active
            schema:
              - name: items
                physicalName: public.items
                properties:
                  - {name: id, physicalType: bigint, primaryKey: true}
            """);
    input = Files.writeString(directory.resolve("changes.jsonl"), "");
  }

  @Test
  void atomicTransactionsAreRefusedWithTheReason() {
    assertRefused(
        "--atomicTransactions cannot be kept: the changes of a transaction are spread over workers"
            + " by their keys, and each writes its own in transactions of its own. Leave it out;"
            + " where whole transactions matter, read what _millrace.progress has passed:"
            + " rows whose _committed_at is not after its committed_at",
        "replicate",
        "--atomicTransactions=true",
        "--input=" + input,
        "--contract=" + contract,
        "--warehouseUrl=" + NOWHERE);
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearestName() {
    assertRefused(
        "--contarct is not an option of replicate; did you mean --contract?",
        "replicate",
        "--contarct=shop.odcs.yaml");
  }

  @Test
  void anUnknownCommandIsRefusedWithTheNearestName() {
    assertRefused("there is no command 'replicat'; did you mean replicate?", "replicat");
  }

  @Test
  void anOptionOfAnotherRunnerIsNoOption() {
    assertRefused(
        "--numWorkersForThis is not an option of replicate; 'help replicate' lists its options",
        "replicate",
        "--numWorkersForThis=4");
  }

  @Test
  void aMissingOptionIsNamed() {
    assertRefused("replicate also needs --contract=FILE; see 'help replicate'", "replicate");
    assertRefused("lake also needs --lake=DIR; see 'help lake'", "lake");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --deletes=never         | --deletes must be soft or hard, got 'never'
          --buckets=0        | --buckets must be a whole number from 1 to 32,768, got '0'
          --buckets=many     | --buckets must be a whole number from 1 to 32,768, got 'many'
          --verbose=maybe         | --verbose must be true or false, got 'maybe'
          --warehouseUser=        | --warehouseUser is empty
          --warehouseUser         | --warehouseUser needs a value: --warehouseUser=NAME
          --stateLayout=avro      | --stateLayout must be bucket or row, got 'avro'
          --kafkaStart=yesterday  | changes come either from --input or from Kafka, and options of both are given
          --schemaRegistry=shop   | --schemaRegistry: the schema registry's URL must be such as http://localhost:8081
          --schemaRegistryUser=me | --schemaRegistry=URL is missing; its user or password is given
          input.jsonl             | 'input.jsonl' is not an option; options are written --name=value
          --input=other.jsonl     | --input is given twice
          --runner=flink          | this program runs pipelines on direct, not on 'flink'; each runner is a program of its own, which './millrace --runner=...' chooses
          """)
  void aWrongValueIsRefused(String argument, String message) {
    String[] kafka =
        argument.contains("kafka")
            ? new String[] {"--kafkaTopics=a", argument}
            : new String[] {argument};
    assertRefused(message, replicate(kafka));
  }

  @Test
  void aSchemaRegistryMustBeThereAndOfUse() {
    String registry = "--schemaRegistry=http://localhost:1";
    assertRefused(
        "--schemaRegistryUser=NAME and --schemaRegistryPassword=file:PATH or env:NAME are given"
            + " both or not at all",
        replicate(registry, "--schemaRegistryUser=me"));
    assertRefused(
        "--schemaRegistry is for --format=debezium, connect_jdbc (any rows in Avro) and events,"
            + " not for changes",
        replicate(registry, "--format=changes"));
    CommandLine run = run(replicate(registry));
    assertThat(run.err(), run.exitCode(), is(ExitCode.WORLD));
    assertThat(
        run.err(), containsString("the schema registry at http://localhost:1 cannot be reached"));
  }

  @Test
  void eventsAreReadOnlyByAContractThatHasSome() {
    CommandLine run = run(replicate("--format=events"));
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(
        run.err(), containsString("shop.odcs.yaml, which has none; mark them with the custom"));
  }

  @Test
  void valuesOfEnumerationsMayBeInAnyCase() {
    CommandLine run = run(replicate("--deletes=Hard", "--runner=DirectRunner"));
    assertThat(run.err(), run.exitCode(), is(ExitCode.WORLD));
  }

  @Test
  void thereMustBeASource() {
    assertRefused(
        "nothing says where the changes are; give --input=FILES, or"
            + " --kafkaBootstrapServers=HOST:PORT and --kafkaTopics=TOPIC,...",
        "replicate",
        "--contract=" + contract,
        "--warehouseUrl=" + NOWHERE);
  }

  @Test
  void kafkaNeedsBrokersAndTopics() {
    assertRefused(
        "Kafka also needs --kafkaBootstrapServers=HOST:PORT,...", kafka("--kafkaTopics=a"));
    assertRefused(
        "Kafka needs either --kafkaTopics=TOPIC,... or --kafkaTopicPattern=REGEX",
        kafka("--kafkaBootstrapServers=localhost:1"));
    assertRefused(
        "--kafkaStart must be earliest, latest, a time with its offset such as"
            + " 2026-05-01T00:00:00Z, or offsets such as orders/0=1200,orders/1=1187, got 'yesterday'",
        kafka("--kafkaBootstrapServers=localhost:1", "--kafkaTopics=a", "--kafkaStart=yesterday"));
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused(
        "--contract: there is no file nowhere.yaml",
        "replicate",
        "--input=" + input,
        "--contract=nowhere.yaml",
        "--warehouseUrl=" + NOWHERE);
  }

  @Test
  void missingInputIsNamedBeforeTheWarehouseIsTouched() {
    assertRefused(
        "No file matches " + directory + "/*.gz",
        "replicate",
        "--input=" + directory + "/*.gz",
        "--contract=" + contract,
        "--warehouseUrl=" + NOWHERE);
  }

  @Test
  void everyFaultOfAContractIsTold() throws Exception {
    Files.writeString(contract, "apiVersion: v2.2.0\nkind: DataContract\n");
    CommandLine run = run(replicate());
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(
        run.err(),
        allOf(
            startsWith("error: " + contract + " is not a valid data contract:\n"),
            containsString("\n  - apiVersion is 'v2.2.0'; supported is ODCS v3, such as v3.0.2\n"),
            containsString("\n  - id is missing; the standard requires it\n")));
  }

  @Test
  void aPasswordOnTheCommandLineIsRefusedAndNotRepeated() {
    CommandLine run = run(replicate("--warehousePassword=hunter2"));
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("file:PATH or env:NAME"));
    assertThat(run.err(), not(containsString("hunter2")));
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://me:hunter2@localhost/x",
    "jdbc:postgresql://localhost/x?password=hunter2",
    "jdbc:postgresql://localhost/x?ssl=true&sslPassword=hunter2"
  })
  void aPasswordInTheUrlIsRefusedAndNotRepeated(String url) {
    CommandLine run =
        run("replicate", "--input=" + input, "--contract=" + contract, "--warehouseUrl=" + url);
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("--warehousePassword=file:PATH or env:NAME"));
    assertThat(run.err(), not(containsString("hunter2")));
  }

  @Test
  void aPasswordThatIsNotWhereItIsSaidToBeIsTheUsersInput() {
    assertRefused(
        "--warehousePassword: the password's environment variable NO_SUCH_VARIABLE is not set here",
        replicate("--warehousePassword=env:NO_SUCH_VARIABLE"));
    assertThat(
        run(replicate("--warehousePassword=file:/no/such/file")).exitCode(), is(ExitCode.INPUT));
  }

  @Test
  void anUnreachableDatabaseIsTheWorlds() {
    CommandLine run = run(replicate());
    assertThat(run.exitCode(), is(ExitCode.WORLD));
    assertThat(run.err(), allOf(startsWith("error: "), containsString(NOWHERE)));
    assertThat("one line: " + run.err(), run.err().lines().count(), is(1L));
  }

  @Test
  void unreachableBrokersAreTheWorlds() {
    CommandLine run = run(kafka("--kafkaBootstrapServers=localhost:1", "--kafkaTopics=a"));
    assertThat(run.exitCode(), is(ExitCode.WORLD));
    assertThat(run.err(), allOf(startsWith("error: "), containsString("localhost:1")));
    assertThat("one line: " + run.err(), run.err().lines().count(), is(1L));
  }

  @Test
  void verboseShowsTheWholeError() {
    CommandLine run = run(replicate("--verbose"));
    assertThat(run.err(), containsString("\tat io.millrace."));
  }

  @Test
  void theVersionsAreTold() {
    assertThat(
        run("version").out(),
        allOf(startsWith("Millrace "), containsString("Apache Beam 2."), containsString("Java ")));
  }

  private String[] replicate(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replicate",
                "--input=" + input,
                "--contract=" + contract,
                "--warehouseUrl=" + NOWHERE,
                "--deadLetters=" + directory.resolve("dead")));
    arguments.addAll(Arrays.asList(more));
    return arguments.toArray(new String[0]);
  }

  private String[] kafka(String... more) {
    List<String> arguments = new ArrayList<>(Arrays.asList(replicate(more)));
    arguments.remove("--input=" + input);
    return arguments.toArray(new String[0]);
  }

  private static CommandLine run(String... arguments) {
    return CommandLine.run(TestRunner.DIRECT, arguments);
  }

  private static void assertRefused(String message, String... arguments) {
    CommandLine run = run(arguments);
    assertThat(run.err(), is("error: " + message + System.lineSeparator()));
    assertThat(run.exitCode(), is(ExitCode.INPUT));
  }
}
