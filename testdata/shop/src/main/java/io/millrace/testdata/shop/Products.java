package io.millrace.testdata.shop;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** The table {@code products}, with a wide column that most updates leave alone. */
final class Products extends Entity<String> {
  /** How many a small shop has. */
  static final int USUAL = 125;

  private long last;

  Products() {
    super(
        "products",
        List.of("sku"),
        "name",
        "description",
        "price",
        "weight",
        "tags",
        "thumbnail",
        "stock",
        "changed_at");
  }

  @Override
  String freshKey(Values values) {
    return sku(++last);
  }

  /** The key of the product of this number, from 1. */
  static String sku(long number) {
    return "SKU-%06d-%s"
        .formatted(
            number,
            Long.toString(46_656 + ((number * 7_919) % 1_632_960), 36).toUpperCase(Locale.ROOT));
  }

  @Override
  List<?> keyValues(String sku) {
    return List.of(sku);
  }

  @Override
  String existingKey(ResultSet row) throws SQLException {
    String sku = row.getString(1);
    last = Math.max(last, Long.parseLong(sku.split("-", -1)[1]));
    return sku;
  }

  @Override
  NewValues row(String sku, Values values) {
    return new NewValues()
        .set("name", values.shortText() + " " + values.letters(10))
        .set("description", values.chance(0.7) ? values.wideText() : values.shortText())
        .set("price", values.price())
        .set("weight", values.smallReal())
        .set("tags", values.textArray())
        .set("thumbnail", values.chance(0.1) ? null : values.bytes())
        .set("stock", values.below(1_000))
        .set("changed_at", values.localMillis());
  }

  @Override
  NewValues changes(Values values) {
    return values.chance(0.1)
        ? new NewValues().set("description", values.chance(0.2) ? null : values.wideText())
        : new NewValues()
            .set("stock", values.below(1_000))
            .set("price", values.price())
            .set("tags", values.textArray())
            .set("changed_at", values.localMillis());
  }

  @Override
  NewValues changesWithKey(Values values) {
    return new NewValues().set("description", values.wideText());
  }
}
