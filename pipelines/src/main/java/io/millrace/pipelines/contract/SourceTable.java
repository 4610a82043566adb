package io.millrace.pipelines.contract;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A table as a database describes it.
 *
 * @param key the names of the columns that identify a row, in their order; empty if none do
 * @param keyIndex the unique index that the key is taken from; null if it is the primary key
 */
record SourceTable(
    String schema,
    String name,
    @Nullable String comment,
    List<SourceColumn> columns,
    List<String> key,
    @Nullable String keyIndex) {

  /**
   * A column.
   *
   * @param type its type, with parameters, as the database writes it; of a domain, its base type
   * @param enumeration the enumeration that its values come from; null if it is none
   * @param generated whether the database computes it, so that change events do not have it
   */
  record SourceColumn(
      String name,
      String type,
      @Nullable String enumeration,
      boolean required,
      boolean generated,
      @Nullable String comment) {}

  /** The name in change events. */
  String physicalName() {
    return schema + "." + name;
  }
}
