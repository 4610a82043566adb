package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInRelativeOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.Millrace;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.pipelines.launch.Launcher;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataflowSetupTest {
  private final DataflowPipelineOptions options =
      PipelineOptionsFactory.fromArgs(
              "--project=p-1", "--region=europe-west4", "--gcpTempLocation=gs://b/t")
          .as(DataflowPipelineOptions.class);

  @Test
  void topicsRunOnStreamingEngineAndRunnerV2() {
    Map<String, String> settings = tune(Set.of(), true);
    assertThat(options.isStreaming(), is(true));
    assertThat(options.isEnableStreamingEngine(), is(true));
    assertThat(options.getExperiments(), hasItem("use_runner_v2"));
    assertThat(
        settings.keySet(),
        containsInRelativeOrder(
            "project", "region", "gcpTempLocation", "streaming", "experiments"));
  }

  @Test
  void filesRunAsABatch() {
    tune(Set.of(), false);
    assertThat(options.isStreaming(), is(false));
    assertThat(options.isEnableStreamingEngine(), is(false));
  }

  @Test
  void whatTheUserGivesStays() {
    options.setStreaming(true);
    options.setEnableStreamingEngine(false);
    options.setExperiments(new ArrayList<>(List.of("other")));
    tune(Set.of("streaming", "enableStreamingEngine", "experiments"), false);
    assertThat(options.isStreaming(), is(true));
    assertThat(options.isEnableStreamingEngine(), is(false));
    assertThat(options.getExperiments(), hasItems("other", "use_runner_v2"));
    options.setExperiments(new ArrayList<>(List.of("disable_runner_v2")));
    tune(Set.of("experiments"), false);
    assertThat(options.getExperiments(), not(hasItem("use_runner_v2")));
  }

  /** All before a file, a broker or a database is looked for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "project | | --project is missing",
        "region | | --region is missing",
        "gcpTempLocation | | --gcpTempLocation is missing",
        "project | A b | --project must be the ID of a Google Cloud project, got 'A b'",
        "region | europe-west4-a | europe-west4-a is a zone; give its region, europe-west4",
        "region | Europe | --region must be a region such as europe-west4, got 'Europe'",
        "gcpTempLocation | /tmp | --gcpTempLocation must be in Cloud Storage (gs://BUCKET/...)",
        "input | changes.jsonl | --input must be in Cloud Storage (gs://BUCKET/...) on dataflow",
        "input | gs://b/{a,b}.jsonl, c.jsonl | got 'c.jsonl'",
        "deadLetters | dead-letters | --deadLetters must be in Cloud Storage",
        "kafkaProperties | client.properties | --kafkaProperties must be in Cloud Storage",
        "lake | gs://b/lake | --lake is written to a directory that all workers share",
        "warehousePassword | file:password | on dataflow give file:gs://BUCKET/OBJECT",
        "warehousePassword | env:PASSWORD | on dataflow give file:gs://BUCKET/OBJECT"
      })
  void whatWorkersCannotReachIsRefused(String option, String value, String error) {
    for (String command : List.of("replicate", "retry-dead-letters")) {
      if (command.equals("replicate")
          || !Set.of("input", "kafkaProperties", "lake").contains(option)) {
        String err = launch(command, option, value);
        assertThat(command, err, containsString(error));
        assertThat(err.lines().count(), is(1L));
      }
    }
  }

  @Test
  void theDefaultDirectoryOfDeadLettersIsRefusedToo() {
    assertThat(
        launch("replicate", "deadLetters", null),
        containsString("--deadLetters must be in Cloud Storage"));
  }

  @Test
  void theClientThatWritesResultsIsNoFileOfThisMachine() {
    assertThat(
        launch("detect", "resultsKafkaProperties", "client.properties"),
        containsString("--resultsKafkaProperties must be in Cloud Storage"));
  }

  @Test
  void aLandingIsNoTargetThere() {
    assertThat(
        launch("archive", "landing", "gs://b/landing"),
        containsString("--landing is a directory that all workers share"));
  }

  @Test
  void aLandingIsNoSourceThere() {
    assertThat(
        launch("replicate", "fromLanding", "gs://b/landing"),
        containsString("--fromLanding is read from a directory that all workers share"));
  }

  @Test
  void noLogIsCompactedThere() {
    assertThat(
        launch("compact", "compacted", "gs://b/compacted"),
        containsString("--compacted is a directory that all workers share"));
  }

  @Test
  void aLakeIsNoSourceThere() {
    assertThat(
        launch("summarize", "fromLake", "gs://b/lake"),
        containsString("--fromLake is read from a directory that all workers share"));
  }

  private static String launch(String command, String option, String value) {
    Map<String, String> arguments =
        new LinkedHashMap<>(
            Map.of(
                "contract", "/no/such/contract.yaml",
                "warehouseUrl", "jdbc:postgresql://db.example.com/warehouse",
                "warehousePassword", "file:gs://b/password",
                "project", "p-1",
                "region", "europe-west4",
                "gcpTempLocation", "gs://b/t",
                "deadLetters", "gs://b/letters"));
    if (command.equals("detect")) {
      arguments.put("rules", "/no/such/rules.yaml");
    }
    if (!command.equals("retry-dead-letters")) {
      arguments.put("input", "gs://b/{a,b}.jsonl,gs://b/c.jsonl");
    }
    if (command.equals("archive")) {
      arguments.keySet().retainAll(Set.of("project", "region", "gcpTempLocation"));
    }
    if (command.equals("compact")) {
      arguments.keySet().retainAll(Set.of("contract", "project", "region", "gcpTempLocation"));
      arguments.put("fromLanding", "landing");
    }
    arguments.remove(option);
    if (value != null) {
      arguments.put(option, value);
    }
    List<String> line = new ArrayList<>(List.of(command));
    arguments.forEach((name, given) -> line.add("--" + name + "=" + given));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    ExitCode exitCode =
        new Launcher(Millrace.COMMANDS, new DataflowSetup(), stream, stream)
            .run(line.toArray(new String[0]));
    assertThat(err.toString(StandardCharsets.UTF_8), exitCode, is(ExitCode.INPUT));
    return err.toString(StandardCharsets.UTF_8);
  }

  private Map<String, String> tune(Set<String> given, boolean unbounded) {
    return new DataflowSetup().tune(options, given::contains, unbounded);
  }
}
