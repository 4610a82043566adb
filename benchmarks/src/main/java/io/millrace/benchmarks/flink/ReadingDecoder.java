package io.millrace.benchmarks.flink;

import java.io.Serializable;

/** Makes an element of a reading; may fill the same one again and again. */
@FunctionalInterface
interface ReadingDecoder<T> {
  T decode(int sensor, long time, long value);

  /** Makes a decoder for each reader. */
  @FunctionalInterface
  interface Factory<T> extends Serializable {
    ReadingDecoder<T> create();
  }
}
