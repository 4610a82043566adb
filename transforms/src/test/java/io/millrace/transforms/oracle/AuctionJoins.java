package io.millrace.transforms.oracle;

import io.millrace.testdata.auction.AuctionEvent;
import io.millrace.testdata.auction.AuctionEvent.Kind;
import io.millrace.transforms.entity.EvolveEntity;
import io.millrace.transforms.entity.EvolvedEntities;
import io.millrace.transforms.join.JoinStreams;
import io.millrace.transforms.join.Joined;
import io.millrace.transforms.join.JoinedStreams;
import io.millrace.transforms.join.KeyedStreams;
import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/** Questions about auctions and their bids, as one asks them of Millrace. */
final class AuctionJoins {
  private static final Duration TEN_SECONDS = Duration.standardSeconds(10);
  private static final VarLongCoder NUMBERS = VarLongCoder.of();

  /** A bid that is taken. */
  record Bid(long price, long time, long bidder) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The higher of two bids, and of equal ones the earlier. */
    static Bid higher(@Nullable Bid one, Bid other) {
      if (one == null || other.price() > one.price()) {
        return other;
      }
      return other.price() == one.price() && other.time() < one.time() ? other : one;
    }
  }

  /** Auctions, as their least price, with the bidders and prices of 10 s before and after. */
  static JoinedStreams<Long, Long, KV<Long, Long>> bidsOfAuctions(
      PCollection<AuctionEvent> events) {
    return KeyedStreams.of(
            keyed(
                events,
                Kind.AUCTION,
                "Opened",
                AuctionEvent::auction,
                AuctionEvent::price,
                NUMBERS),
            keyed(
                events,
                Kind.BID,
                "Bids",
                AuctionEvent::auction,
                event -> KV.of(event.person(), event.price()),
                KvCoder.of(NUMBERS, NUMBERS)))
        .apply(
            "BidsOfAuctions",
            JoinStreams.<Long, Long, KV<Long, Long>>within(TEN_SECONDS).leftOuter());
  }

  /** Persons who opened auctions in the window of 10 s in which they registered. */
  static JoinedStreams<Long, Long, Long> newSellers(PCollection<AuctionEvent> events) {
    return sellers("NewSellers", events, JoinStreams.inWindows(TEN_SECONDS));
  }

  /** Persons and the auctions that they opened, however long after they registered. */
  static JoinedStreams<Long, Long, Long> sellers(PCollection<AuctionEvent> events) {
    return sellers("Sellers", events, JoinStreams.within(Duration.standardDays(36_500)));
  }

  private static JoinedStreams<Long, Long, Long> sellers(
      String name, PCollection<AuctionEvent> events, JoinStreams.Join<Long, Long, Long> join) {
    return KeyedStreams.of(
            keyed(
                events, Kind.PERSON, "Persons" + name, AuctionEvent::person, event -> 0L, NUMBERS),
            keyed(
                events,
                Kind.AUCTION,
                "Sold" + name,
                AuctionEvent::person,
                AuctionEvent::auction,
                NUMBERS))
        .apply(name, join);
  }

  /** The highest bid for each auction that is open for 10 s, of those that are high enough. */
  static EvolvedEntities<Long, Bid, Bid> winningBids(
      PCollection<KV<Long, Joined<Long, KV<Long, Long>>>> bids) {
    return bids.apply("Pairs", Filter.by(bid -> bid.getValue().isPair()))
        .apply("Taken", Filter.by(bid -> isTaken(bid.getValue())))
        .apply(
            "Bid",
            MapElements.into(new TypeDescriptor<KV<Long, Bid>>() {})
                .via(
                    bid ->
                        KV.of(
                            bid.getKey(),
                            new Bid(
                                bid.getValue().right().getValue(),
                                bid.getValue().rightTime().getMillis(),
                                bid.getValue().right().getKey()))))
        .setCoder(KvCoder.of(NUMBERS, SerializableCoder.of(Bid.class)))
        .apply(
            "Winning",
            EvolveEntity.<Long, Bid, Bid>by(Bid::higher, SerializableCoder.of(Bid.class))
                .within(Duration.standardSeconds(1))
                .everyOfEventTime(TEN_SECONDS));
  }

  private static boolean isTaken(Joined<Long, KV<Long, Long>> bid) {
    return !bid.rightTime().isBefore(bid.leftTime()) && bid.right().getValue() >= bid.left();
  }

  private static <V> PCollection<KV<Long, V>> keyed(
      PCollection<AuctionEvent> events,
      Kind kind,
      String name,
      SerializableFunction<AuctionEvent, Long> key,
      SerializableFunction<AuctionEvent, V> value,
      Coder<V> coder) {
    return events
        .apply(name, Filter.by(event -> event.kind() == kind))
        .apply(
            "Key" + name,
            MapElements.into(new TypeDescriptor<KV<Long, V>>() {})
                .via(event -> KV.of(key.apply(event), value.apply(event))))
        .setCoder(KvCoder.of(NUMBERS, coder));
  }

  /** A row of auction, when it was opened, when the bid was made, the bidder and the price. */
  static String bid(KV<Long, Joined<Long, KV<Long, Long>>> joined) {
    Joined<Long, KV<Long, Long>> pair = joined.getValue();
    String opened = joined.getKey() + "|" + pair.leftTime().getMillis();
    return pair.isPair()
        ? "%s|%s|%s|%s"
            .formatted(
                opened,
                pair.rightTime().getMillis(),
                pair.right().getKey(),
                pair.right().getValue())
        : opened + "|null|null|null";
  }

  /** A row of person, when they registered, when the auction was opened, and the auction. */
  static String seller(KV<Long, Joined<Long, Long>> joined) {
    Joined<Long, Long> pair = joined.getValue();
    return "%s|%s|%s|%s"
        .formatted(
            joined.getKey(),
            pair.leftTime().getMillis(),
            pair.rightTime().getMillis(),
            pair.right());
  }

  private AuctionJoins() {}
}
