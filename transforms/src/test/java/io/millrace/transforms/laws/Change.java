package io.millrace.transforms.laws;

import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A change as its source made it.
 *
 * @param key the table, and the texts of the key's columns; the table alone for a truncate
 * @param order where it stands in its source's log; equal only where one record holds two changes
 * @param committedAt as PostgreSQL shows it
 * @param values what it supplies, by column, as PostgreSQL shows it; without a column that is
 *     unchanged
 */
record Change(
    List<String> key,
    Operation operation,
    int order,
    Position position,
    @Nullable String committedAt,
    Map<String, Object> values) {

  boolean isOf(Shape shape) {
    return table().equals(shape.name());
  }

  String table() {
    return key.get(0);
  }
}
