package io.millrace.transforms.oracle;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import io.millrace.testdata.auction.AuctionEvent;
import io.millrace.testdata.auction.AuctionEvent.Kind;
import io.millrace.testdata.auction.AuctionEvents;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.sketch.DistinctSketch;
import io.millrace.transforms.sketch.QuantilesSketch;
import io.millrace.transforms.window.AggregateByWindow;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Queries like those of Nexmark over events that come up to a second late: what public transforms
 * give is what DuckDB finds in the same events.
 */
class NexmarkWindowsTest {
  private static final String BIDS = "(SELECT * FROM events WHERE kind = 'bid')";

  private static final String HOT_ITEMS =
      """
      WITH counts AS (
        SELECT time // 5000 * 5000 - hop * 5000 AS start, auction, count(*) AS bids
        FROM %s, range(2) hops(hop)
        GROUP BY ALL)
      SELECT start + 5000, start + 10000, '[' || bids || ', '
        || string_agg(auction::VARCHAR, ', ' ORDER BY auction) || ']'
      FROM (SELECT *, max(bids) OVER (PARTITION BY start) AS most FROM counts)
      WHERE bids = most
      GROUP BY start, bids
      """
          .formatted(BIDS);

  private static final String HIGHEST_BIDS =
      "SELECT time // 10000 * 10000 AS start, start + 10000, max(price), count(*) FROM "
          + BIDS
          + " GROUP BY start";

  private static final String SESSIONS =
      """
      WITH pauses AS (
        SELECT *, coalesce(time - lag(time) OVER bidder >= 10000, false) AS pause
        FROM %s
        WINDOW bidder AS (PARTITION BY person ORDER BY time)),
      numbered AS (
        SELECT *, count_if(pause) OVER (PARTITION BY person ORDER BY time) AS session FROM pauses)
      SELECT person, min(time), max(time) + 10000, count(*), sum(price)
      FROM numbered
      GROUP BY person, session
      """
          .formatted(BIDS);

  private static final String MINUTES =
      "SELECT time // 60000 * 60000 AS start, start + 60000, count(DISTINCT person) FROM "
          + BIDS
          + " GROUP BY start";

  @TempDir private Path directory;

  @AfterEach
  void forgetWhatIsLeft() {
    Gathered.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "FLINK_STREAMING, false, 1000000",
    "FLINK_BATCH,     true,  200000",
    "DIRECT,          false, 20000",
    "DIRECT,          true,  20000"
  })
  void windowsAreThoseThatDuckDbFinds(TestRunner runner, boolean bounded, int count)
      throws Exception {
    List<AuctionEvent> events = AuctionEvents.generate(count, count);
    run(runner, events, bounded);
    assertThat(Gathered.take("tooLate"), is(empty()));
    Path csv = directory.resolve("events.csv");
    AuctionEvents.writeCsv(events, csv);
    try (Oracle oracle = new Oracle(csv)) {
      checkEqual(oracle.rows(HOT_ITEMS), texts("hotItems"));
      checkEqual(oracle.rows(HIGHEST_BIDS), texts("highestBids"));
      checkEqual(oracle.rows(SESSIONS), texts("sessions"));
      checkMinutes(oracle);
    }
  }

  private static void run(TestRunner runner, List<AuctionEvent> events, boolean bounded) {
    PipelineOptions options = runner.options();
    // Many watermarks, and few of them held back by bundles that are open.
    options.as(FlinkPipelineOptions.class).setAutoWatermarkInterval(10L);
    options.as(FlinkPipelineOptions.class).setMaxBundleTimeMills(20L);
    Pipeline pipeline = Pipeline.create(options);
    Arrivals<AuctionEvent> arrivals =
        new Arrivals<>(
            "auctions", events, SerializableCoder.of(AuctionEvent.class), AuctionEvent::time);
    PCollection<AuctionEvent> bids =
        pipeline
            .apply(
                "Events", bounded ? arrivals.bounded() : arrivals.unbounded(AuctionEvents.DISORDER))
            .apply("Bids", Filter.by(event -> event.kind() == Kind.BID));
    AggregateByWindow.Result bidsByAuction = AuctionWindows.bidsByAuction(bids);
    gather("bidsByAuction", bidsByAuction);
    gather("hotItems", AuctionWindows.hotItems(bidsByAuction.results()));
    gather("highestBids", AuctionWindows.highestBids(bids));
    gather("sessions", AuctionWindows.sessions(bids));
    gather("minutes", AuctionWindows.minutes(bids));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(DroppedForLateness.by(run), equalTo(0L));
  }

  private static void gather(String name, AggregateByWindow.Result result) {
    result.results().apply("Gather " + name, Gathered.as(name));
    result.tooLate().apply("Gather late " + name, Gathered.as("tooLate"));
  }

  private static List<String> texts(String name) {
    return Gathered.<Row>take(name).stream().map(row -> text(row, 0)).toList();
  }

  private static void checkEqual(List<String> expected, List<String> actual) {
    assertThat(Differences.between(expected, actual), is(empty()));
    assertThat(actual, hasSize(expected.size()));
    assertThat(expected, is(not(empty())));
  }

  /** Key, window and aggregates but the last few; all of the first and only result of a window. */
  private static String text(Row row, int leftOut) {
    int key = row.getSchema().indexOf("window_start");
    int first = row.getSchema().indexOf("elements") + 1;
    assertThat(row.getString("pane") + row.getInt64("revision"), equalTo("ON_TIME0"));
    Stream<Object> bounds =
        Stream.of(
            row.getDateTime("window_start").getMillis(), row.getDateTime("window_end").getMillis());
    return Stream.of(
            row.getValues().subList(0, key).stream(),
            bounds,
            row.getValues().subList(first, row.getFieldCount() - leftOut).stream())
        .flatMap(values -> values)
        .map(String::valueOf)
        .collect(Collectors.joining("|"));
  }

  /** Distinct bidders to three standard deviations; p99 to twice what 99 of 100 keep to. */
  private static void checkMinutes(Oracle oracle) throws SQLException {
    List<Row> minutes = Gathered.take("minutes");
    checkEqual(oracle.rows(MINUTES), minutes.stream().map(row -> text(row, 2)).toList());
    for (Row minute : minutes) {
      byte[] bidders = minute.getBytes("bidders_sketch");
      assertThat(
          (double) minute.getInt64("bidders"),
          is(
              both(greaterThanOrEqualTo(DistinctSketch.lowerBound(bidders, 3)))
                  .and(lessThanOrEqualTo(DistinctSketch.upperBound(bidders, 3)))));
      byte[] prices = minute.getBytes("prices_sketch");
      double told = QuantilesSketch.quantile(prices, 0.99);
      String inMinute =
          " FROM "
              + BIDS
              + " WHERE time // 60000 * 60000 = "
              + minute.getDateTime("window_start").getMillis();
      double all = oracle.number("SELECT count(*)" + inMinute);
      double below = oracle.number("SELECT count(*)" + inMinute + " AND price < " + told) / all;
      double upTo = oracle.number("SELECT count(*)" + inMinute + " AND price <= " + told) / all;
      double error = 2 * QuantilesSketch.rankError(prices);
      assertThat(below, is(lessThanOrEqualTo(0.99 + error)));
      assertThat(upTo, is(greaterThanOrEqualTo(0.99 - error)));
    }
  }
}
