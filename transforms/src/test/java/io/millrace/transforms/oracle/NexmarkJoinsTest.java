package io.millrace.transforms.oracle;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.testdata.auction.AuctionEvent;
import io.millrace.testdata.auction.AuctionEvents;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.entity.Evolved;
import io.millrace.transforms.join.Joined;
import io.millrace.transforms.join.JoinedStreams;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Joins like those of Nexmark over events that come up to a second late: what public transforms
 * give is what DuckDB finds in the same events.
 */
class NexmarkJoinsTest {
  private static final String BIDS_OF_AUCTIONS =
      """
      SELECT auctions.auction, auctions.time, bids.time, bids.person, bids.price
      FROM (SELECT * FROM events WHERE kind = 'auction') auctions
      LEFT JOIN (SELECT * FROM events WHERE kind = 'bid') bids
        ON bids.auction = auctions.auction
        AND bids.time BETWEEN auctions.time - 10000 AND auctions.time + 10000
      """;

  private static final String WINNING_BIDS =
      """
      SELECT auctions.auction, max(bids.price), arg_max(bids.person, (bids.price, -bids.time))
      FROM (SELECT * FROM events WHERE kind = 'auction') auctions
      JOIN (SELECT * FROM events WHERE kind = 'bid') bids
        ON bids.auction = auctions.auction
        AND bids.time BETWEEN auctions.time AND auctions.time + 10000
        AND bids.price >= auctions.price
      GROUP BY auctions.auction
      """;

  private static final String SELLERS =
      """
      SELECT persons.person, persons.time, auctions.time, auctions.auction
      FROM (SELECT * FROM events WHERE kind = 'person') persons
      JOIN (SELECT * FROM events WHERE kind = 'auction') auctions
        ON auctions.person = persons.person
      """;

  private static final String NEW_SELLERS =
      SELLERS + " AND auctions.time // 10000 = persons.time // 10000";

  @TempDir private Path directory;

  @AfterEach
  void forgetWhatIsLeft() {
    Gathered.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "FLINK_STREAMING, false, 1000000",
    "FLINK_BATCH,     true,  200000",
    "DIRECT,          false, 10000",
    "DIRECT,          true,  10000"
  })
  void joinsAreThoseThatDuckDbFinds(TestRunner runner, boolean bounded, int count)
      throws Exception {
    List<AuctionEvent> events = AuctionEvents.generate(count, count);
    run(runner, events, bounded);
    assertThat(Gathered.take("tooLate"), is(empty()));
    Path csv = directory.resolve("events.csv");
    AuctionEvents.writeCsv(events, csv);
    try (Oracle oracle = new Oracle(csv)) {
      checkEqual(oracle.rows(BIDS_OF_AUCTIONS), Gathered.take("bidsOfAuctions"));
      checkEqual(oracle.rows(SELLERS), Gathered.take("sellers"));
      checkEqual(oracle.rows(NEW_SELLERS), Gathered.take("newSellers"));
      checkEqual(oracle.rows(WINNING_BIDS), newest(Gathered.take("winningBids")));
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
    PCollection<AuctionEvent> all =
        pipeline.apply(
            "Events", bounded ? arrivals.bounded() : arrivals.unbounded(AuctionEvents.DISORDER));
    JoinedStreams<Long, Long, KV<Long, Long>> bids = AuctionJoins.bidsOfAuctions(all);
    gather("bidsOfAuctions", bids, AuctionJoins::bid);
    gather("sellers", AuctionJoins.sellers(all), AuctionJoins::seller);
    gather("newSellers", AuctionJoins.newSellers(all), AuctionJoins::seller);
    AuctionJoins.winningBids(bids.joined())
        .entities()
        .apply("GatherWinning", Gathered.as("winningBids"));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(DroppedForLateness.by(run), equalTo(0L));
  }

  private static <L, R> void gather(
      String name,
      JoinedStreams<Long, L, R> joined,
      SerializableFunction<KV<Long, Joined<L, R>>, String> text) {
    joined
        .joined()
        .apply("Text " + name, MapElements.into(TypeDescriptors.strings()).via(text))
        .apply("Gather " + name, Gathered.as(name));
    joined.tooLateLeft().apply("Gather left " + name, Gathered.as("tooLate"));
    joined.tooLateRight().apply("Gather right " + name, Gathered.as("tooLate"));
  }

  /** The last revision of each auction. */
  private static List<String> newest(List<KV<Long, Evolved<AuctionJoins.Bid>>> said) {
    Map<Long, Evolved<AuctionJoins.Bid>> newest = new HashMap<>();
    for (KV<Long, Evolved<AuctionJoins.Bid>> one : said) {
      newest.merge(one.getKey(), one.getValue(), (a, b) -> a.revision() > b.revision() ? a : b);
    }
    return newest.entrySet().stream()
        .map(
            entry ->
                "%s|%s|%s"
                    .formatted(
                        entry.getKey(),
                        entry.getValue().entity().price(),
                        entry.getValue().entity().bidder()))
        .toList();
  }

  private static void checkEqual(List<String> expected, List<String> actual) {
    assertThat(Differences.between(expected, actual), is(empty()));
    assertThat(actual, hasSize(expected.size()));
    assertThat(expected, is(not(empty())));
  }
}
