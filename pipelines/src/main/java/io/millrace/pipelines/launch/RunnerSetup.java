package io.millrace.pipelines.launch;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/** What a runner adds to the launcher: its name, its options and defaults that suit Millrace. */
public interface RunnerSetup {
  /** The name it is asked for by, as in {@code --runner=flink}. */
  String name();

  Class<? extends PipelineRunner<?>> runner();

  /** The options it takes beside a pipeline's. */
  Class<? extends PipelineOptions> options();

  /**
   * Makes sure that a pipeline's options are such as the runner can do with; nothing has been read
   * or written yet.
   *
   * @param given whether the user gave an option
   * @throws LaunchException if they are not
   */
  default void check(PipelineOptions options, Predicate<String> given) {}

  /**
   * Sets what the user left open.
   *
   * @param given whether the user gave an option
   * @param unbounded whether the pipeline goes on until it is stopped
   * @return the settings that the user should know of, in order
   */
  Map<String, String> tune(PipelineOptions options, Predicate<String> given, boolean unbounded);

  /** The settings that {@link #tune} may set, as {@code name=VALUE}, and what each is for. */
  Map<String, String> tunable();

  /** Where to look how a pipeline does that runs elsewhere; nothing if it runs in this JVM. */
  Optional<String> remote(PipelineOptions options);
}
