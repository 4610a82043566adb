package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.archive.ArchiveCommand;
import io.millrace.pipelines.replicate.ReplicateCommand;
import io.millrace.pipelines.retry.RetryCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every pipeline as Dataflow would get it, without a network. That a job runs there is not shown.
 *
 * <p>{@code src/test/resources/steps} has the steps of each: their names are part of a running
 * job's state, so a job can be updated only while they stay.
 */
@Timeout(120)
class TranslationTest {
  private static final Set<String> STATEFUL =
      Set.of("Ledger/Sum/Sum", "Merge/Merge", "Warehouse/Progress");

  private static final String CONSUMER_SECRET = "abracadabra";

  @TempDir Path directory;
  private Path contract;
  private Path input;

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
              - name: items
                physicalName: public.items
                properties:
                  - {name: id, physicalType: bigint, primaryKey: true}
                  - {name: title, physicalType: varchar(20)}
            """);
    input = Files.writeString(directory.resolve("changes.jsonl"), "{}\n");
  }

  @Test
  void replicateFromFiles() throws Exception {
    Translation translated =
        Translation.of(
            new ReplicateCommand(),
            directory,
            contract,
            "--run=test",
            "--input=" + input,
            "--deadLetters=gs://bucket/letters");
    translated.assertSteps("replicate-files");
    assertThat(translated.stateful(), is(STATEFUL));
    assertThat(translated.coders("Read/Read"), is(Set.of("RecordBlockCoder")));
    assertChangesHaveTheirCoders(translated);
    translated.assertNothingIsTheRunnersOwn();
    translated.assertNoSecrets(CONSUMER_SECRET);
  }

  /** On Dataflow it is refused, for want of a directory; but not for how it is built. */
  @Test
  void replicateToALake() throws Exception {
    Translation translated =
        Translation.of(
            new ReplicateCommand(),
            directory,
            contract,
            "--run=test",
            "--input=" + input,
            "--lake=" + directory.resolve("lake"),
            "--deadLetters=gs://bucket/letters");
    translated.assertSteps("replicate-lake");
    translated.assertNothingIsTheRunnersOwn();
    translated.assertNoSecrets(CONSUMER_SECRET);
  }

  @Test
  void replicateFromTopics() throws Exception {
    Path properties =
        Files.writeString(
            directory.resolve("client.properties"),
            "security.protocol=SASL_SSL\nsasl.jaas.config=" + CONSUMER_SECRET + "\n");
    Translation translated =
        Translation.of(
            new ReplicateCommand(),
            directory,
            contract,
            "--run=test",
            "--kafkaBootstrapServers=kafka.example.com:9092",
            "--kafkaTopics=shop.public.items",
            "--kafkaProperties=" + properties,
            "--kafkaGroup=millrace",
            "--deadLetters=gs://bucket/letters");
    translated.assertSteps("replicate-topics");
    assertThat(translated.stateful(), is(STATEFUL));
    assertThat(translated.coders("Read/Blocks"), is(Set.of("RecordBlockCoder")));
    assertThat(
        "not KafkaIO's splittable read",
        translated.leaves(),
        hasItem(containsString("ViaUnbounded")));
    assertChangesHaveTheirCoders(translated);
    translated.assertNothingIsTheRunnersOwn();
    translated.assertNoSecrets(CONSUMER_SECRET);
  }

  @Test
  void archive() throws Exception {
    Path properties =
        Files.writeString(
            directory.resolve("client.properties"), "sasl.jaas.config=" + CONSUMER_SECRET + "\n");
    Translation translated =
        Translation.translate(
            new ArchiveCommand(),
            directory,
            List.of(
                "--kafkaBootstrapServers=kafka.example.com:9092",
                "--kafkaTopics=shop.public.items",
                "--kafkaProperties=" + properties,
                "--landing=" + directory.resolve("landing")));
    translated.assertSteps("archive-topics");
    translated.assertStates("archive-states");
    assertThat(translated.stateful(), is(Set.of("Land/Land")));
    assertThat(translated.coders("Read/Blocks"), is(Set.of("RecordBlockCoder")));
    translated.assertNothingIsTheRunnersOwn();
    translated.assertHides(CONSUMER_SECRET);
  }

  @Test
  void replicateUpToATime() throws Exception {
    Translation translated =
        Translation.of(
            new ReplicateCommand(),
            directory,
            contract,
            "--run=test",
            "--kafkaBootstrapServers=kafka.example.com:9092",
            "--kafkaTopics=shop.public.items",
            "--to=2026-05-01T00:00:00Z",
            "--deadLetters=gs://bucket/letters");
    translated.assertSteps("replicate-log");
    assertThat(translated.stateful(), is(STATEFUL));
    assertThat(translated.coders("Read/Parts"), is(Set.of("LogPartCoder")));
    assertThat(translated.coders("Read/Read"), is(Set.of("RecordBlockCoder")));
  }

  @Test
  void retryDeadLetters() throws Exception {
    Path letters =
        Files.createDirectories(directory.resolve("letters/stage=PARSE/date=2026-01-01"));
    Files.writeString(letters.resolve("1.jsonl"), "{}\n");
    Translation translated =
        Translation.of(
            new RetryCommand(),
            directory,
            contract,
            "--deadLetters=" + directory.resolve("letters"));
    translated.assertSteps("retry-dead-letters");
    assertThat(translated.stateful(), is(empty()));
    assertThat(
        translated.coders("Resend/Resend"),
        is(Set.of("ChangeEventCoder", "KvCoder[StringUtf8Coder, RetryMarkCoder]")));
    translated.assertNothingIsTheRunnersOwn();
    translated.assertNoSecrets(CONSUMER_SECRET);
  }

  private static void assertChangesHaveTheirCoders(Translation translated) {
    assertThat(
        translated.coders("Parse/Parse"),
        is(
            Set.of(
                "ChangeBlockCoder",
                "ChangeEventCoder",
                "DeadLetterCoder",
                "KvCoder[StringUtf8Coder, ChangeCountsCoder]",
                "KvCoder[VarIntCoder, ByteArrayCoder]")));
    assertThat(
        translated.coders("Merge/Merge"),
        is(
            Set.of(
                "KvCoder[ByteArrayCoder, ByteArrayCoder]",
                "KvCoder[StringUtf8Coder, ChangeCountsCoder]")));
    assertThat(translated.coders("Merge/Unpack"), is(Set.of("ChangeEventCoder")));
    assertThat(
        translated.coders("Warehouse/Write"),
        is(Set.of("DeadLetterCoder", "KvCoder[StringUtf8Coder, NewestCommitsCoder]")));
  }
}
