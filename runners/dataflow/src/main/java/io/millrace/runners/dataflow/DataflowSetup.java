package io.millrace.runners.dataflow;

import io.millrace.pipelines.launch.RunnerSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Dataflow: the job is handed over to Google Cloud and runs there. It takes Runner v2 always and
 * Streaming Engine for what never ends, unless the user says otherwise.
 */
final class DataflowSetup implements RunnerSetup {
  private static final String RUNNER_V2 = "use_runner_v2";

  @Override
  public String name() {
    return "dataflow";
  }

  @Override
  public Class<? extends PipelineRunner<?>> runner() {
    return DataflowRunner.class;
  }

  @Override
  public Class<? extends PipelineOptions> options() {
    return DataflowPipelineOptions.class;
  }

  @Override
  public void check(PipelineOptions options, Predicate<String> given) {
    CloudPlaces.check(options, given);
  }

  @Override
  public Map<String, String> tune(
      PipelineOptions options, Predicate<String> given, boolean unbounded) {
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    if (!given.test("streaming")) {
      dataflow.setStreaming(unbounded);
    }
    if (!given.test("enableStreamingEngine")) {
      dataflow.setEnableStreamingEngine(dataflow.isStreaming());
    }
    List<String> experiments =
        new ArrayList<>(dataflow.getExperiments() == null ? List.of() : dataflow.getExperiments());
    if (experiments.stream().noneMatch(experiment -> experiment.endsWith("runner_v2"))) {
      experiments.add(RUNNER_V2);
    }
    dataflow.setExperiments(experiments);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("project", dataflow.getProject());
    settings.put("region", dataflow.getRegion());
    settings.put("gcpTempLocation", dataflow.getGcpTempLocation());
    settings.put("streaming", Boolean.toString(dataflow.isStreaming()));
    settings.put("enableStreamingEngine", Boolean.toString(dataflow.isEnableStreamingEngine()));
    settings.put("experiments", String.join(",", experiments));
    return settings;
  }

  @Override
  public Map<String, String> tunable() {
    Map<String, String> tunable = new LinkedHashMap<>();
    tunable.put("project=ID", "The Google Cloud project that the job runs in. Required.");
    tunable.put("region=NAME", "The region that it runs in, such as europe-west4. Required.");
    tunable.put(
        "gcpTempLocation=gs://BUCKET/FOLDER",
        "Where the program and temporary files are put for the workers. Required.");
    tunable.put(
        "enableStreamingEngine",
        "Keep the state of a pipeline that never ends in Google's service and not on the workers."
            + " Default: true for topics.");
    tunable.put(
        "experiments=NAME,...", "Of Dataflow. Default: " + RUNNER_V2 + ", which is always added.");
    return tunable;
  }

  @Override
  public Optional<String> remote(PipelineOptions options) {
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    return Optional.of(
        "see https://console.cloud.google.com/dataflow/jobs?project="
            + dataflow.getProject()
            + " for its progress (job "
            + dataflow.getJobName()
            + " in "
            + dataflow.getRegion()
            + ", metrics of the namespace millrace)");
  }
}
