package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.RowFinding.What;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What came out of a table. */
final class TableFindings {
  private final String table;
  private final List<KeyColumn> key;
  private final List<String> notes;
  private final @Nullable String obstacle;
  private final int examplesOfEach;
  private final Map<What, Long> counts = new EnumMap<>(What.class);
  private final Map<What, List<RowFinding>> examples = new EnumMap<>(What.class);
  private final Map<String, Map<String, Long>> columns = new TreeMap<>();
  private long firstRows;
  private long secondRows;
  private boolean isLeast;

  /**
   * @param notes what is not compared, and why
   * @param obstacle why the table cannot be compared, which is a difference; null if it can be
   */
  TableFindings(
      String table,
      List<KeyColumn> key,
      List<String> notes,
      @Nullable String obstacle,
      int examplesOfEach) {
    this.table = table;
    this.key = key;
    this.notes = notes;
    this.obstacle = obstacle;
    this.examplesOfEach = examplesOfEach;
  }

  void rows(long first, long second) {
    firstRows = first;
    secondRows = second;
  }

  /** There is more than was looked at. */
  void setLeast() {
    isLeast = true;
  }

  void add(RowFinding finding) {
    counts.merge(finding.what(), 1L, Long::sum);
    for (ColumnDifference column : finding.columns()) {
      columns
          .computeIfAbsent(column.column(), name -> new TreeMap<>())
          .merge(column.difference().toString(), 1L, Long::sum);
    }
    List<RowFinding> shown = examples.computeIfAbsent(finding.what(), what -> new ArrayList<>());
    if (shown.size() < examplesOfEach) {
      shown.add(finding);
    }
  }

  String table() {
    return table;
  }

  List<KeyColumn> key() {
    return key;
  }

  List<String> notes() {
    return notes;
  }

  @Nullable String obstacle() {
    return obstacle;
  }

  long firstRows() {
    return firstRows;
  }

  long secondRows() {
    return secondRows;
  }

  long count(What what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Whether the counts are the least there are. */
  boolean isLeast() {
    return isLeast;
  }

  /** By column, how many rows differ in it, by what the values look like. */
  Map<String, Map<String, Long>> columns() {
    return Collections.unmodifiableMap(columns);
  }

  /** The first rows of each finding. */
  List<RowFinding> examples() {
    return examples.values().stream().flatMap(List::stream).toList();
  }

  boolean isEqual() {
    return obstacle == null && counts.isEmpty() && !isLeast;
  }
}
