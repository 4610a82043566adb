package io.millrace.testdata.shop;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** The table {@code customers}. */
final class Customers extends Entity<Long> {
  /** How many a small shop has. */
  static final int USUAL = 500;

  private long last;

  Customers() {
    super(
        "customers",
        List.of("id"),
        "email",
        "name",
        "tier",
        "born",
        "balance",
        "active",
        "preferences",
        "registered_at");
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
        .set("email", values.letters(6).toLowerCase(Locale.ROOT) + "." + id + "@example.com")
        .set("name", values.personName())
        .set("tier", values.oneOf("bronze", "silver", "gold"))
        .set("born", values.chance(0.2) ? null : values.date())
        .set("balance", values.balance())
        .set("active", values.chance(0.8))
        .set("preferences", values.json())
        .set("registered_at", values.instant());
  }

  @Override
  NewValues changes(Values values) {
    return new NewValues()
        .set("balance", values.balance())
        .set("tier", values.oneOf("bronze", "silver", "gold"))
        .set("preferences", values.json())
        .set("active", values.chance(0.5));
  }
}
