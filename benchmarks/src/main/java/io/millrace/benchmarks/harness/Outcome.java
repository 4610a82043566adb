package io.millrace.benchmarks.harness;

import java.util.Map;

/**
 * What a run came to.
 *
 * @param answer what all entrants must agree on, such as counts and a checksum
 * @param keys how many keys there is state for, or 0 where none is kept
 * @param otherCpuSeconds CPU of other processes that did part of this run's work, such as a
 *     database
 * @param shown further figures for the report, by name
 */
public record Outcome(String answer, long keys, double otherCpuSeconds, Map<String, String> shown) {

  /** A run with an answer and state for so many keys. */
  public static Outcome of(String answer, long keys) {
    return new Outcome(answer, keys, 0, Map.of());
  }
}
