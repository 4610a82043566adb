package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The table {@code order_lines}, whose key has two columns. */
final class OrderLines extends Entity<OrderLines.Line> {

  record Line(long order, int number) {}

  private static final int LINES = 5;
  private long last;

  /** Line after line of order after order. */
  @Override
  Line freshKey(Values values) {
    Line line = new Line(1 + last / LINES, 1 + (int) (last % LINES));
    last++;
    return line;
  }

  @Override
  String keyQuery() {
    return "SELECT order_id, line_no FROM order_lines ORDER BY order_id, line_no";
  }

  @Override
  Line existingKey(ResultSet row) throws SQLException {
    Line line = new Line(row.getLong(1), row.getInt(2));
    last = Math.max(last, line.order() * LINES);
    return line;
  }

  @Override
  void insert(Connection connection, Line key, Values values) throws SQLException {
    execute(
        connection,
        "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        key.order(),
        key.number(),
        "SKU-%06d".formatted(values.below(5_000)),
        1 + values.below(20),
        values.decimal(14, 4),
        values.chance(0.1),
        values.chance(0.3) ? null : values.time(),
        values.chance(0.5) ? null : values.shortText());
  }

  @Override
  void update(Connection connection, Line key, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE order_lines SET quantity = ?, gift = NOT gift, pick_at = ?, remark = ?"
            + " WHERE order_id = ? AND line_no = ?",
        1 + values.below(20),
        values.time(),
        values.shortText(),
        key.order(),
        key.number());
  }

  @Override
  void changeKey(Connection connection, Line from, Line to, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE order_lines SET order_id = ?, line_no = ? WHERE order_id = ? AND line_no = ?",
        to.order(),
        to.number(),
        from.order(),
        from.number());
  }

  @Override
  void delete(Connection connection, Line key) throws SQLException {
    execute(
        connection,
        "DELETE FROM order_lines WHERE order_id = ? AND line_no = ?",
        key.order(),
        key.number());
  }
}
