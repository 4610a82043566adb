package io.millrace.schemas.contract;

import io.millrace.schemas.contract.ColumnType.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a column can tell of the event that supplied it: its custom property {@code metadata}. */
public enum Metadata {
  /** The topic the record was read from, or the file. */
  TOPIC(true),
  /** The topic's partition; null for a file. */
  PARTITION(true),
  /** The record's offset in its partition, or the byte at which its line begins. */
  OFFSET(false),
  /** When the record came to its topic or file. */
  TIMESTAMP(false),
  /** The bare name of the source's table. */
  SOURCE_TABLE(true),
  /**
   * What stands before it: a schema in PostgreSQL, a database in MySQL; null where nothing does.
   */
  SOURCE_SCHEMA(true),
  /** {@code insert}, {@code update}, {@code upsert} or {@code read} (of a snapshot). */
  OPERATION(false),
  /** When the source committed the change. */
  COMMITTED_AT(false),
  /** When the change was read from the source's log. */
  CAPTURED_AT(false),
  /** The source's transaction. */
  TRANSACTION_ID(false),
  /** The change's position, in hexadecimal digits that sort as positions do. */
  POSITION(false),
  /** What identifies the row of a table that has no key; contracts do not name it. */
  ROW(true);

  private final boolean ofTheRow;

  Metadata(boolean ofTheRow) {
    this.ofTheRow = ofTheRow;
  }

  /** The value of the custom property. */
  public String property() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether all changes of a row tell the same, so that it may be part of the row's key. */
  boolean isOfTheRow() {
    return ofTheRow;
  }

  /** The kinds of column that can hold it. */
  Set<Kind> kinds() {
    return switch (this) {
      case TOPIC, SOURCE_TABLE, SOURCE_SCHEMA, OPERATION, TRANSACTION_ID, POSITION, ROW ->
          EnumSet.of(Kind.TEXT);
      case PARTITION -> EnumSet.of(Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT);
      case OFFSET -> EnumSet.of(Kind.BIGINT);
      case TIMESTAMP, COMMITTED_AT, CAPTURED_AT -> EnumSet.of(Kind.TIMESTAMP, Kind.TIMESTAMP_TZ);
    };
  }

  static Optional<Metadata> of(String property) {
    return named().filter(known -> known.property().equals(property)).findFirst();
  }

  static String known() {
    return named().map(Metadata::property).collect(Collectors.joining(", "));
  }

  private static Stream<Metadata> named() {
    return Arrays.stream(values()).filter(metadata -> metadata != ROW);
  }
}
