package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.replicate.ReplicateCommand;
import io.millrace.pipelines.retry.RetryCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.SnappyError;
import org.xerial.snappy.SnappyInputStream;

/**
 * Every pipeline as Dataflow would get it, without a network. That a job runs there is not shown.
 *
 * <p>{@code src/test/resources/steps} has the steps of each: their names are part of a running
 * job's state, so a job can be updated only while they stay.
 */
@Timeout(120)
class TranslationTest {
  /** Set for tests, by this module's build. */
  private static final String PASSWORD = "MILLRACE_TEST_PASSWORD";

  private static final Set<String> STATEFUL =
      Set.of("Ledger/Sum/Sum", "Merge/Merge", "Warehouse/Progress");

  private static final String CONSUMER_SECRET = "abracadabra";
  private static final byte[] SNAPPY = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

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
    translate(
        new ReplicateCommand(),
        "--run=test",
        "--input=" + input,
        "--deadLetters=gs://bucket/letters");
    assertSteps("replicate-files");
    assertThat(stateful(), is(STATEFUL));
    assertThat(coders("Read/Read"), is(Set.of("RecordBlockCoder")));
    assertChangesHaveTheirCoders();
    assertNothingIsTheRunnersOwn();
    assertNoSecrets();
  }

  /** On Dataflow it is refused, for want of a directory; but not for how it is built. */
  @Test
  void replicateToALake() throws Exception {
    translate(
        new ReplicateCommand(),
        "--run=test",
        "--input=" + input,
        "--lake=" + directory.resolve("lake"),
        "--deadLetters=gs://bucket/letters");
    assertSteps("replicate-lake");
    assertNothingIsTheRunnersOwn();
    assertNoSecrets();
  }

  @Test
  void replicateFromTopics() throws Exception {
    Path properties =
        Files.writeString(
            directory.resolve("client.properties"),
            "security.protocol=SASL_SSL\nsasl.jaas.config=" + CONSUMER_SECRET + "\n");
    translate(
        new ReplicateCommand(),
        "--run=test",
        "--kafkaBootstrapServers=kafka.example.com:9092",
        "--kafkaTopics=shop.public.items",
        "--kafkaProperties=" + properties,
        "--kafkaGroup=millrace",
        "--deadLetters=gs://bucket/letters");
    assertSteps("replicate-topics");
    assertThat(stateful(), is(STATEFUL));
    assertThat(coders("Read/Blocks"), is(Set.of("RecordBlockCoder")));
    assertThat("not KafkaIO's splittable read", leaves(), hasItem(containsString("ViaUnbounded")));
    assertChangesHaveTheirCoders();
    assertNothingIsTheRunnersOwn();
    assertNoSecrets();
  }

  @Test
  void retryDeadLetters() throws Exception {
    Path letters =
        Files.createDirectories(directory.resolve("letters/stage=PARSE/date=2026-01-01"));
    Files.writeString(letters.resolve("1.jsonl"), "{}\n");
    translate(new RetryCommand(), "--deadLetters=" + directory.resolve("letters"));
    assertSteps("retry-dead-letters");
    assertThat(stateful(), is(empty()));
    assertThat(coders("Resend/Resend"), is(Set.of("ChangeEventCoder", "KvCoder")));
    assertNothingIsTheRunnersOwn();
    assertNoSecrets();
  }

  private <O extends PipelineOptions> void translate(PipelineCommand<O> command, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--contract=" + contract,
                "--warehouseUrl=jdbc:postgresql://db.example.com/warehouse",
                "--warehouseUser=millrace",
                "--warehousePassword=env:" + PASSWORD,
                "--project=some-project",
                "--region=europe-west4",
                "--gcpTempLocation=gs://bucket/temp",
                "--templateLocation=" + directory.resolve("template.json")));
    arguments.addAll(List.of(more));
    O options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).as(command.options());
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    dataflow.setCredentialFactoryClass(NoopCredentialFactory.class);
    dataflow.setPathValidatorClass(NoopPathValidator.class);
    dataflow.setStagerClass(CapturingStager.class);
    dataflow.setFilesToStage(List.of(contract.toString()));
    dataflow.setRunner(DataflowRunner.class);
    dataflow.setJobName("millrace-" + command.name());
    new DataflowSetup().tune(options, name -> false, command.isUnbounded(options));
    FileSystems.setDefaultPipelineOptions(options);
    Pipeline pipeline = Pipeline.create(options);
    command.build(pipeline, options);
    pipeline.run();
  }

  /** The steps that Millrace names: a transform of a pipeline, and what is right in it. */
  private void assertSteps(String name) throws IOException {
    Set<String> steps = new TreeSet<>();
    for (RunnerApi.PTransform transform : transforms().values()) {
      String step = transform.getUniqueName();
      if (!step.isEmpty() && step.chars().filter(c -> c == '/').count() <= 1) {
        steps.add(step);
      }
    }
    Path file = Path.of("src/test/resources/steps", name + ".txt");
    if ("write".equals(System.getProperty("millrace.steps"))) {
      Files.createDirectories(file.getParent());
      Files.write(file, steps);
    }
    assertThat(
        "a change of names ends the update of running jobs; if it must be, -Dmillrace.steps=write",
        String.join("\n", steps),
        is(String.join("\n", Files.readAllLines(file))));
  }

  private static Map<String, RunnerApi.PTransform> transforms() throws IOException {
    return CapturingStager.pipeline().getComponents().getTransformsMap();
  }

  /** The steps that keep state. */
  private static Set<String> stateful() throws IOException {
    Set<String> steps = new TreeSet<>();
    for (RunnerApi.PTransform transform : transforms().values()) {
      if (transform.getSpec().getUrn().equals("beam:transform:pardo:v1")
          && RunnerApi.ParDoPayload.parseFrom(transform.getSpec().getPayload()).getStateSpecsCount()
              > 0) {
        steps.add(transform.getUniqueName().replaceFirst("/ParMultiDo.*", ""));
      }
    }
    return steps;
  }

  private static void assertChangesHaveTheirCoders() throws IOException {
    assertThat(
        coders("Parse/Parse"),
        is(Set.of("ChangeBlockCoder", "ChangeEventCoder", "DeadLetterCoder", "KvCoder")));
    assertThat(coders("Merge/Merge"), is(Set.of("KvCoder")));
    assertThat(coders("Merge/Unpack"), is(Set.of("ChangeEventCoder")));
    assertThat(coders("Warehouse/Write"), is(Set.of("DeadLetterCoder", "KvCoder")));
    assertThat(packed(), containsString("io.millrace.transforms.warehouse.NewestCommitsCoder"));
    assertThat(packed(), containsString("io.millrace.transforms.quality.ChangeCountsCoder"));
  }

  /** The coders of what a step puts out. */
  private static Set<String> coders(String step) throws IOException {
    RunnerApi.Components components = CapturingStager.pipeline().getComponents();
    RunnerApi.PTransform transform =
        components.getTransformsMap().values().stream()
            .filter(candidate -> candidate.getUniqueName().equals(step))
            .findFirst()
            .orElseThrow();
    Set<String> coders = new TreeSet<>();
    for (String output : transform.getOutputsMap().values()) {
      String coder = components.getPcollectionsOrThrow(output).getCoderId();
      coders.add(coder.replaceFirst("\\d+$", ""));
    }
    return coders;
  }

  /** Steps that hold no others are Beam's primitives. */
  private static void assertNothingIsTheRunnersOwn() throws IOException {
    Set<String> primitives =
        Set.of(
            "beam:transform:impulse:v1",
            "beam:transform:pardo:v1",
            "beam:transform:flatten:v1",
            "beam:transform:group_by_key:v1");
    for (RunnerApi.PTransform transform : transforms().values()) {
      if (transform.getSubtransformsCount() == 0) {
        assertThat(
            transform.getUniqueName(), primitives.contains(transform.getSpec().getUrn()), is(true));
      }
    }
  }

  private static Set<String> leaves() throws IOException {
    Set<String> leaves = new TreeSet<>();
    for (RunnerApi.PTransform transform : transforms().values()) {
      if (transform.getSubtransformsCount() == 0) {
        leaves.add(transform.getUniqueName());
      }
    }
    return leaves;
  }

  /** What is in the pipeline as it is, and what is packed in it. */
  private static String text() throws IOException {
    return new String(CapturingStager.bytes(), StandardCharsets.ISO_8859_1) + packed();
  }

  /** What is packed in the pipeline: transforms and coders of Java, serialized and compressed. */
  private static String packed() throws IOException {
    byte[] bytes = CapturingStager.bytes();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i + SNAPPY.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + SNAPPY.length, SNAPPY, 0, SNAPPY.length)) {
        unpack(new ByteArrayInputStream(bytes, i, bytes.length - i), all);
      }
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private static void unpack(InputStream packed, ByteArrayOutputStream all) throws IOException {
    try (SnappyInputStream in = new SnappyInputStream(packed)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.write(next);
      }
    } catch (IOException | SnappyError e) {
      // What follows it in the pipeline is not packed.
    }
  }

  private void assertNoSecrets() throws IOException {
    String text = text() + Files.readString(directory.resolve("template.json"));
    assertThat("packed parts are looked at", packed(), containsString("env:" + PASSWORD));
    assertThat(System.getenv(PASSWORD).length() > 8, is(true));
    assertThat(text, not(containsString(System.getenv(PASSWORD))));
    assertThat(text, not(containsString(CONSUMER_SECRET)));
  }
}
