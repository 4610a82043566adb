package io.millrace.testdata.events;

import java.math.BigDecimal;

/** Cells of numbers and truth values. */
final class Numbers {

  /** A whole number from 0. */
  record Whole(long bound) implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(Long.remainderUnsigned(bits, bound));
    }

    @Override
    public String text(long bits) {
      return Long.toUnsignedString(Long.remainderUnsigned(bits, bound));
    }
  }

  /** A decimal, written as text, as with {@code decimal.handling.mode=string}. */
  record Decimal(long bound, int scale) implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(text(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return BigDecimal.valueOf(bits % bound, scale).toPlainString();
    }
  }

  /** A floating-point number with three decimals. */
  record Real(int bound) implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(value(bits));
    }

    @Override
    public String text(long bits) {
      String text = Double.toString(value(bits));
      return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private double value(long bits) {
      return 1 + Long.remainderUnsigned(bits, 1_000L * bound) / 1000.0;
    }
  }

  /** True or false. */
  record Flag() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append((bits & 1) == 0);
    }

    @Override
    public String text(long bits) {
      return Boolean.toString((bits & 1) == 0);
    }
  }

  private Numbers() {}
}
