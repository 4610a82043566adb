package io.millrace.transforms.time;

import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Counts a bundle's events by source and hour. */
final class LateTally {
  /** How long an hour is counted by itself. */
  static final Duration KEPT = Duration.standardDays(31);

  /** Takes the counts. */
  interface Output {
    void output(LateCounts counts, Instant timestamp);
  }

  private final Map<String, Map<Long, Counts>> sources = new HashMap<>();
  private long earliest = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
  private long tooLate;

  /** Counts an event of a packet with this timestamp; all times are milliseconds since 1970. */
  void add(String source, long timestamp, long watermark, boolean isTooLate, long packet) {
    earliest = Math.min(earliest, packet);
    long hour =
        timestamp < watermark - KEPT.getMillis()
            ? LateCounts.EARLIER.getMillis()
            : LateCounts.hour(timestamp);
    Counts counts =
        sources
            .computeIfAbsent(source, key -> new HashMap<>())
            .computeIfAbsent(hour, key -> new Counts());
    if (isTooLate) {
      counts.tooLate++;
      tooLate++;
    } else if (timestamp < watermark) {
      counts.late++;
    } else {
      counts.inTime++;
    }
  }

  /** How many were too late. */
  long tooLate() {
    return tooLate;
  }

  /** Hands over the counts, no later than any of the events by their packets' timestamps. */
  void finish(Output out) {
    sources.forEach(
        (source, hours) ->
            hours.forEach(
                (hour, counts) ->
                    out.output(
                        LateCounts.of(
                            source,
                            Instant.ofEpochMilli(hour),
                            counts.inTime,
                            counts.late,
                            counts.tooLate),
                        Instant.ofEpochMilli(earliest))));
  }

  private static final class Counts {
    private long inTime;
    private long late;
    private long tooLate;
  }
}
