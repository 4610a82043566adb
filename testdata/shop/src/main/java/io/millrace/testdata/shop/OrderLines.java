package io.millrace.testdata.shop;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The table {@code order_lines}, whose key has two columns. */
final class OrderLines extends Entity<OrderLines.Line> {

  record Line(long order, int number) {}

  private static final int LINES = 5;
  private long last;

  OrderLines() {
    super(
        "order_lines",
        List.of("order_id", "line_no"),
        "sku",
        "quantity",
        "unit_price",
        "gift",
        "pick_at",
        "remark");
  }

  /** Line after line of order after order. */
  @Override
  Line freshKey(Values values) {
    Line line = new Line(1 + last / LINES, 1 + (int) (last % LINES));
    last++;
    return line;
  }

  @Override
  List<?> keyValues(Line line) {
    return List.of(line.order(), line.number());
  }

  @Override
  Line existingKey(ResultSet row) throws SQLException {
    Line line = new Line(row.getLong(1), row.getInt(2));
    last = Math.max(last, line.order() * LINES);
    return line;
  }

  @Override
  NewValues row(Line line, Values values) {
    return new NewValues()
        .set("sku", Products.sku(values.reference(Products.USUAL)))
        .set("quantity", 1 + values.below(20))
        .set("unit_price", values.decimal(14, 4))
        .set("gift", values.chance(0.1))
        .set("pick_at", values.chance(0.3) ? null : values.time())
        .set("remark", values.chance(0.5) ? null : values.shortText());
  }

  @Override
  NewValues changes(Values values) {
    return new NewValues()
        .set("quantity", 1 + values.below(20))
        .set("gift", values.chance(0.5))
        .set("pick_at", values.time())
        .set("remark", values.shortText());
  }
}
