package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import java.util.List;

/**
 * A batch's changes of one table.
 *
 * @param source the table's name in the source
 * @param events how many changes there are, truncates included
 * @param reader reads changes once more, in the thread that writes
 * @param patches one for each row, in the order of their keys
 * @param tableEvents those that concern the table as a whole, in any order
 */
record TableBatch(
    String source,
    int events,
    TableWriter writer,
    PatchReader reader,
    PreparedPatches patches,
    List<ChangeEvent> tableEvents) {

  /** Truncates, and the ends of snapshots. */
  List<ChangeEvent> truncates() {
    return tableEvents.stream()
        .filter(event -> event.operation() != Operation.SNAPSHOT_START)
        .toList();
  }

  /** The position of the newest truncate, or {@link Position#NONE}. */
  Position truncatedAt() {
    return truncates().stream()
        .map(ChangeEvent::position)
        .max(Position::compareTo)
        .orElse(Position.NONE);
  }

  String table() {
    return writer.table().qualifiedName();
  }
}
