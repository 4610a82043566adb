package io.millrace.transforms.lookup;

import java.io.Serializable;

/**
 * How large a table that each worker holds may be.
 *
 * @param rows at most
 * @param bytes of keys and rows as encoded, at most
 */
record SizeLimit(long rows, long bytes) implements Serializable {
  static final SizeLimit DEFAULT = new SizeLimit(1_000_000, 64L << 20);

  /** A version of a table travels as one array. */
  static final long MOST_BYTES = 1L << 30;

  SizeLimit {
    if (rows < 1) {
      throw new IllegalArgumentException("the most rows must be 1 or more, got " + rows);
    }
    if (bytes < 1 || bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "the most bytes must be from 1 to " + MOST_BYTES + ", got " + bytes);
    }
  }

  /**
   * Holds that a table is not too large.
   *
   * @throws TableTooLargeException if it is
   */
  void check(String table, long foundRows, long foundBytes) {
    if (foundRows > rows || foundBytes > bytes) {
      throw new TableTooLargeException(
          ("%s has %,d rows in %,d bytes or more, too many for a lookup, of which every worker holds"
                  + " the whole (at most %,d rows and %,d bytes): join it by"
                  + " EnrichWith.versionedTable, which spreads its rows over the workers, ask for"
                  + " single rows by EnrichWith.service, or raise the limit with atMost")
              .formatted(table, foundRows, foundBytes, rows, bytes));
    }
  }
}
