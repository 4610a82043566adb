package io.millrace.transforms;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;

/** The runners every transform has to agree on. */
public enum TestRunner {
  DIRECT {
    @Override
    public PipelineOptions options() {
      DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
      options.setRunner(DirectRunner.class);
      options.setTargetParallelism(2);
      return options;
    }
  },
  FLINK_BATCH {
    @Override
    public PipelineOptions options() {
      return flink();
    }
  },
  FLINK_STREAMING {
    @Override
    public PipelineOptions options() {
      FlinkPipelineOptions options = flink();
      options.setStreaming(true);
      options.setCheckpointingInterval(500L);
      // As Millrace sets it: else Beam lets a watermark overtake what a snapshot holds back.
      options.setFinishBundleBeforeCheckpointing(true);
      // With checkpoints a job else begins again for ever, and a failed assertion never shows.
      options.setNumberOfExecutionRetries(0);
      return options;
    }
  };

  /** Fresh options that name the runner. */
  public abstract PipelineOptions options();

  /** Options with which {@code run} comes back at once, for pipelines that have no end. */
  public PipelineOptions unattended() {
    PipelineOptions options = options();
    options.as(DirectOptions.class).setBlockOnRun(false);
    options.as(FlinkPipelineOptions.class).setAttachedMode(false);
    // Else what begins with an impulse is drained when that has been given.
    options.as(FlinkPipelineOptions.class).setShutdownSourcesAfterIdleMs(Long.MAX_VALUE);
    return options;
  }

  /** A pipeline of this runner, whose {@code run} waits and checks its assertions. */
  public TestPipeline pipeline() {
    return TestPipeline.fromOptions(options()).enableAbandonedNodeEnforcement(false);
  }

  private static FlinkPipelineOptions flink() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setObjectReuse(true);
    options.setUseDataStreamForBatch(true);
    // A job with checkpoints else waits for ever after the end of its sources.
    options.setShutdownSourcesAfterIdleMs(0L);
    return options;
  }
}
