package io.millrace.transforms.join;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** The random elements of one run, the join they are given to, and what it should answer. */
final class JoinScene {
  private static final KvCoder<String, String> CODER =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
  private static final int KEYS = 60;
  private static final int SPAN = 60_000;

  /** An element; those of the left side begin with L, others with R. */
  record Event(String key, String value, long time) {
    static @Nullable Event of(String key, @Nullable String value, @Nullable Instant time) {
      return value == null || time == null ? null : new Event(key, value, time.getMillis());
    }

    String text() {
      return key + " " + value + " " + time;
    }

    static Event parse(String text) {
      List<String> parts = List.of(text.split(" ", -1));
      return new Event(parts.get(0), parts.get(1), Long.parseLong(parts.get(2)));
    }

    TimestampedValue<KV<String, String>> timestamped() {
      return TimestampedValue.of(KV.of(key, value), Instant.ofEpochMilli(time));
    }
  }

  private record Arrival(Event event, double at) {}

  private final Random random;
  private final long seed;
  private final IntervalKind kind;
  private final IntervalSpan span;
  private final long lateness;
  private final boolean hasIds;
  private final int fanout;
  private final List<Event> arriving = new ArrayList<>();

  JoinScene(long seed) {
    this.seed = seed;
    random = new Random(seed);
    kind = List.of(IntervalKind.values()).get(random.nextInt(4));
    span =
        random.nextInt(4) == 0
            ? IntervalSpan.window(1 + random.nextInt(20_000))
            : IntervalSpan.difference(random.nextInt(14_000) - 2000, random.nextInt(14_000) - 2000);
    lateness = random.nextBoolean() ? 0 : random.nextInt(15_000);
    hasIds = random.nextBoolean();
    fanout = kind == IntervalKind.FULL_OUTER || random.nextBoolean() ? 1 : 2 + random.nextInt(4);
    // Long values fill chunks.
    int length = random.nextInt(3) == 0 ? 1500 : 1;
    for (int key = 0; key < KEYS; key++) {
      int count = random.nextInt(30);
      for (int i = 0; i < count; i++) {
        String value = (random.nextBoolean() ? "L" : "R") + i + "x".repeat(length);
        // Whole seconds often meet the ends of intervals.
        arriving.add(new Event("k" + key, value, random.nextInt(SPAN / 500) * 500L));
      }
    }
    List<Event> again = arriving.stream().filter(event -> random.nextInt(5) == 0).toList();
    arriving.addAll(again);
  }

  static boolean isLeft(String value) {
    return value.startsWith("L");
  }

  List<Event> arriving() {
    return arriving;
  }

  JoinStreams.Join<String, String, String> join() {
    JoinStreams.Join<String, String, String> join =
        span.window() > 0
            ? JoinStreams.inWindows(Duration.millis(span.window()))
            : JoinStreams.within(Duration.millis(span.before()), Duration.millis(span.after()));
    join =
        switch (kind) {
          case INNER -> join.inner();
          case LEFT_OUTER -> join.leftOuter();
          case RIGHT_OUTER -> join.rightOuter();
          case FULL_OUTER -> join.fullOuter();
        };
    if (hasIds) {
      join = join.identifiedBy(left -> left, right -> right);
    }
    return join.withAllowedLateness(Duration.millis(lateness))
        .withBuckets(7)
        .withHotKeyFanout(fanout);
  }

  /** Somewhat out of order, while the watermark goes on; some are too late. */
  TestStream<KV<String, String>> unbounded() {
    List<Event> inOrder =
        arriving.stream()
            .map(event -> new Arrival(event, event.time() + random.nextDouble() * 20_000))
            .sorted(Comparator.comparingDouble(Arrival::at))
            .map(Arrival::event)
            .toList();
    TestStream.Builder<KV<String, String>> stream =
        TestStream.create(CODER).advanceWatermarkTo(Instant.EPOCH);
    long watermark = 0;
    for (int from = 0; from < inOrder.size(); ) {
      int to = Math.min(inOrder.size(), from + 1 + random.nextInt(150));
      stream = add(stream, inOrder.subList(from, to).stream().map(Event::timestamped).toList());
      long newest = inOrder.subList(from, to).stream().mapToLong(Event::time).max().orElseThrow();
      long next = newest - random.nextInt(15_000);
      if (next > watermark) {
        watermark = next;
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
      }
      from = to;
    }
    return stream.advanceWatermarkToInfinity();
  }

  @SuppressWarnings("unchecked") // An array of a generic type, as addElements has it.
  private static TestStream.Builder<KV<String, String>> add(
      TestStream.Builder<KV<String, String>> stream,
      List<TimestampedValue<KV<String, String>>> events) {
    return stream.addElements(
        events.get(0), events.subList(1, events.size()).toArray(TimestampedValue[]::new));
  }

  PTransform<PBegin, PCollection<KV<String, String>>> bounded() {
    List<Event> shuffled = new ArrayList<>(arriving);
    Collections.shuffle(shuffled, random);
    return Create.timestamped(shuffled.stream().map(Event::timestamped).toList()).withCoder(CODER);
  }

  /** What a loop in a loop finds. */
  List<String> expected(List<Event> inTime) {
    Map<String, List<Event>> byKey =
        (hasIds ? new LinkedHashSet<>(inTime) : inTime)
            .stream().collect(Collectors.groupingBy(Event::key));
    List<String> expected = new ArrayList<>();
    for (List<Event> events : byKey.values()) {
      List<Event> lefts = events.stream().filter(event -> isLeft(event.value())).toList();
      List<Event> rights = events.stream().filter(event -> !isLeft(event.value())).toList();
      boolean[] isMatched = new boolean[rights.size()];
      for (Event left : lefts) {
        boolean isLeftMatched = false;
        for (int i = 0; i < rights.size(); i++) {
          Event right = rights.get(i);
          if (isPair(left.time(), right.time())) {
            expected.add(text(Math.max(left.time(), right.time()), left, right));
            isLeftMatched = true;
            isMatched[i] = true;
          }
        }
        if (!isLeftMatched && isOuter("LEFT")) {
          expected.add(text(left.time(), left, null));
        }
      }
      for (int i = 0; i < rights.size(); i++) {
        if (!isMatched[i] && isOuter("RIGHT")) {
          expected.add(text(rights.get(i).time(), null, rights.get(i)));
        }
      }
    }
    return expected;
  }

  private boolean isPair(long left, long right) {
    return span.window() > 0
        ? left / span.window() == right / span.window()
        : right >= left - span.before() && right <= left + span.after();
  }

  private boolean isOuter(String side) {
    return Arrays.asList(side + "_OUTER", "FULL_OUTER").contains(kind.name());
  }

  static String text(long timestamp, @Nullable Event left, @Nullable Event right) {
    return timestamp + ": " + text(left) + " " + text(right);
  }

  private static String text(@Nullable Event event) {
    return event == null ? "-" : event.text();
  }

  @Override
  public String toString() {
    return "seed %s %s %s lateness %s ids %s fanout %s"
        .formatted(seed, kind, span, lateness, hasIds, fanout);
  }
}
