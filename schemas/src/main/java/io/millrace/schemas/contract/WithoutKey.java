package io.millrace.schemas.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What identifies the rows of a table whose source has no key: its property {@code withoutKey}. */
public enum WithoutKey {
  /** Each insert and update is a row of its own, which nothing changes. */
  APPEND,
  /** All columns do: rows that are equal are one, and an update is a delete and an insert. */
  ALL_COLUMNS;

  /** The column, in the target, whose digest stands for the row's identity. */
  public static final String COLUMN = "_row";

  /** The custom property. */
  static final String PROPERTY = "withoutKey";

  static Optional<WithoutKey> of(String property) {
    return Arrays.stream(values())
        .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(property))
        .findFirst();
  }

  /** The key of a table that has none. */
  static ColumnContract column() {
    return ColumnContract.builder()
        .setName(COLUMN)
        .setPhysicalName(COLUMN)
        .setType(ColumnType.parse("text"))
        .setKeyPosition(1)
        .setRequired(true)
        .setPersonal(false)
        .setCustomProperties(java.util.Map.of())
        .setMetadata(Metadata.ROW)
        .build();
  }
}
