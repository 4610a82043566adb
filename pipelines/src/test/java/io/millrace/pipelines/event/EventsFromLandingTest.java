package io.millrace.pipelines.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.schemas.RecordBlock;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.landing.WriteLanding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A landing makes the tables that the same records make in a file. */
@Timeout(240)
class EventsFromLandingTest {
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
            - {name: amount, physicalType: "numeric(10,2)"}
        - name: revenue_per_hour
          physicalName: revenue_per_hour
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
            - name: revenue
              physicalType: numeric(20,2)
              customProperties: [{property: value, value: sum(amount)}]
      """;
  private static final String[] EVENTS = {
    "{'id':'1','at':'2026-05-01T11:30:00Z','amount':10.10}",
    "{'id':'2','at':'2026-05-01T10:59:59.999Z','amount':0.05}",
    "{'id':'3','at':'2026-05-01T11:00:00Z','amount':40}",
    "{'id':'4','at':'no time'}"
  };

  private static LocalPostgres postgres;
  private static int scenes;

  @TempDir Path directory;
  private EventScene scene;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void setTheScene() throws Exception {
    scene = new EventScene(postgres, "warehouse" + scenes++, directory);
    scene.contract(CONTRACT);
    scene.events(EVENTS);
    RecordBlock.Writer writer = new RecordBlock.Writer(1_000);
    for (int i = 0; i < EVENTS.length; i++) {
      byte[] value = EVENTS[i].replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      writer.add(i, 1_777_640_000_000L + i, null, ByteBuffer.wrap(value));
    }
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(Create.of(RecordBlock.of("purchase", 0, 0, EVENTS.length, writer.take())))
        .apply(WriteLanding.to(directory.resolve("landing").toString()));
    pipeline.run().waitUntilFinish();
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theTablesAreThoseOfTheFileItself(TestRunner runner) throws Exception {
    assertThat(scene.run(runner, "summarize").exitCode(), is(ExitCode.OK));
    List<String> ofFile = hours();
    assertThat(ofFile, hasSize(2));
    scene.query("DELETE FROM revenue_per_hour RETURNING hour");
    CommandLine run =
        scene.runFrom("--fromLanding=" + directory.resolve("landing"), runner, "summarize");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(hours(), is(ofFile));
    scene.query("DELETE FROM revenue_per_hour RETURNING hour");
    CommandLine part =
        scene.runFrom(
            "--fromLanding=" + directory.resolve("landing"),
            runner,
            "summarize",
            "--from=purchase/0=1",
            "--to=purchase/0=2");
    assertThat(part.err(), part.exitCode(), is(ExitCode.OK));
    assertThat(hours(), is(List.of("(\"2026-05-01 10:00:00+00\",0.05)")));
  }

  private List<String> hours() throws Exception {
    return scene.query("SELECT (hour, revenue)::text AS row FROM revenue_per_hour_live ORDER BY 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fromLanding=none | --run=r | Nothing was landed in none",
        "--fromLanding=none | --input=x.jsonl | from --input or from --fromLanding, and both",
        "--fromLanding=none | --fromLake=lake | is given with options of a replay; leave out all",
        "--fromLanding=none | --kafkaStart=latest | topics are read where the landing ends; say",
        "--fromLanding=none | --kafkaGroup=g | a replay begins at --from, whatever a group has read",
        "--fromLanding=none | --from=noon | --from must be earliest, latest, a time with its offset",
        "--fromLanding=none | --from=a/0=1,a/0=2 | one offset of each partition, got two of a/0",
        "--fromLanding=none | --to=earliest | --to=earliest: nothing is before it; give latest",
        "--from=earliest | --run=r | --from and --to are of a log, and there is none; give",
      })
  void whatDoesNotFitIsSaid(String source, String more, String error) {
    CommandLine run = scene.runFrom(source, TestRunner.DIRECT, "summarize", more);
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(error));
  }
}
