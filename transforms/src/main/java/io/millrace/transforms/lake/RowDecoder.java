package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Key;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.image.JsonValues;
import io.millrace.schemas.image.KeyCodec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes changes of a table to rows. A value that Parquet's type of its column cannot hold exactly
 * (an infinite date, NaN in a decimal) is null there and stands in {@code _special}.
 */
final class RowDecoder {
  /** Schemas change seldom; this only bounds what a stream of ever new ones could take. */
  private static final int MOST_READERS = 1_000;

  private final TableContract table;
  private final LakeColumns columns;
  private final UnknownColumns unknownColumns;
  private final KeyCodec keys;
  private final Map<ImageEncoding, ImageReader> readers = new HashMap<>();
  private final @Nullable Object[] row;
  private @Nullable StringBuilder special;

  RowDecoder(TableContract table, LakeColumns columns, UnknownColumns unknownColumns) {
    this.table = table;
    this.columns = columns;
    // Only what a delete's row was like before has not passed the parser's check.
    UnknownColumns policy = table.unknownColumns(unknownColumns);
    this.unknownColumns = policy == UnknownColumns.REJECT ? UnknownColumns.CAPTURE : policy;
    this.keys = new KeyCodec(table);
    this.row = new Object[columns.count()];
  }

  /** The values of a change's row, as they are written; good until the next call. */
  @Nullable Object[] decode(ChangeEvent event) {
    Arrays.fill(row, null);
    special = null;
    Columns values = read(event);
    if (values != null) {
      for (int i = 0; i < table.columns().size(); i++) {
        set(i, values.value(i));
      }
    }
    fillKey(event.key());
    columns.setOwn(
        event,
        new LakeColumns.Texts(
            columns.named(event.unchanged()),
            values == null ? null : values.extra(),
            special == null ? null : special + "}"),
        row);
    return row;
  }

  private @Nullable Columns read(ChangeEvent event) {
    Image after = event.after();
    if (after != null) {
      return reader(after).read(after);
    }
    Image before = event.before();
    try {
      return before == null ? null : reader(before).read(before);
    } catch (RejectedRecordException e) {
      addSpecial("*", "the row before the delete: " + e.getMessage());
      return null;
    }
  }

  private void set(int column, @Nullable Object value) {
    if (value != null) {
      row[column] = columns.writer(column).fit().apply(value);
      if (row[column] == null) {
        addSpecial(columns.name(column), value);
      }
    }
  }

  /** A delete often comes with no more than a key, and that beside the row. */
  private void fillKey(Key key) {
    if (key.bytes().length == 0) {
      return;
    }
    List<Integer> indexes = table.keyColumns();
    Object @Nullable [] decoded = null;
    for (int i = 0; i < indexes.size(); i++) {
      if (row[indexes.get(i)] == null) {
        decoded = decoded == null ? keys.decode(key) : decoded;
        set(indexes.get(i), decoded[i]);
      }
    }
  }

  private void addSpecial(String column, Object value) {
    special = special == null ? new StringBuilder("{") : special.append(',');
    special.append(JsonValues.toJson(column)).append(':').append(JsonValues.toJson(value));
  }

  private ImageReader reader(Image image) {
    if (readers.size() >= MOST_READERS) {
      readers.clear();
    }
    return readers.computeIfAbsent(
        image.encoding(), encoding -> new ImageReader(table, encoding, unknownColumns));
  }
}
