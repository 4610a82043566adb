package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.BothSides.Answers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds the keys of a table that look different on both sides: checksums of key ranges first, then
 * those of ever smaller parts of the ranges that differ, and at last the hashes of their rows.
 *
 * <p>Each side is read once, in statements of bounded size, and again where they differ.
 */
final class Scan {
  private final ScanSizes sizes;
  private final TableRows first;
  private final TableRows second;
  private final BothSides sides;
  private final Suspects suspects;
  private final Pace pace;
  private final AuditProgress progress;
  private long firstRows;
  private long secondRows;

  Scan(
      ScanSizes sizes,
      TableRows first,
      TableRows second,
      BothSides sides,
      Suspects suspects,
      Pace pace,
      AuditProgress progress) {
    this.sizes = sizes;
    this.first = first;
    this.second = second;
    this.sides = sides;
    this.suspects = suspects;
    this.pace = pace;
    this.progress = progress;
  }

  /** A range, and how many rows the side with more of them has in it. */
  private record Part(KeyRange range, long rows) {}

  /** Looks at all rows, and hands over the suspects. */
  void run() throws SQLException, InterruptedException {
    long estimate = Math.max(first.estimate(), second.estimate());
    progress.begin(estimate);
    long parts = Math.max(1, Math.min(sizes.ranges(), estimate / sizes.rangeRows()));
    TableRows larger = first.estimate() >= second.estimate() ? first : second;
    List<KeyRange> ranges =
        KeyRange.ALL.divided(parts == 1 ? List.of() : larger.sampledBounds((int) parts));
    boolean findsRanges = first.findsRanges() && second.findsRanges();
    long rangesAtOnce =
        findsRanges
            ? Math.max(
                1,
                pace.statementRows(sizes.statementRows()) * ranges.size() / Math.max(1, estimate))
            : ranges.size();
    for (int from = 0; from < ranges.size(); from += (int) rangesAtOnce) {
      int to = (int) Math.min(ranges.size(), from + rangesAtOnce);
      List<Part> different = different(ranges.subList(from, to), true);
      refine(different);
    }
  }

  /** Those of the ranges, in order, whose checksums are not the same. */
  private List<Part> different(List<KeyRange> ranges, boolean counts)
      throws SQLException, InterruptedException {
    Answers<List<Segment>> segments =
        sides.ask(() -> first.segments(ranges), () -> second.segments(ranges));
    List<Part> different = new ArrayList<>();
    long read = 0;
    for (int i = 0; i < ranges.size(); i++) {
      Segment here = segments.first().get(i);
      Segment there = segments.second().get(i);
      long rows = Math.max(here.rows(), there.rows());
      read += rows;
      if (counts) {
        firstRows += here.rows();
        secondRows += there.rows();
      }
      if (!here.equals(there)) {
        different.add(new Part(ranges.get(i), rows));
      }
    }
    if (counts) {
      progress.compared(read);
    }
    pace.read(read);
    return different;
  }

  private void refine(List<Part> parts) throws SQLException, InterruptedException {
    List<Part> leaves = new ArrayList<>();
    long rows = 0;
    for (Part part : parts) {
      if (suspects.isFull()) {
        return;
      }
      List<KeyRange> smaller = part.rows() <= sizes.leafRows() ? List.of() : divided(part);
      if (smaller.size() > 1) {
        refine(different(smaller, false));
      } else {
        if (rows + part.rows() > sizes.fetchedRows() && !leaves.isEmpty()) {
          compare(leaves);
          leaves.clear();
          rows = 0;
        }
        leaves.add(part);
        rows += part.rows();
      }
    }
    if (!leaves.isEmpty()) {
      compare(leaves);
    }
  }

  private List<KeyRange> divided(Part part) throws SQLException, InterruptedException {
    Answers<List<RowKey>> bounds =
        sides.ask(
            () -> first.bounds(part.range(), sizes.parts()),
            () -> second.bounds(part.range(), sizes.parts()));
    pace.read(part.rows());
    return part.range()
        .divided(
            bounds.first().size() >= bounds.second().size() ? bounds.first() : bounds.second());
  }

  /** Compares the rows of ranges by their hashes. */
  private void compare(List<Part> leaves) throws SQLException, InterruptedException {
    List<KeyRange> ranges = leaves.stream().map(Part::range).toList();
    Answers<Map<RowKey, Long>> hashes =
        sides.ask(() -> first.hashes(ranges), () -> second.hashes(ranges));
    hashes.first().forEach((key, hash) -> add(key, hash, hashes.second().get(key)));
    hashes
        .second()
        .forEach(
            (key, hash) -> {
              if (!hashes.first().containsKey(key)) {
                add(key, null, hash);
              }
            });
    pace.read(Math.max(hashes.first().size(), hashes.second().size()));
  }

  private void add(RowKey key, Long here, Long there) {
    if (here == null || !here.equals(there)) {
      suspects.add(key, here, there);
    }
  }

  /** How many rows the first side has, as it was read. */
  long firstRows() {
    return firstRows;
  }

  /** How many rows the second side has, as it was read. */
  long secondRows() {
    return secondRows;
  }
}
