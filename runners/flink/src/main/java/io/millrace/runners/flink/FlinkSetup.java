package io.millrace.runners.flink;

import io.millrace.pipelines.launch.RunnerSetup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Flink, embedded in this JVM unless {@code --flinkMaster} names a cluster.
 *
 * <p>What the user gives wins over what is set here. Where a cluster keeps checkpoints and how
 * often it tries again is left to its operator.
 */
final class FlinkSetup implements RunnerSetup {
  private static final String EMBEDDED = "[local]";

  @Override
  public String name() {
    return "flink";
  }

  @Override
  public Class<? extends PipelineRunner<?>> runner() {
    return FlinkRunner.class;
  }

  @Override
  public Class<? extends PipelineOptions> options() {
    return FlinkPipelineOptions.class;
  }

  @Override
  public Map<String, String> tune(
      PipelineOptions options, Predicate<String> given, boolean unbounded) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    if (!given.test("flinkMaster")) {
      flink.setFlinkMaster(EMBEDDED);
    }
    FlinkSetting.Run run =
        new FlinkSetting.Run(isEmbedded(flink), unbounded || flink.isStreaming(), unbounded);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("flinkMaster", flink.getFlinkMaster());
    for (FlinkSetting<?> setting : FlinkSetting.ALL) {
      boolean asked = given.test(setting.option());
      boolean applies = setting.appliesTo(run);
      if (applies && !asked) {
        setting.set(flink, run);
      }
      if (applies || asked) {
        settings.put(setting.option(), String.valueOf(setting.get(flink)));
      }
    }
    return settings;
  }

  @Override
  public Map<String, String> tunable() {
    Map<String, String> tunable = new LinkedHashMap<>();
    tunable.put(
        "flinkMaster=HOST:PORT",
        "The cluster to run on. Default: none, embedded in this process ([local]).");
    for (FlinkSetting<?> setting : FlinkSetting.ALL) {
      tunable.put(setting.option() + "=" + setting.valueName(), setting.description());
    }
    return tunable;
  }

  @Override
  public Optional<String> remote(PipelineOptions options) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    return isEmbedded(flink)
        ? Optional.empty()
        : Optional.of(
            "see Flink's web interface at "
                + flink.getFlinkMaster()
                + " for its progress (job "
                + flink.getJobName()
                + ", metrics of the namespace millrace)");
  }

  private static boolean isEmbedded(FlinkPipelineOptions options) {
    return options.getFlinkMaster().equals(EMBEDDED);
  }
}
