package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.flink.LocalFlink;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Options of Beam's runner, as Millrace's launcher sets them for an embedded run. */
public final class BeamOnFlink {

  /** For batch mode. */
  public static FlinkPipelineOptions batch() {
    FlinkPipelineOptions options = both();
    options.setUseDataStreamForBatch(true);
    options.setFlinkConfDir(LocalFlink.batchConfiguration());
    return options;
  }

  private static FlinkPipelineOptions both() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(LocalFlink.PARALLELISM);
    options.setObjectReuse(true);
    options.setMaxBundleSize(50_000L);
    return options;
  }

  /** For streaming mode. */
  public static FlinkPipelineOptions streaming() {
    FlinkPipelineOptions options = both();
    options.setStreaming(true);
    options.setMaxBundleTimeMills(250L);
    options.setCheckpointingInterval(LocalFlink.CHECKPOINT_INTERVAL);
    options.setFinishBundleBeforeCheckpointing(true);
    options.setShutdownSourcesAfterIdleMs(0L);
    options.setStateBackend("filesystem");
    options.setStateBackendStoragePath(LocalFlink.checkpoints());
    return options;
  }

  private BeamOnFlink() {}
}
