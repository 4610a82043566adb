package io.millrace.benchmarks.harness;

import java.util.List;

/** What all entrants of a benchmark share, for as long as it runs. */
public interface Scene extends AutoCloseable {
  /** Where things are: what contestants are made from. */
  Settings settings();

  /** What the report says of it, a line each: sizes, versions. */
  List<String> notes();

  @Override
  default void close() {}
}
