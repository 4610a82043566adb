package io.millrace.transforms.oracle;

import io.millrace.testdata.auction.AuctionEvent;
import io.millrace.transforms.sketch.DistinctSketch;
import io.millrace.transforms.sketch.QuantilesSketch;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.AggregateByWindow;
import io.millrace.transforms.window.Attribute;
import io.millrace.transforms.window.Windows;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/** Questions about bids, as one asks them of Millrace. */
final class AuctionWindows {
  private static final Duration TEN_SECONDS = Duration.standardSeconds(10);
  private static final Duration FIVE_SECONDS = Duration.standardSeconds(5);
  private static final Attribute<AuctionEvent> PRICE =
      Attribute.int64("price", AuctionEvent::price);
  private static final Attribute<AuctionEvent> BIDDER =
      Attribute.int64("bidder", AuctionEvent::person);

  /** How many bids each auction had, in 10 s of which some begin every 5 s. */
  static AggregateByWindow.Result bidsByAuction(PCollection<AuctionEvent> bids) {
    return bids.apply(
        "BidsByAuction",
        AggregateByWindow.<AuctionEvent>in(Windows.hopping(TEN_SECONDS, FIVE_SECONDS))
            .by(Attribute.int64("auction", AuctionEvent::auction))
            .compute(Aggregate.count("bids")));
  }

  /**
   * The auctions with most bids in each window of {@link #bidsByAuction}: the number of bids, then
   * the auctions. A count is at its window's last millisecond, so those of one window, and no
   * others, are in the last 5 s of it.
   */
  static AggregateByWindow.Result hotItems(PCollection<Row> bidsByAuction) {
    return bidsByAuction.apply(
        "HotItems",
        AggregateByWindow.<Row>in(Windows.tumbling(FIVE_SECONDS))
            .compute(
                Aggregate.combine(
                    "hottest",
                    Attribute.of(
                        "bids",
                        FieldType.array(FieldType.INT64),
                        row -> List.of(row.getInt64("bids"), row.getInt64("auction"))),
                    new HottestFn(),
                    FieldType.array(FieldType.INT64))));
  }

  /** The highest bid of every 10 s. */
  static AggregateByWindow.Result highestBids(PCollection<AuctionEvent> bids) {
    return bids.apply(
        "HighestBids",
        AggregateByWindow.<AuctionEvent>in(Windows.tumbling(TEN_SECONDS))
            .compute(Aggregate.max("highest", PRICE), Aggregate.count("bids")));
  }

  /** Bidders' sessions. */
  static AggregateByWindow.Result sessions(PCollection<AuctionEvent> bids) {
    return bids.apply(
        "Sessions",
        AggregateByWindow.<AuctionEvent>in(Windows.sessions(TEN_SECONDS))
            .by(BIDDER)
            .compute(Aggregate.count("bids"), Aggregate.sum("offered", PRICE)));
  }

  /** Of every minute the number of different bidders, exact and as a sketch, and prices' sketch. */
  static AggregateByWindow.Result minutes(PCollection<AuctionEvent> bids) {
    return bids.apply(
        "Minutes",
        AggregateByWindow.<AuctionEvent>in(Windows.tumbling(Duration.standardMinutes(1)))
            .compute(
                Aggregate.distinct("bidders", BIDDER),
                Aggregate.combine(
                    "bidders_sketch", BIDDER, DistinctSketch.ofLongs().toSketch(), FieldType.BYTES),
                Aggregate.combine(
                    "prices_sketch",
                    PRICE,
                    QuantilesSketch.<Long>ofNumbers().toSketch(),
                    FieldType.BYTES)));
  }

  private AuctionWindows() {}
}
