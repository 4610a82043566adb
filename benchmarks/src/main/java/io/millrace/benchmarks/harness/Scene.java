package io.millrace.benchmarks.harness;

import java.io.IOException;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What all entrants of a benchmark share, for as long as it runs. */
public interface Scene extends AutoCloseable {
  /** Where things are: what contestants are made from. */
  Settings settings();

  /** What the report says of it, a line each: sizes, versions. */
  List<String> notes() throws IOException;

  /**
   * The right answer where the scene knows it, or null: what contestants agree on must be this.
   *
   * @param contest which contest's, or empty where there is only one
   */
  default @Nullable String answer(String contest) {
    return null;
  }

  @Override
  default void close() {}
}
