package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.Operation;
import io.millrace.transforms.quality.ChangeCounts;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Counts what a lake was given, by table; truncates aside, as the ledger has them elsewhere. */
final class LakeTally {
  private static final class Row {
    private long written;
    private long known;
  }

  private final Map<String, Row> tables = new HashMap<>();

  /** Counts a change that was written now, or was there before. */
  void add(String table, Operation operation, boolean written) {
    if (operation == Operation.TRUNCATE) {
      return;
    }
    Row row = tables.computeIfAbsent(table, key -> new Row());
    if (written) {
      row.written++;
    } else {
      row.known++;
    }
  }

  /** Counts a block's changes, which were all there before. */
  void addKnown(ChangeBlock block) {
    ChangeEventReader change = block.changes();
    while (change.next()) {
      add(change.table(), change.operation(), false);
    }
  }

  /** Hands over what was counted, by table, and begins anew. */
  void take(BiConsumer<String, ChangeCounts> counts) {
    tables.forEach(
        (table, row) ->
            counts.accept(
                table,
                ChangeCounts.builder().setAccepted(row.written).setDuplicate(row.known).build()));
    tables.clear();
  }

  void clear() {
    tables.clear();
  }
}
