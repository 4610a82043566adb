package io.millrace.testdata.audit;

import java.util.Iterator;
import java.util.List;

/** Rows that are known beforehand. */
public final class ListedRows implements RowSource {
  private final Iterator<TextRow> rows;

  /** Rows in any order. */
  public ListedRows(List<TextRow> rows) {
    this.rows = rows.stream().sorted().iterator();
  }

  @Override
  public TextRow next() {
    return rows.hasNext() ? rows.next() : null;
  }

  @Override
  public void close() {}
}
