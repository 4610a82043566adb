package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.GeneralOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/** One run of a pipeline: settings, progress, summary. */
final class PipelineRun<O extends PipelineOptions> {
  private final PipelineCommand<O> command;
  private final O options;
  private final Session session;

  PipelineRun(PipelineCommand<O> command, O options, Session session) {
    this.command = command;
    this.options = options;
    this.session = session;
  }

  void run() {
    boolean unbounded = command.isUnbounded(options);
    tune(unbounded);
    Pipeline pipeline = Pipeline.create(options);
    command.build(pipeline, options);
    Optional<String> remote = session.runner().remote(options);
    if (remote.isPresent()) {
      session.note(command.name() + " runs elsewhere: " + remote.get());
      start(pipeline);
      return;
    }
    int seconds = options.as(GeneralOptions.class).getProgressSeconds();
    try (Progress progress = Progress.start(session.err(), seconds)) {
      Thread atStop = new Thread(() -> summarize("stopped", progress), "summary");
      Runtime.getRuntime().addShutdownHook(atStop);
      try {
        await(start(pipeline));
      } finally {
        forget(atStop);
      }
      summarize("done", progress);
      command.afterEnd(options, session);
    }
  }

  private void tune(boolean unbounded) {
    options.setRunner(session.runner().runner());
    if (!session.given().test("jobName")) {
      options.setJobName("millrace-" + command.name());
    }
    Map<String, String> settings = session.runner().tune(options, session.given(), unbounded);
    if (!settings.isEmpty()) {
      session.note(
          settings.entrySet().stream()
              .map(setting -> setting.getKey() + "=" + setting.getValue())
              .collect(Collectors.joining(" ", session.runner().name() + ": ", "")));
    }
  }

  private static PipelineResult start(Pipeline pipeline) {
    try {
      return pipeline.run();
    } catch (RuntimeException | Error e) {
      throw new RunFailedException(e);
    }
  }

  private static void await(PipelineResult result) {
    try {
      PipelineResult.State state = result.waitUntilFinish();
      if (state == PipelineResult.State.FAILED || state == PipelineResult.State.CANCELLED) {
        throw new IllegalStateException("the pipeline ended as " + state.name());
      }
    } catch (RuntimeException | Error e) {
      throw new RunFailedException(e);
    }
  }

  /** Takes back a hook that is not needed any more; the JVM may be on its way down already. */
  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It stops right now, and the hook has run.
    }
  }

  private void summarize(String how, Progress progress) {
    Duration time = progress.elapsed();
    Counts counts = progress.counts();
    session.note(
        String.format(
            Locale.ROOT,
            "%s: %s after %.1f s, %s %s/s",
            command.name(),
            how,
            time.toMillis() / 1000.0,
            Counts.grouped(Progress.rate(counts.of(counts.incoming()), time)),
            Counts.noun(counts.incoming())));
    counts
        .titled()
        .forEach(
            (title, count) ->
                session.note(String.format("  %-22s %15s", title, Counts.grouped(count))));
    command.afterRun(options, counts::of, session);
  }
}
