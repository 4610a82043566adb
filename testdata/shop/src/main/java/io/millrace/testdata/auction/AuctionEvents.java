package io.millrace.testdata.auction;

import io.millrace.testdata.auction.AuctionEvent.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates events of auctions in the order they come in: the same for the same seed and number.
 *
 * <p>They are shaped like those of Nexmark (Tucker, Tufte, Papadimos, Maier, "NEXMark: a benchmark
 * for queries over data streams", 2008): of 50 events one registers a person, 3 open an auction, 46
 * are bids, half of them for one auction of the last hundred that is hot. There are 1,000 events a
 * second. A bidder is one of the last 4,000 persons, so that about one in six of their pauses ends
 * a session of 10 s. Each event comes up to 999 ms late, and half of them less than 250.
 */
public final class AuctionEvents {
  /** When the first event happens: a whole number of minutes after 1970. */
  public static final long BEGIN = 1_777_593_600_000L;

  /** Milliseconds by which an event may be behind the newest, and a little more. */
  public static final long DISORDER = 1_000;

  private static final int ROUND = 50;
  private static final int AUCTIONS_IN_ROUND = 3;
  private static final int HOT_EVERY = 100;
  private static final int ACTIVE_PERSONS = 4_000;

  private final SplittableRandom random;
  private long persons = ACTIVE_PERSONS;
  private long auctions = HOT_EVERY;

  private AuctionEvents(long seed) {
    random = new SplittableRandom(seed);
  }

  /** So many events, as they come in. */
  public static List<AuctionEvent> generate(long seed, int count) {
    return new AuctionEvents(seed).inOrderOfArrival(count);
  }

  /** Writes events to a CSV file with a header, times as milliseconds. */
  public static void writeCsv(Iterable<AuctionEvent> events, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(AuctionEvent.CSV_HEADER + "\n");
      for (AuctionEvent event : events) {
        out.write(event.csv() + "\n");
      }
    }
  }

  private List<AuctionEvent> inOrderOfArrival(int count) {
    List<List<AuctionEvent>> late = new ArrayList<>();
    for (int i = 0; i < DISORDER; i++) {
      late.add(new ArrayList<>());
    }
    List<AuctionEvent> arrived = new ArrayList<>(count);
    for (int i = 0; i < count + DISORDER; i++) {
      if (i < count) {
        double uniform = random.nextDouble();
        int arrival = i + (int) (uniform * uniform * DISORDER);
        late.get(arrival % late.size()).add(event(i, BEGIN + i));
      }
      List<AuctionEvent> due = late.get(i % late.size());
      arrived.addAll(due);
      due.clear();
    }
    return arrived;
  }

  private AuctionEvent event(int number, long time) {
    int place = number % ROUND;
    if (place == 0) {
      return new AuctionEvent(Kind.PERSON, time, ++persons, 0, 0);
    }
    if (place <= AUCTIONS_IN_ROUND) {
      return new AuctionEvent(Kind.AUCTION, time, person(), ++auctions, 1 + random.nextInt(10_000));
    }
    boolean hot = random.nextBoolean();
    long auction = hot ? auctions / HOT_EVERY * HOT_EVERY : auctions - random.nextInt(HOT_EVERY);
    return new AuctionEvent(Kind.BID, time, person(), auction, price());
  }

  private long person() {
    return persons - random.nextInt(ACTIVE_PERSONS);
  }

  /** From a cent to 10,000.00, each power of ten as often as the others. */
  private long price() {
    return (long) Math.pow(10, random.nextDouble() * 6);
  }
}
