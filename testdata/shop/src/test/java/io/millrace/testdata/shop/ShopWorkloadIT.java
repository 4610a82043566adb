package io.millrace.testdata.shop;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

class ShopWorkloadIT {
  private static LocalPostgres postgres;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("postgres");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void theSeedDecidesWhatTheTablesHold() throws SQLException {
    Map<String, String> first = tablesAfterARun("first", 11);
    assertThat(tablesAfterARun("second", 11), is(first));
    assertThat(tablesAfterARun("third", 12), is(not(first)));
  }

  @Test
  void keepsToTheTimeAndTheRate() throws SQLException {
    Database shop = shop("paced");
    try (ShopWorkload workload = ShopWorkload.on(shop, 1)) {
      workload.fill(50);
      long before = workload.changes();
      long begin = System.nanoTime();
      workload.run(Duration.ofSeconds(2), 150);
      assertThat(System.nanoTime() - begin, lessThan(Duration.ofSeconds(10).toNanos()));
      // A transaction is never cut, so there may be somewhat more.
      assertThat(workload.changes() - before, lessThan(500L));
    }
  }

  @Test
  void goesOnFromTheRowsThatAreThere() throws SQLException {
    Database shop = shop("again");
    try (ShopWorkload workload = ShopWorkload.on(shop, 1)) {
      workload.fill(50);
      workload.run(300);
    }
    try (ShopWorkload workload = ShopWorkload.on(shop, 2)) {
      workload.run(300);
      assertThat(workload.changes(), greaterThanOrEqualTo(300L));
    }
  }

  @Test
  void anOpenTransactionShowsNothingUntilItCommits() throws SQLException {
    Database shop = shop("open");
    try (ShopWorkload workload = ShopWorkload.on(shop, 1)) {
      workload.fill(50);
      Map<String, String> before = contents(shop);
      workload.openLongTransaction();
      assertThat(contents(shop), is(before));
      long changes = workload.changes();
      workload.commitLongTransaction();
      assertThat(contents(shop), is(not(before)));
      assertThat(workload.changes(), greaterThan(changes));
    }
  }

  @Test
  void writesColumnsThatOthersAddedRenamedDroppedAndRetyped() throws SQLException {
    Database shop = shop("altered");
    try (ShopWorkload workload = ShopWorkload.on(shop, 1)) {
      workload.fill(50);
      execute(shop, "ALTER TABLE orders ADD COLUMN channel varchar(12)");
      execute(shop, "ALTER TABLE orders RENAME COLUMN coupon TO voucher");
      execute(shop, "ALTER TABLE orders ALTER COLUMN total TYPE numeric(18,2)");
      execute(shop, "ALTER TABLE orders DROP COLUMN discount");
      execute(shop, "ALTER TABLE order_lines RENAME COLUMN line_no TO \"Line\"");
      execute(shop, "ALTER TABLE customers ALTER COLUMN born TYPE text");
      execute(shop, "UPDATE orders SET voucher = NULL");
      workload.run(500);
    }
    assertThat(count(shop, "orders WHERE channel IS NOT NULL"), greaterThan(0L));
    assertThat(count(shop, "orders WHERE voucher IS NOT NULL"), greaterThan(0L));
    assertThat(count(shop, "orders WHERE abs(total) >= 10000000000"), greaterThan(0L));
    try (ShopWorkload workload = ShopWorkload.on(shop, 2)) {
      workload.run(50);
    }
  }

  @Test
  @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
  void theLongTransactionEndsWhenSomebodyWaitsForIt() throws Exception {
    Database shop = shop("waiting");
    try (ShopWorkload workload = ShopWorkload.on(shop, 1)) {
      workload.fill(50);
      workload.openLongTransaction();
      CompletableFuture<Void> altered =
          CompletableFuture.runAsync(
              () -> executeUnchecked(shop, "ALTER TABLE orders ADD COLUMN channel text"));
      while (count(shop, "pg_locks WHERE NOT granted AND relation = 'orders'::regclass") == 0) {
        Thread.onSpinWait();
      }
      assertThat(altered.isDone(), is(false));
      workload.run(50);
      altered.join();
      workload.run(50);
    }
    assertThat(count(shop, "orders WHERE channel IS NOT NULL"), greaterThan(0L));
  }

  private static void executeUnchecked(Database shop, String sql) {
    try {
      execute(shop, sql);
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private static void execute(Database shop, String sql) throws SQLException {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(Database shop, String rows) throws SQLException {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + rows)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static Map<String, String> tablesAfterARun(String name, long seed) throws SQLException {
    Database shop = shop(name);
    try (ShopWorkload workload = ShopWorkload.on(shop, seed)) {
      workload.fill(100);
      workload.openLongTransaction();
      workload.run(1_000);
    }
    return contents(shop);
  }

  private static Database shop(String name) throws SQLException {
    Database shop = postgres.database(name);
    Shop.create(shop);
    return shop;
  }

  /** A digest of each table. */
  private static Map<String, String> contents(Database shop) throws SQLException {
    Map<String, String> digests = new LinkedHashMap<>();
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      for (Shop.Table table : Shop.TABLES) {
        String query =
            "SELECT count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY t::text)) FROM "
                + table.name()
                + " t";
        try (ResultSet rows = statement.executeQuery(query)) {
          rows.next();
          digests.put(table.name(), rows.getString(1));
        }
      }
    }
    return digests;
  }
}
