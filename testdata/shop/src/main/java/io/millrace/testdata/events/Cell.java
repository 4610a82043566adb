package io.millrace.testdata.events;

/**
 * How the values of a column come about: each is a function of 64 random bits, so that a row needs
 * no more memory than its seeds, and the same value can be written in any format at any time.
 */
interface Cell {

  /** Appends the value as Debezium's JSON has it. */
  void debezium(StringBuilder out, long bits);

  /** Appends the value as the neutral format has it. */
  default void neutral(StringBuilder out, long bits) {
    debezium(out, bits);
  }

  /** The value as PostgreSQL writes it as text; null is null. */
  String text(long bits);

  /** Null in one row of so many. */
  record OrNull(Cell cell, int oneIn) implements Cell {
    private boolean isNull(long bits) {
      return Long.remainderUnsigned(Bits.mix(bits), oneIn) == 0;
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      if (isNull(bits)) {
        out.append("null");
      } else {
        cell.debezium(out, bits);
      }
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      if (isNull(bits)) {
        out.append("null");
      } else {
        cell.neutral(out, bits);
      }
    }

    @Override
    public String text(long bits) {
      return isNull(bits) ? null : cell.text(bits);
    }
  }
}
