package io.millrace.testdata.flights;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates events of flights in the order they are received in: the same for the same seed and
 * number.
 *
 * <p>Their lags are given, not left to chance: half of them is 15 minutes or less, 99 of 100 are
 * 150 or less, the longest is 491. Ten events happen a minute, of six airlines of unequal size.
 */
public final class FlightEvents {
  /** When the first event may occur: a whole number of hours after 1970. */
  public static final long BEGIN = 1_777_593_600_000L;

  private static final long MINUTE = 60_000;
  private static final int EVENTS_A_MINUTE = 10;
  private static final String[] AIRLINES = {"QA", "QA", "QA", "QB", "QB", "QC", "QD", "QE", "QF"};
  private static final String[] STATUSES = {
    "boarding", "departed", "delayed", "landed", "cancelled"
  };

  /** Parts of all events, and the minutes of lag that so many do not exceed. */
  private static final double[][] LAGS = {{0, 1}, {0.5, 15}, {0.99, 150}, {1, 491}};

  private FlightEvents() {}

  /** So many events, as they are received. */
  public static List<FlightEvent> generate(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] lags = lags(count, random);
    List<FlightEvent> events = new ArrayList<>(count);
    long span = Math.max(1, count / EVENTS_A_MINUTE) * MINUTE;
    for (int i = 0; i < count; i++) {
      String airline = AIRLINES[random.nextInt(AIRLINES.length)];
      long occurred = BEGIN + random.nextLong(span);
      events.add(
          new FlightEvent(
              0,
              airline,
              airline + (100 + random.nextInt(900)),
              STATUSES[random.nextInt(STATUSES.length)],
              occurred,
              occurred + lags[i]));
    }
    events.sort(Comparator.comparingLong(FlightEvent::received));
    List<FlightEvent> numbered = new ArrayList<>(count);
    for (FlightEvent event : events) {
      numbered.add(
          new FlightEvent(
              numbered.size() + 1,
              event.airline(),
              event.flight(),
              event.status(),
              event.occurred(),
              event.received()));
    }
    return numbered;
  }

  /** Writes events to a CSV file with a header, times as milliseconds. */
  public static void writeCsv(Iterable<FlightEvent> events, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(FlightEvent.CSV_HEADER + "\n");
      for (FlightEvent event : events) {
        out.write(event.csv() + "\n");
      }
    }
  }

  /** Milliseconds of lag, evenly over their distribution, in random order. */
  private static long[] lags(int count, SplittableRandom random) {
    long[] lags = new long[count];
    for (int i = 0; i < count; i++) {
      lags[i] = (long) (minutes(count == 1 ? 1 : (double) i / (count - 1)) * MINUTE);
      int other = random.nextInt(i + 1);
      long swapped = lags[other];
      lags[other] = lags[i];
      lags[i] = swapped;
    }
    return lags;
  }

  /** The lag of which this part of all is less; between those given, their logarithms are even. */
  private static double minutes(double part) {
    int upper = 1;
    while (part > LAGS[upper][0]) {
      upper++;
    }
    double[] from = LAGS[upper - 1];
    double[] to = LAGS[upper];
    return from[1] * Math.pow(to[1] / from[1], (part - from[0]) / (to[0] - from[0]));
  }
}
