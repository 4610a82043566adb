package io.millrace.pipelines.launch;

import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Something the launcher does by name.
 *
 * @param <O> the options it takes
 */
public interface Command<O extends PipelineOptions> {
  /** The name it is called by. */
  String name();

  /** What it does, in one line. */
  String summary();

  /** What else a user should know before the first run, in a paragraph or two. */
  String description();

  Class<O> options();

  /** Whole command lines that work, without the program's name. */
  List<String> examples();

  /**
   * Does it.
   *
   * @throws LaunchException if it cannot be done as asked
   */
  void run(O options, Session session) throws Exception;
}
