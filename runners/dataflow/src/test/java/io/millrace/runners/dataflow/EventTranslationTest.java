package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.detect.DetectCommand;
import io.millrace.pipelines.evolve.EvolveCommand;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.summarize.SummarizeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipelines of business events as Dataflow would get them, without a network. That a job runs
 * there is not shown.
 *
 * <p>{@code src/test/resources/steps} has the steps of each ({@code -topics} and {@code -files}),
 * and what its steps keep ({@code -states}): names of cells and timers, and coders. A running job
 * can be updated only while these stay. Where they must change, {@code ./mvnw test -pl
 * runners/dataflow -am -Dtest=EventTranslationTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dmillrace.steps=write} writes them anew, and the changelog tells users.
 */
@Timeout(120)
class EventTranslationTest {
  private static final String CONSUMER_SECRET = "abracadabra";
  private static final String PRODUCER_SECRET = "hocuspocus";

  @TempDir Path directory;
  private Path contract;
  private Path rules;
  private Path input;
  private Path consumer;
  private Path producer;

  @BeforeEach
  void writeFiles() throws IOException {
    contract =
        Files.writeString(
            directory.resolve("contract.yaml"),
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: shop
            version: 1.0.0
            status: active
            schema:
              - name: payments
                physicalName: payment
                customProperties:
                  - {property: kind, value: event}
                  - {property: eventTime, value: at}
                properties:
                  - {name: id, physicalType: text, primaryKey: true}
                  - {name: at, physicalType: timestamptz}
                  - {name: card, physicalType: text}
                  - {name: amount, physicalType: "numeric(12,2)"}
              - name: hours
                physicalName: gold.hours
                customProperties:
                  - {property: kind, value: summary}
                  - {property: from, value: payments}
                  - {property: windows, value: tumbling PT1H}
                properties:
                  - name: window_start
                    physicalType: timestamptz
                    primaryKey: true
                    customProperties: [{property: value, value: window_start}]
                  - name: amount
                    physicalType: numeric(20,2)
                    customProperties: [{property: value, value: sum(amount)}]
              - name: visits
                physicalName: gold.visits
                customProperties:
                  - {property: kind, value: summary}
                  - {property: from, value: payments}
                  - {property: windows, value: sessions PT30M}
                properties:
                  - {name: card, physicalType: text, primaryKey: true, primaryKeyPosition: 1}
                  - name: window_start
                    physicalType: timestamptz
                    primaryKey: true
                    primaryKeyPosition: 2
                    customProperties: [{property: value, value: window_start}]
                  - name: payments
                    physicalType: bigint
                    customProperties: [{property: value, value: count}]
              - name: cards
                physicalName: gold.cards
                customProperties:
                  - {property: kind, value: entity}
                  - {property: from, value: payments}
                properties:
                  - {name: card, physicalType: text, primaryKey: true}
                  - name: amount
                    physicalType: numeric(20,2)
                    customProperties: [{property: value, value: last(amount)}]
              - name: alerts
                physicalName: risk.alerts
                customProperties:
                  - {property: kind, value: alerts}
                  - {property: from, value: payments}
                properties:
                  - {name: id, physicalType: text, primaryKey: true}
                  - {name: rule, physicalType: text}
            """);
    rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            rules:
              - name: testing
                event: payments
                key: card
                pattern:
                  steps: [{name: small, where: amount < 2}, {name: large, where: amount > 500}]
                  within: PT10M
              - {name: velocity, event: payments, key: card, velocity: {moreThan: 5, within: PT1M}}
              - {name: unusual, event: payments, key: card, deviation: {of: amount}}
            """);
    input = Files.writeString(directory.resolve("events.jsonl"), "{}\n");
    consumer = secret("consumer", CONSUMER_SECRET);
    producer = secret("producer", PRODUCER_SECRET);
  }

  @Test
  void summarizeFromTopics() throws Exception {
    Translation translated = fromTopics(new SummarizeCommand());
    assertThat(
        translated.coders("hoursAggregate/Pack"),
        is(Set.of("KvCoder[VarIntCoder, ByteArrayCoder]")));
  }

  @Test
  void summarizeFromFiles() throws Exception {
    fromFiles(new SummarizeCommand());
  }

  @Test
  void evolveFromTopics() throws Exception {
    Translation translated = fromTopics(new EvolveCommand());
    assertThat(
        translated.coders("cardsEvolve/Evolve"),
        is(
            Set.of(
                "KvCoder[ByteArrayCoder, BusinessEventCoder]",
                "KvCoder[ByteArrayCoder, EvolvedCoder]")));
  }

  @Test
  void evolveFromFiles() throws Exception {
    fromFiles(new EvolveCommand());
  }

  @Test
  void detectFromTopics() throws Exception {
    Translation translated =
        fromTopics(
            new DetectCommand(),
            "--rules=" + rules,
            "--resultsTopic=alerts",
            "--resultsKafkaProperties=" + producer);
    assertThat(translated.coders("paymentsAllAlerts"), is(Set.of("AlertCoder")));
  }

  @Test
  void detectFromFiles() throws Exception {
    fromFiles(new DetectCommand(), "--rules=" + rules);
  }

  private <O extends PipelineOptions> Translation fromTopics(
      PipelineCommand<O> command, String... more) throws IOException {
    Translation translated =
        translate(
            command,
            List.of(
                "--kafkaBootstrapServers=kafka.example.com:9092",
                "--kafkaTopics=payments",
                "--kafkaProperties=" + consumer,
                "--kafkaGroup=millrace",
                "--dropDuplicates=60"),
            more);
    translated.assertSteps(command.name() + "-topics");
    translated.assertStates(command.name() + "-states");
    assertThat(translated.coders("Read/Blocks"), is(Set.of("RecordBlockCoder")));
    assertThat(translated.leaves(), hasItem(containsString("ViaUnbounded")));
    check(translated);
    return translated;
  }

  private <O extends PipelineOptions> void fromFiles(PipelineCommand<O> command, String... more)
      throws IOException {
    Translation translated = translate(command, List.of("--input=" + input), more);
    translated.assertSteps(command.name() + "-files");
    assertThat(translated.coders("Read/Read"), is(Set.of("RecordBlockCoder")));
    check(translated);
  }

  private <O extends PipelineOptions> Translation translate(
      PipelineCommand<O> command, List<String> source, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--run=test", "--deadLetters=gs://bucket/letters"));
    arguments.addAll(source);
    arguments.addAll(List.of(more));
    return Translation.of(command, directory, contract, arguments.toArray(new String[0]));
  }

  private static void check(Translation translated) throws IOException {
    assertThat(
        translated.coders("paymentsEvents/ParDo(Anonymous)"), is(Set.of("BusinessEventCoder")));
    assertThat(
        translated.coders("Parse/Parse"),
        is(
            Set.of(
                "BusinessEventCoder",
                "DeadLetterCoder",
                "KvCoder[StringUtf8Coder, ChangeCountsCoder]")));
    assertThat(
        translated.coders("Warehouse/Write"),
        is(Set.of("DeadLetterCoder", "KvCoder[StringUtf8Coder, NewestCommitsCoder]")));
    translated.assertNothingIsTheRunnersOwn();
    translated.assertNoSecrets(CONSUMER_SECRET, PRODUCER_SECRET);
  }

  private Path secret(String client, String secret) throws IOException {
    return Files.writeString(
        directory.resolve(client + ".properties"),
        "security.protocol=SASL_SSL\nsasl.jaas.config=" + secret + "\n");
  }
}
