package io.millrace.pipelines;

import io.millrace.pipelines.launch.RunnerSetup;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs a pipeline on another runner, and hands what runs to whoever may stop it. */
public final class UnattendedRunner extends PipelineRunner<PipelineResult> {
  private static final Map<String, Job> JOBS = new ConcurrentHashMap<>();

  /**
   * A pipeline that is to run.
   *
   * @param started what it runs as, once it does
   */
  private record Job(TestRunner runner, CompletableFuture<PipelineResult> started) {}

  private UnattendedRunner() {}

  /** As Beam makes it, more than once for each pipeline. */
  public static UnattendedRunner fromOptions(PipelineOptions options) {
    return new UnattendedRunner();
  }

  @Override
  public PipelineResult run(Pipeline pipeline) {
    PipelineOptions options = pipeline.getOptions();
    Job job = JOBS.remove(options.getJobName());
    options.setRunner(job.runner().runner());
    PipelineResult result = PipelineRunner.fromOptions(options).run(pipeline);
    job.started().complete(result);
    return result;
  }

  /**
   * The runner as the launcher sees it.
   *
   * @param name of the job, that no other has
   * @param started what it runs as, once it does
   */
  static RunnerSetup setup(
      TestRunner runner, String name, CompletableFuture<PipelineResult> started) {
    JOBS.put(name, new Job(runner, started));
    return new Setup(runner, name);
  }

  private record Setup(TestRunner tested, String jobName) implements RunnerSetup {
    @Override
    public String name() {
      return tested.name();
    }

    @Override
    public Class<? extends PipelineRunner<?>> runner() {
      return UnattendedRunner.class;
    }

    @Override
    public Class<? extends PipelineOptions> options() {
      return tested.options();
    }

    @Override
    public Map<String, String> tune(
        PipelineOptions options, Predicate<String> given, boolean unbounded) {
      options.setJobName(jobName);
      tested.tune(options, given, unbounded);
      if (tested == TestRunner.FLINK) {
        FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
        flink.setAttachedMode(false);
        flink.setCheckpointingInterval(500L);
        flink.setFinishBundleBeforeCheckpointing(true);
        flink.setMaxBundleTimeMills(100L);
        // Else what begins with an impulse is drained when that has been given.
        flink.setShutdownSourcesAfterIdleMs(Long.MAX_VALUE);
      } else {
        options.as(DirectOptions.class).setBlockOnRun(false);
      }
      return Map.of();
    }

    @Override
    public Map<String, String> tunable() {
      return tested.tunable();
    }

    @Override
    public Optional<String> remote(PipelineOptions options) {
      return Optional.empty();
    }
  }
}
