package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.testdata.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way, as a user would go it: PostgreSQL, Debezium, Kafka, the runner's jar, a warehouse;
 * with a transaction that is open while the snapshot is taken, and with columns that change at the
 * source, and into a second version of the tables. The demo's exit code is 0 only if every row of
 * every table is equal.
 */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
class DemoIT {
  private static final int LIMIT_MINUTES = 8;
  private static final String GOLD =
      "The summaries and alerts are those of the events that were sent.";
  private static final Pattern SHOP =
      Pattern.compile("cat (\\S+)\\) psql -h (\\S+) -p (\\d+) -U (\\S+) (\\S+)\\R");

  @TempDir Path directory;

  @Test
  void warehouseEqualsTheSource() throws Exception {
    Process demo = start("--seconds=8", "--runner=direct");
    assertThat(awaitEnd(demo), containsString(GOLD));
  }

  @Test
  void nothingIsLostOfColumnsThatChangeAtTheSource() throws Exception {
    Process demo = start("--seconds=10", "--runner=flink", "--alter");
    // As by hand, besides; a wide column, which most updates leave out.
    alter(shop(demo), "ALTER TABLE products RENAME COLUMN description TO details");
    String log = awaitEnd(demo);
    assertThat(log, matchesPattern(said("orders: coupon is called voucher now")));
    assertThat(log, matchesPattern(said("orders: channel was added, character varying\\(12\\)")));
    assertThat(log, matchesPattern(said("products: description is called details now")));
    assertThat(log, matchesPattern(said("[1-9][\\d,]* rows have something in _extra")));
    assertThat(log, matchesPattern(said("ALTER COLUMN \"total\" TYPE numeric\\(18,2\\)")));
    assertThat(
        log, matchesPattern(said("Dead letters: ([1-9][\\d,]*) sent again, \\1 written, 0 still")));
    assertThat(log, matchesPattern(said("0 rows have something in _extra, 0 dead letters wait")));
    assertThat(log, containsString(GOLD));
  }

  @Test
  void whatWasLandedAndForgottenServesAsAVersionWhileTheShopGoesOn() throws Exception {
    Process demo = start("--seconds=8", "--replay");
    String log = awaitEnd(demo);
    assertThat(
        log,
        matchesPattern(
            said("All [1-9][\\d,]+ records are landed, and in version 1. The topics forget them")));
    for (String sides :
        List.of(
            "audit: version 1 and the source",
            "audit: version 2 and the source",
            "diff: version 1 and version 2")) {
      assertThat(
          log,
          matchesPattern(
              said(sides + ": [1-9][\\d,]+ rows are equal, of customers, .*order_lines")));
    }
    assertThat(
        log, matchesPattern(said("diff: .*: [1-9][\\d,]+ rows are equal, of wide_order_lines")));
    assertThat(log, containsString("cutover: version 2 of public serves, in place of version 1."));
    assertThat(log, matchesPattern(said("by version 1 up to [1-9].* and by version 2 from [1-9]")));
  }

  private static Pattern said(String pattern) {
    return Pattern.compile(".*" + pattern + ".*", Pattern.DOTALL);
  }

  private Process start(String... options) throws IOException {
    Path home = Path.of("../..").toRealPath();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                home.resolve("testdata/shop/target/millrace-testdata.jar").toString(),
                "demo",
                "--millrace-home=" + home));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output().toFile())
        .start();
  }

  private Path output() {
    return directory.resolve("demo.log");
  }

  /** Awaits that it ends well; answers what it said. */
  private String awaitEnd(Process demo) throws Exception {
    try {
      assertThat("ended in time", demo.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES), is(true));
    } finally {
      demo.destroy();
    }
    String log = Files.readString(output());
    assertThat(log, containsString("The views are what their queries answer at the source."));
    assertThat(log, containsString("All 5 tables are equal"));
    assertThat(log, containsString("The ledger balances."));
    assertThat(log, demo.exitValue(), is(0));
    return log;
  }

  /** The shop's database, once the shop is open. */
  private Database shop(Process demo) throws Exception {
    Matcher told = SHOP.matcher(Files.readString(output()));
    while (!told.find()) {
      boolean ended = demo.waitFor(100, TimeUnit.MILLISECONDS);
      assertThat(Files.readString(output()), ended, is(false));
      told = SHOP.matcher(Files.readString(output()));
    }
    return new Database(
        "jdbc:postgresql://%s:%s/%s".formatted(told.group(2), told.group(3), told.group(5)),
        told.group(4),
        Files.readString(Path.of(told.group(1))).strip());
  }

  private static void alter(Database shop, String sql) throws SQLException {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
