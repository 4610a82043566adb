package io.millrace.pipelines;

import io.millrace.pipelines.launch.RunnerSetup;
import io.millrace.pipelines.options.BucketOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/** The runners that every pipeline is tested on, as the launcher sees them. */
public final class TestRunner implements RunnerSetup {
  public static final TestRunner DIRECT =
      new TestRunner("direct", DirectRunner.class, DirectOptions.class);
  public static final TestRunner FLINK =
      new TestRunner("flink", FlinkRunner.class, FlinkPipelineOptions.class);

  private final String name;
  private final Class<? extends PipelineRunner<?>> runner;
  private final Class<? extends PipelineOptions> options;

  private TestRunner(
      String name,
      Class<? extends PipelineRunner<?>> runner,
      Class<? extends PipelineOptions> options) {
    this.name = name;
    this.runner = runner;
    this.options = options;
  }

  /** All of them. */
  public static List<TestRunner> all() {
    return List.of(DIRECT, FLINK);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<? extends PipelineRunner<?>> runner() {
    return runner;
  }

  @Override
  public Class<? extends PipelineOptions> options() {
    return options;
  }

  @Override
  public Map<String, String> tune(
      PipelineOptions options, Predicate<String> given, boolean unbounded) {
    if (this == DIRECT) {
      options.as(DirectOptions.class).setBlockOnRun(false);
      options.as(BucketOptions.class).setBuckets(8);
    } else {
      FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
      flink.setFlinkMaster("[local]");
      flink.setParallelism(2);
      flink.setObjectReuse(true);
      flink.setUseDataStreamForBatch(true);
    }
    return Map.of();
  }

  @Override
  public Map<String, String> tunable() {
    return Map.of();
  }

  @Override
  public Optional<String> remote(PipelineOptions options) {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
