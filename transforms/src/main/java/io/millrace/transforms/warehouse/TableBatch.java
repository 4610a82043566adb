package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.util.List;

/**
 * A batch's changes of one table.
 *
 * @param patches one for each row, in the order of their keys
 * @param truncates in any order
 */
record TableBatch(
    TableWriter writer, PatchReader reader, List<RowPatch> patches, List<ChangeEvent> truncates) {

  /** The position of the newest truncate, or {@link Position#NONE}. */
  Position truncatedAt() {
    return truncates.stream()
        .map(ChangeEvent::position)
        .max(Position::compareTo)
        .orElse(Position.NONE);
  }

  String table() {
    return writer.table().qualifiedName();
  }
}
