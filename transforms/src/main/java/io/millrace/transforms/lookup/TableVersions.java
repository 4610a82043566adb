package io.millrace.transforms.lookup;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/** How the versions of a table come about. */
interface TableVersions<K, R> extends HasDisplayData {

  /** The same, a version every so often by the clock. */
  TableVersions<K, R> every(Duration interval);

  /**
   * The same, a version for each of these elements.
   *
   * @throws IllegalStateException if there can be none
   */
  TableVersions<K, R> by(PCollection<?> signals);

  Coder<R> rowCoder();

  /**
   * The versions, as {@link SnapshotWriter} writes them.
   *
   * @param input that they are for
   */
  PCollection<byte[]> of(PCollection<?> input, Coder<K> keyCoder, SizeLimit limit);
}
