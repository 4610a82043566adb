package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The table {@code products}, with a wide column that most updates leave alone. */
final class Products extends Entity<String> {
  private long last;

  @Override
  String freshKey(Values values) {
    return "SKU-%06d-%s".formatted(++last, values.letters(4));
  }

  @Override
  String keyQuery() {
    return "SELECT sku FROM products ORDER BY sku";
  }

  @Override
  String existingKey(ResultSet row) throws SQLException {
    String sku = row.getString(1);
    last = Math.max(last, Long.parseLong(sku.split("-", -1)[1]));
    return sku;
  }

  @Override
  void insert(Connection connection, String sku, Values values) throws SQLException {
    execute(
        connection,
        "INSERT INTO products VALUES (?, ?, ?, ?, ?, ?::text[], ?, ?, ?)",
        sku,
        values.shortText() + " " + values.letters(10),
        values.chance(0.7) ? values.wideText() : values.shortText(),
        values.price(),
        values.smallReal(),
        values.textArray(),
        values.chance(0.1) ? null : values.bytes(),
        values.below(1_000),
        values.localMillis());
  }

  @Override
  void update(Connection connection, String sku, Values values) throws SQLException {
    if (values.chance(0.1)) {
      execute(
          connection,
          "UPDATE products SET description = ? WHERE sku = ?",
          values.chance(0.2) ? null : values.wideText(),
          sku);
    } else {
      execute(
          connection,
          "UPDATE products SET stock = ?, price = ?, tags = ?::text[], changed_at = ?"
              + " WHERE sku = ?",
          values.below(1_000),
          values.price(),
          values.textArray(),
          values.localMillis(),
          sku);
    }
  }

  @Override
  void changeKey(Connection connection, String from, String to, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE products SET sku = ?, description = ? WHERE sku = ?",
        to,
        values.wideText(),
        from);
  }

  @Override
  void delete(Connection connection, String sku) throws SQLException {
    execute(connection, "DELETE FROM products WHERE sku = ?", sku);
  }
}
