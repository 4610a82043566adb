package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.denormalize.DenormalizeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline of views as Dataflow would get it, as {@link EventTranslationTest} has it of others;
 * its steps and what they keep are written anew in the same way.
 */
@Timeout(120)
class ViewTranslationTest {
  private static final String CONSUMER_SECRET = "abracadabra";
  private static final String PRODUCER_SECRET = "hocuspocus";

  @TempDir Path directory;
  private Path contract;

  @BeforeEach
  void writeContract() throws IOException {
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
              - name: orders
                physicalName: public.orders
                properties:
                  - {name: order_id, physicalType: bigint, primaryKey: true}
                  - {name: customer_id, physicalType: bigint}
                  - {name: total, physicalType: "numeric(12,2)"}
              - name: customers
                physicalName: public.customers
                properties:
                  - {name: customer_id, physicalType: bigint, primaryKey: true}
                  - {name: segment, physicalType: text}
              - name: orders_wide
                physicalName: gold.orders_wide
                customProperties:
                  - {property: kind, value: view}
                  - property: query
                    value: SELECT o.order_id, c.segment FROM orders o
                      LEFT JOIN customers c ON c.customer_id = o.customer_id
                properties:
                  - {name: order_id, physicalType: bigint, primaryKey: true}
                  - {name: segment, physicalType: text}
              - name: revenue
                physicalName: gold.revenue
                customProperties:
                  - {property: kind, value: view}
                  - property: query
                    value: SELECT c.segment, sum(o.total) AS revenue, max(o.total) AS most
                      FROM orders o JOIN customers c ON c.customer_id = o.customer_id
                      GROUP BY c.segment
                properties:
                  - {name: segment, physicalType: text, primaryKey: true}
                  - {name: revenue, physicalType: "numeric(20,2)"}
                  - {name: most, physicalType: "numeric(12,2)"}
            """);
  }

  @Test
  void denormalizeFromTopics() throws Exception {
    Translation translated =
        translate(
            "--kafkaBootstrapServers=kafka.example.com:9092",
            "--kafkaTopics=shop.public.orders,shop.public.customers",
            "--kafkaProperties=" + secret("consumer", CONSUMER_SECRET),
            "--kafkaGroup=millrace",
            "--hotKeyFanout=4",
            "--resultsTopic=views.{table}",
            "--resultsKafkaProperties=" + secret("producer", PRODUCER_SECRET));
    translated.assertSteps("denormalize-topics");
    translated.assertStates("denormalize-states");
    assertThat(translated.coders("Read/Blocks"), is(Set.of("RecordBlockCoder")));
    assertThat(translated.leaves(), hasItem(containsString("ViaUnbounded")));
    check(translated);
  }

  @Test
  void denormalizeFromFiles() throws Exception {
    Path input = Files.writeString(directory.resolve("changes.jsonl"), "{}\n");
    Translation translated = translate("--input=" + input);
    translated.assertSteps("denormalize-files");
    assertThat(translated.coders("Read/Read"), is(Set.of("RecordBlockCoder")));
    check(translated);
  }

  private Translation translate(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--run=test", "--build=1", "--deadLetters=gs://bucket/letters"));
    arguments.addAll(List.of(more));
    return Translation.of(
        new DenormalizeCommand(), directory, contract, arguments.toArray(new String[0]));
  }

  private static void check(Translation translated) throws IOException {
    Set<String> deltas = Set.of("KvCoder[ByteArrayCoder, ByteArrayCoder]");
    Set<String> packets = Set.of("KvCoder[VarIntCoder, ByteArrayCoder]");
    assertThat(translated.coders("Join/Pack"), is(packets));
    assertThat(
        translated.coders("Join/Rows"),
        is(
            Set.of(
                "KvCoder[ByteArrayCoder, ByteArrayCoder]",
                "KvCoder[StringUtf8Coder, ChangeCountsCoder]")));
    assertThat(translated.coders("Join/orders_wideJoin1"), is(deltas));
    assertThat(translated.coders("Join/orders_wideJoin1Left"), is(packets));
    assertThat(translated.coders("Join/revenuePack"), is(packets));
    assertThat(translated.coders("Join/revenueSelect"), is(deltas));
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
