package io.millrace.benchmarks.harness;

/** An entrant at work, in a JVM of its own that runs it again and again. */
public interface Contestant extends AutoCloseable {

  /** Puts things back to where a run begins; not measured. */
  default void reset() throws Exception {}

  /** Does the work once; measured. */
  void run() throws Exception;

  /**
   * What the run came to; not measured.
   *
   * @throws Exception if it cannot be told
   */
  Outcome outcome() throws Exception;

  @Override
  default void close() {}
}
