package io.millrace.pipelines.launch;

import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A command that runs a pipeline.
 *
 * @param <O> the options it takes
 */
public interface PipelineCommand<O extends PipelineOptions> extends Command<O> {
  /** Whether the pipeline goes on until it is stopped. */
  boolean isUnbounded(O options);

  /**
   * Makes sure that options, files, brokers and databases are as needed, before anything runs.
   *
   * @throws LaunchException if they are not
   */
  void prepare(O options, Session session);

  /** Builds the pipeline. */
  void build(Pipeline pipeline, O options);

  /**
   * Tells what there is to tell after a run in this JVM, below its counts.
   *
   * @param counts of a {@link io.millrace.transforms.quality.RunCounter}, by name
   */
  default void afterRun(O options, ToLongFunction<String> counts, Session session) {}

  /**
   * Does what is left when the pipeline has come to its end in this JVM; not when it was stopped.
   *
   * @throws LaunchException if the end is not as it should be
   */
  default void afterEnd(O options, Session session) {}

  @Override
  default void run(O options, Session session) {
    FileSystems.setDefaultPipelineOptions(options);
    prepare(options, session);
    new PipelineRun<>(this, options, session).run();
  }
}
