package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import org.joda.time.Duration;

/** A database with versions of a shop's tables. */
final class VersionScene implements AutoCloseable {
  static final Contract SHOP =
      TestTable.contract(
          "orders: key id bigint; amount numeric(10,2); note varchar(10)",
          "items: key id bigint; title text");
  static final TestTable ORDERS = TestTable.of(SHOP, "orders");
  static final TestTable ITEMS = TestTable.of(SHOP, "items");
  static final Duration PATIENCE = Duration.standardSeconds(30);

  final TestWarehouse database = TestWarehouse.create();
  Warehouse warehouse = database.warehouse();

  Versions versions() {
    return Versions.of(warehouse);
  }

  void prepare(int version, Contract contract) {
    WarehouseTables.prepare(warehouse.withTargetVersion(version), contract);
  }

  void write(Integer version, Contract contract, ChangeEvent... events) {
    try (BatchWriter writer = new BatchWriter(warehouse.withTargetVersion(version), contract)) {
      for (ChangeEvent event : events) {
        assertThat(writer.write(new ArrayList<>(List.of(event))).refused(), is(empty()));
      }
    }
  }

  /**
   * Makes a version with an order whose note is the version's number, and an item of that title.
   */
  void make(int version) {
    prepare(version, SHOP);
    write(version, SHOP, order(1, "v" + version), item(1, "v" + version));
  }

  static ChangeEvent order(long position, String note) {
    return ORDERS.upsert(position, "{\"id\":1,\"amount\":2.5,\"note\":\"%s\"}".formatted(note));
  }

  static ChangeEvent item(long position, String title) {
    return ITEMS.upsert(position, "{\"id\":1,\"title\":\"%s\"}".formatted(title));
  }

  Cutover cutOver(int version) {
    return versions().cutOver(version, false, "none", PATIENCE);
  }

  /** What readers of both tables see. */
  List<String> served() {
    return query("SELECT note || ' ' || title FROM orders_live JOIN items_live USING (id)");
  }

  List<String> query(String sql) {
    return database.query(sql);
  }

  /** The columns of a table or view. */
  List<String> columns(String relation) {
    return query(
        "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0"
                .formatted(relation)
            + " AND NOT attisdropped ORDER BY attnum");
  }

  @Override
  public void close() {
    database.close();
  }
}
