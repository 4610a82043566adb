package io.millrace.pipelines.audit;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The rows of a table on one side. Not for two threads at a time. */
interface TableRows {
  /** About how many rows there are; cheap. */
  long estimate() throws SQLException;

  /** Whether a range of keys is found without reading the whole table. */
  boolean findsRanges();

  /**
   * Keys, in order, that divide all rows into about equal parts, from a sample.
   *
   * @param parts how many parts, about
   */
  List<RowKey> sampledBounds(int parts) throws SQLException;

  /** Keys, in order and inside the range, that divide its rows into equal parts. */
  List<RowKey> bounds(KeyRange range, int parts) throws SQLException;

  /** Rows and checksum of each range. The ranges are in order, and share no key. */
  List<Segment> segments(List<KeyRange> ranges) throws SQLException;

  /** The hashes of the rows in ranges, which are in order, and share no key. */
  Map<RowKey, Long> hashes(List<KeyRange> ranges) throws SQLException;

  /** The hashes of the rows of keys, for those that are there. */
  Map<RowKey, Long> hashes(Collection<RowKey> keys) throws SQLException;

  /** The values of the rows of keys, for those that are there. */
  Map<RowKey, RowValues> values(Collection<RowKey> keys) throws SQLException;
}
