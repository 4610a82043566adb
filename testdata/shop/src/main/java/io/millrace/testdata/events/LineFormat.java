package io.millrace.testdata.events;

import io.millrace.testdata.events.Bank.Column;
import io.millrace.testdata.events.Bank.Group;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Writes changes as lines. */
abstract class LineFormat {
  private static final byte[] NOT_UTF8 = {(byte) 0xc3, (byte) 0x28, (byte) 0xff};
  private final StringBuilder text = new StringBuilder(1_024);

  /** Whether an update that changes the key can be written as one event. */
  abstract boolean hasKeyUpdates();

  /** Appends the change as JSON. */
  abstract void write(StringBuilder out, Change change, Flaw flaw);

  /** Hands on the change's lines. */
  void write(Change change, Flaw flaw, Consumer<Line> output) {
    text.setLength(0);
    write(text, change, flaw);
    output.accept(new Line(bytes(flaw), flaw));
  }

  private byte[] bytes(Flaw flaw) {
    return switch (flaw) {
      case TRUNCATED_JSON -> text.substring(0, text.length() / 3).getBytes(StandardCharsets.UTF_8);
      case NOT_AN_OBJECT -> "[\"an array\", 1, null]".getBytes(StandardCharsets.UTF_8);
      case INVALID_UTF8 -> withBadBytes(text.toString());
      default -> text.toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  private static byte[] withBadBytes(String text) {
    int place = text.indexOf(Flaw.BAD_BYTES);
    byte[] before = text.substring(0, place).getBytes(StandardCharsets.UTF_8);
    byte[] after = text.substring(place + 1).getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(before, before.length + NOT_UTF8.length + after.length);
    System.arraycopy(NOT_UTF8, 0, all, before.length, NOT_UTF8.length);
    System.arraycopy(after, 0, all, before.length + NOT_UTF8.length, after.length);
    return all;
  }

  /** Appends the key's columns as an object. */
  static void key(StringBuilder out, Change change, long number, Flaw flaw) {
    char separator = '{';
    for (Column column : change.table().columns()) {
      if (column.group() == Group.KEY) {
        out.append(separator).append('"').append(column.name()).append("\":");
        value(out, column, number, flaw, false);
        separator = ',';
      }
    }
    out.append('}');
  }

  /**
   * Appends the columns of the row.
   *
   * @param placeholder what stands for a wide column that was not touched; null leaves it out
   */
  static void row(
      StringBuilder out, Change change, Flaw flaw, String placeholder, boolean neutral) {
    List<Column> columns = change.table().columns();
    char separator = '{';
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      boolean untouched = change.wideUntouched() && column.group() == Group.WIDE;
      boolean absent =
          (change.sometimesAbsent() && column.group() == Group.SOMETIMES)
              || (untouched && placeholder == null);
      if (absent) {
        continue;
      }
      out.append(separator).append('"').append(column.name()).append("\":");
      separator = ',';
      if (untouched) {
        Json.quote(out, placeholder);
      } else {
        value(out, column, change.row().bits(change.table(), i), flaw, neutral);
      }
    }
    out.append('}');
  }

  private static void value(
      StringBuilder out, Column column, long bits, Flaw flaw, boolean neutral) {
    String replacement = flaw.replacement(column.name());
    if (replacement != null) {
      out.append(replacement);
    } else if (neutral) {
      column.cell().neutral(out, bits);
    } else {
      column.cell().debezium(out, bits);
    }
  }
}
