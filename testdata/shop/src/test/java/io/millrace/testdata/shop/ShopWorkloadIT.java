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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
