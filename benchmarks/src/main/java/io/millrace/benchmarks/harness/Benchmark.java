package io.millrace.benchmarks.harness;

import java.util.List;

/** One piece of work, and those who do it. */
public interface Benchmark {
  /** Its name on the command line. */
  String name();

  /** What it compares, in a line. */
  String summary();

  /** What is done, by whom, and what is left out: a paragraph. */
  String description();

  /** What it reads, in a word, where there are {@link #others}; else empty. */
  default String source() {
    return "";
  }

  /** The same work on other sources, each a benchmark with a name of its own. */
  default List<Benchmark> others() {
    return List.of();
  }

  /** How many events there are unless the user says otherwise. */
  long defaultEvents();

  /**
   * How many events a contest has.
   *
   * @param events how many the benchmark was asked for
   */
  default long events(String contest, long events) {
    return events;
  }

  /** How many runs warm each entrant up unless the user says otherwise. */
  default int defaultWarmups() {
    return 10;
  }

  /** What the bytes of state are counted by, in a word. */
  default String stateUnit() {
    return "key";
  }

  /** What the ratio is of. */
  default Measure measure() {
    return Measure.CPU;
  }

  /**
   * Those who do the work: Millrace, those that the ratio is with, and others to be shown; so in
   * each contest, if there are several.
   */
  List<Entrant> entrants();

  /**
   * Prepares what all entrants share: files, services.
   *
   * @param request what the user asked for, and a directory for files
   */
  Scene prepare(Request request) throws Exception;
}
