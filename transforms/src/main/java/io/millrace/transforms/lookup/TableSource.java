package io.millrace.transforms.lookup;

import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.KV;

/**
 * A table that a {@link LookUp} reads whole, again and again: each time as it is then. {@link
 * TableFiles} and {@link TableQuery} make those of files and of a database.
 *
 * @param <K> the keys that rows are looked up by
 * @param <R> the rows, which nothing may change once they were handed over
 */
public interface TableSource<K, R> extends Serializable {

  /**
   * Reads all rows, each key once.
   *
   * @param rows takes each row by its key, and throws where the table becomes too large
   * @throws Exception if they cannot all be read; what was handed over is then thrown away
   */
  void read(Consumer<KV<K, R>> rows) throws Exception;

  /** What the table is called in errors and on a runner's page: no secret. */
  @Override
  String toString();
}
