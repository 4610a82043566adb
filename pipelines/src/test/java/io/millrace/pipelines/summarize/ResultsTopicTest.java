package io.millrace.pipelines.summarize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.event.DerivedTables;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.replicate.Replicate;
import io.millrace.pipelines.replicate.ReplicateOptions;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract.Kind;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.event.ParseEvents;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows in topics of a real broker, and what {@code replicate} makes of them elsewhere. */
@Timeout(240)
class ResultsTopicTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: purchases
          physicalName: purchase
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: at, physicalType: timestamptz}
            - {name: customer, physicalType: bigint}
        - name: sessions
          physicalName: gold.sessions
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: sessions PT15M}
            - {property: allowedLateness, value: PT2H}
          properties:
            - name: since
              physicalName: window_start
              physicalType: timestamptz
              primaryKey: true
              primaryKeyPosition: 2
              customProperties: [{property: value, value: window_start}]
            - {name: customer, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1}
            - name: purchases
              physicalType: bigint
              customProperties: [{property: value, value: count}]
        - name: hours
          physicalName: gold.hours
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1H}
          properties:
            - name: hour
              physicalName: window_start
              physicalType: timestamptz
              primaryKey: true
              customProperties: [{property: value, value: window_start}]
            - name: purchases
              physicalType: bigint
              customProperties: [{property: value, value: count}]
      """;

  private static LocalPostgres postgres;
  private static LocalKafka kafka;
  private static int scenes;

  @TempDir Path directory;
  private EventScene scene;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
    kafka = LocalKafka.start();
    kafka.createTopics(1, List.of("results.sessions", "results.hours"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  @BeforeEach
  void setTheScene() throws Exception {
    scene = scene("tables");
  }

  private EventScene scene(String name) throws Exception {
    EventScene scene =
        new EventScene(postgres, name + scenes++, Files.createDirectories(directory.resolve(name)));
    scene.contract(CONTRACT);
    return scene;
  }

  @Test
  void replicateKeepsTheSameTablesElsewhere() throws Exception {
    EventScene copy = scene("copies");
    PipelineResult replica = replicate(copy);

    // The late one joins two sessions, of which one is then voided.
    summarize(
        TestStream.create(RecordBlockCoder.of())
            .addElements(purchase("a", "2026-05-01T10:00:00Z"))
            .addElements(purchase("b", "2026-05-01T10:20:00Z"))
            .advanceWatermarkTo(Instant.parse("2026-05-01T11:00:00Z"))
            .addElements(purchase("c", "2026-05-01T10:09:00Z"))
            .advanceWatermarkToInfinity());
    assertThat(rows(scene), contains("hour 10 2 f", "session 1000 3 f", "session 1020 1 t"));
    await(replica, copy, rows(scene));

    scene.events("{'id':'d','at':'2026-05-01T10:30:00Z','customer':7}");
    CommandLine newer = run("results.{table}", "--buildVersion=1");
    assertThat(newer.err(), newer.exitCode(), is(ExitCode.OK));
    assertThat(
        rows(scene),
        contains("hour 10 1 f", "session 1000 3 f", "session 1020 1 t", "session 1030 1 f"));
    await(replica, copy, rows(scene));
    replica.cancel();
  }

  @Test
  void rowsOfSeveralTablesAreInTopicsOfTheirOwn() throws Exception {
    scene.events();
    CommandLine run = run("results");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(
        run.err(),
        containsString(
            "--resultsTopic=results: rows of sessions, hours would be in one topic; write {table}"
                + " where the table's name is to stand, as in results.{table}"));
  }

  @Test
  void brokersThatNothingNamesAreAskedFor() throws Exception {
    scene.events();
    CommandLine run = scene.run(TestRunner.DIRECT, "summarize", "--resultsTopic=results.{table}");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("also needs --resultsBootstrapServers=HOST:PORT"));
  }

  private CommandLine run(String topic, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--resultsTopic=" + topic);
    arguments.add("--resultsBootstrapServers=" + kafka.bootstrapServers());
    return scene.run(TestRunner.DIRECT, "summarize", arguments.toArray(new String[0]));
  }

  private void summarize(TestStream<RecordBlock> purchases) {
    SummarizeOptions options =
        PipelineOptionsFactory.fromArgs(scene.arguments().toArray(String[]::new))
            .as(SummarizeOptions.class);
    options.setRunner(DirectRunner.class);
    options.setRun("late");
    options.setResultsTopic("results.{table}");
    options.setResultsBootstrapServers(kafka.bootstrapServers());
    Contract contract = InputFiles.contract(options);
    WarehouseTables.prepare(Warehouses.of(options), DerivedTables.of(contract, Kind.SUMMARY));
    Pipeline pipeline = Pipeline.create(options);
    DerivedTables tables = new DerivedTables(pipeline, options, contract, Kind.SUMMARY);
    Summarize.keep(
        pipeline.apply("Read", purchases).apply("Parse", ParseEvents.of(contract)).events(),
        options,
        contract,
        tables);
    tables.write();
    pipeline.run().waitUntilFinish();
  }

  /** Begins to keep copies of the tables, by a contract in which they are tables as others. */
  private static PipelineResult replicate(EventScene copy) throws Exception {
    copy.contract(CONTRACT.replace("      - {property: kind, value: summary}\n", ""));
    List<String> arguments = new ArrayList<>(copy.withoutSource());
    arguments.add("--format=CHANGES");
    arguments.add("--run=copy");
    arguments.add("--kafkaBootstrapServers=" + kafka.bootstrapServers());
    arguments.add("--kafkaTopics=results.sessions,results.hours");
    ReplicateOptions options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
            .as(ReplicateOptions.class);
    options.setRunner(DirectRunner.class);
    options.as(DirectOptions.class).setBlockOnRun(false);
    WarehouseTables.prepare(Warehouses.of(options), InputFiles.contract(options));
    Pipeline pipeline = Pipeline.create(options);
    Replicate.build(pipeline, options);
    return pipeline.run();
  }

  /** Waits, no longer than the test may take, until the copies are as they should be. */
  private static void await(PipelineResult replica, EventScene copy, List<String> expected)
      throws Exception {
    while (!rows(copy).equals(expected)) {
      PipelineResult.State state = replica.waitUntilFinish(Duration.millis(200));
      assertThat(String.valueOf(rows(copy)), state == null || !state.isTerminal(), is(true));
    }
  }

  private static List<String> rows(EventScene scene) throws Exception {
    return scene.query(
        """
        SELECT concat_ws(' ', 'hour', to_char(hour AT TIME ZONE 'UTC', 'HH24'), purchases, _deleted)
            AS row
        FROM hours
        UNION ALL SELECT concat_ws(' ', 'session', to_char(since AT TIME ZONE 'UTC', 'HH24MI'),
            purchases, _deleted)
        FROM sessions ORDER BY row
        """);
  }

  private static TimestampedValue<RecordBlock> purchase(String id, String at) {
    String json = "{\"id\":\"%s\",\"at\":\"%s\",\"customer\":7}".formatted(id, at);
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    writer.add(0, Instant.parse(at).getMillis(), null, ByteBuffer.wrap(json.getBytes(UTF_8)));
    return TimestampedValue.of(RecordBlock.of("purchase", 0, writer.take()), Instant.parse(at));
  }
}
