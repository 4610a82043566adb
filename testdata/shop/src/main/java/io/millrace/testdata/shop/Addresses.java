package io.millrace.testdata.shop;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** The table {@code addresses}, which the workload truncates once and fills again. */
final class Addresses extends Entity<UUID> {

  Addresses() {
    super(
        "addresses",
        List.of("id"),
        "customer_id",
        "street",
        "city",
        "country",
        "latitude",
        "longitude",
        "valid_from");
  }

  @Override
  UUID freshKey(Values values) {
    return values.uuid();
  }

  @Override
  List<?> keyValues(UUID id) {
    return List.of(id);
  }

  @Override
  UUID existingKey(ResultSet row) throws SQLException {
    return row.getObject(1, UUID.class);
  }

  @Override
  NewValues row(UUID id, Values values) {
    return new NewValues()
        .set("customer_id", values.reference(Customers.USUAL))
        .set("street", values.shortText() + " " + values.below(200))
        .set("city", values.city())
        .set("country", values.oneOf("DE", "BR", "IS", "PL", "JP", "IE", "CA"))
        .set("latitude", values.real())
        .set("longitude", values.real())
        .set("valid_from", values.date());
  }

  @Override
  NewValues changes(Values values) {
    return new NewValues()
        .set("street", values.shortText() + " " + values.below(200))
        .set("latitude", values.real())
        .set("longitude", values.real());
  }
}
