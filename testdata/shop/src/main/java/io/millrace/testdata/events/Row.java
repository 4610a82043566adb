package io.millrace.testdata.events;

import io.millrace.testdata.events.Bank.Column;
import io.millrace.testdata.events.Bank.Group;
import io.millrace.testdata.events.Bank.Table;

/** A row as the seeds its values come from: 50 bytes whatever its width. */
final class Row {
  private static final long SALT = 0x9e3779b97f4a7c15L;

  /** Where it stands in the list of live rows. */
  int place;

  /** What its key comes from. */
  long number;

  private long always;
  private long sometimes;
  private long wide;

  Row(long number, long seed) {
    this.number = number;
    renew(seed);
  }

  /** New values for all columns outside the key. */
  void renew(long seed) {
    always = seed;
    sometimes = Bits.mix(seed + 1);
    wide = Bits.mix(seed + 2);
  }

  /** New values for the columns that an update changes. */
  void update(long seed, boolean sometimesToo, boolean wideToo) {
    always = seed;
    if (sometimesToo) {
      sometimes = Bits.mix(seed + 1);
    }
    if (wideToo) {
      wide = Bits.mix(seed + 2);
    }
  }

  /** The bits of a column's value. */
  long bits(Table table, int column) {
    Group group = table.columns().get(column).group();
    return switch (group) {
      case KEY -> number;
      case ALWAYS -> Bits.mix(always + column * SALT);
      case SOMETIMES -> Bits.mix(sometimes + column * SALT);
      case WIDE -> Bits.mix(wide + column * SALT);
    };
  }

  /** The value of a column as PostgreSQL's text; null is null. */
  String text(Table table, int column) {
    Column definition = table.columns().get(column);
    return definition.cell().text(bits(table, column));
  }
}
