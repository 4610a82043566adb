package io.millrace.testdata.shop;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The table {@code orders}; its {@code notes} are sometimes wide. */
final class Orders extends Entity<Long> {
  private long last;

  Orders() {
    super(
        "orders",
        List.of("id"),
        "customer_id",
        "status",
        "placed_at",
        "ship_by",
        "total",
        "discount",
        "coupon",
        "attributes",
        "notes");
  }

  @Override
  Long freshKey(Values values) {
    return ++last;
  }

  @Override
  List<?> keyValues(Long id) {
    return List.of(id);
  }

  @Override
  Long existingKey(ResultSet row) throws SQLException {
    last = Math.max(last, row.getLong(1));
    return row.getLong(1);
  }

  @Override
  NewValues row(Long id, Values values) {
    return new NewValues()
        .set("customer_id", values.reference(Customers.USUAL))
        .set("status", "new")
        .set("placed_at", values.instant())
        .set("ship_by", values.chance(0.5) ? null : values.date())
        .set("total", values.decimal(12, 2))
        .set("discount", values.real())
        .set("coupon", values.chance(0.7) ? null : values.uuid())
        .set("attributes", values.json())
        .set("notes", notes(values));
  }

  private static String notes(Values values) {
    return values.chance(0.2) ? values.wideText() : values.chance(0.5) ? null : values.shortText();
  }

  @Override
  NewValues changes(Values values) {
    NewValues changes =
        new NewValues()
            .set("status", values.oneOf("paid", "shipped", "cancelled"))
            .set("total", values.decimal(12, 2))
            .set("ship_by", values.date())
            .set("attributes", values.json());
    // Now and then an order turns out to be another customer's.
    return values.chance(0.1)
        ? changes.set("customer_id", values.reference(Customers.USUAL))
        : changes;
  }

  @Override
  NewValues changesWithKey(Values values) {
    return new NewValues().set("notes", values.wideText());
  }
}
