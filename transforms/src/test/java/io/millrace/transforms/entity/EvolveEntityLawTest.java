package io.millrace.transforms.entity;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.TestRunner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * The last state of an entity is a function of the set of its events, in whatever order, bundles
 * and repetitions they come within the horizon, on bounded and unbounded input.
 */
class EvolveEntityLawTest {
  private static final int KEYS = 60;
  private static final int SECONDS = 120;
  private static final int HORIZON = 20;

  /** How far in time events may be from where their sequence numbers have them, in seconds. */
  private static final int DISORDER = 5;

  private record Arrival(TimestampedValue<KV<String, String>> event, double delay) {
    double at() {
      return event.getTimestamp().getMillis() + delay;
    }
  }

  /** The events of one run, and how they are to be taken. */
  private static final class Scene {
    final Random random;
    final boolean isBySequence;
    final boolean isIdleExpiring;
    final List<TimestampedValue<KV<String, String>>> events = new ArrayList<>();

    Scene(long seed) {
      random = new Random(seed);
      isBySequence = random.nextBoolean();
      isIdleExpiring = random.nextBoolean();
      for (int key = 0; key < KEYS; key++) {
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
          double second = random.nextInt(SECONDS * 2) / 2.0;
          String letter = random.nextInt(12) == 0 ? "!" : "" + (char) ('a' + random.nextInt(26));
          long sequence = (long) ((second + random.nextDouble() * DISORDER) * 1000);
          events.add(Letters.at(second, "k" + key, letter + sequence));
        }
      }
    }

    EvolveEntity.Evolve<String, String, String> evolve() {
      var evolve = Letters.evolve().within(Duration.standardSeconds(HORIZON)).withBuckets(7);
      if (isBySequence) {
        evolve = evolve.orderedBySequence(Scene::sequence);
      }
      if (isIdleExpiring) {
        evolve = evolve.withIdleExpiry(Duration.standardSeconds(15));
      }
      return switch (random.nextInt(3)) {
        case 0 -> evolve.perChange();
        case 1 -> evolve.every(Duration.standardSeconds(1));
        default -> evolve.everyOfEventTime(Duration.standardSeconds(7));
      };
    }

    /**
     * The events, some of them twice, a little out of order, and the watermark as far as it can.
     */
    TestStream<KV<String, String>> unbounded() {
      List<TimestampedValue<KV<String, String>>> all = new ArrayList<>(events);
      all.addAll(events.stream().filter(event -> random.nextInt(4) == 0).toList());
      List<TimestampedValue<KV<String, String>>> arriving =
          all.stream()
              .map(event -> new Arrival(event, random.nextDouble() * 30_000))
              .sorted(Comparator.comparingDouble(Arrival::at))
              .map(Arrival::event)
              .toList();
      TestStream.Builder<KV<String, String>> stream =
          TestStream.create(Letters.CODER).advanceWatermarkTo(Letters.second(0));
      long watermark = 0;
      for (int from = 0; from < arriving.size(); ) {
        int to = Math.min(arriving.size(), from + 1 + random.nextInt(200));
        stream = add(stream, arriving.subList(from, to));
        long most =
            arriving.subList(to, arriving.size()).stream()
                    .mapToLong(event -> event.getTimestamp().getMillis())
                    .min()
                    .orElse(SECONDS * 1000)
                + (HORIZON - DISORDER) * 1000L;
        if (most > watermark) {
          watermark = most - (random.nextBoolean() ? 0 : random.nextLong(most - watermark));
          stream = stream.advanceWatermarkTo(Letters.second(watermark / 1000.0));
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
      List<TimestampedValue<KV<String, String>>> shuffled = new ArrayList<>(events);
      shuffled.addAll(events.subList(0, events.size() / 3));
      Collections.shuffle(shuffled, random);
      return Create.timestamped(shuffled).withCoder(Letters.CODER);
    }

    /** What a loop over the sorted events of each key comes to. */
    Map<String, String> expected() {
      Map<String, String> expected = new TreeMap<>();
      Map<String, List<TimestampedValue<KV<String, String>>>> byKey =
          events.stream().collect(Collectors.groupingBy(event -> event.getValue().getKey()));
      byKey.forEach((key, all) -> expected.put(key, fold(all)));
      return expected;
    }

    private String fold(List<TimestampedValue<KV<String, String>>> all) {
      Comparator<TimestampedValue<KV<String, String>>> byTime =
          Comparator.comparing(TimestampedValue::getTimestamp);
      Comparator<TimestampedValue<KV<String, String>>> bySequence =
          Comparator.comparingLong(event -> sequence(event.getValue().getValue()));
      Set<String> ids = new HashSet<>();
      List<TimestampedValue<KV<String, String>>> sorted = new ArrayList<>(all);
      sorted.sort(
          (isBySequence ? bySequence.thenComparing(byTime) : byTime)
              .thenComparing(event -> event.getValue().getValue()));
      sorted.removeIf(event -> !ids.add(event.getValue().getValue()));
      String letters = null;
      long count = 0;
      long newest = Long.MIN_VALUE;
      for (TimestampedValue<KV<String, String>> event : sorted) {
        long time = event.getTimestamp().getMillis();
        if (isIdleExpiring && count > 0 && time - newest > 15_000) {
          letters = null;
          count = 0;
        }
        letters = Letters.apply(letters, event.getValue().getValue());
        count++;
        newest = Math.max(newest, time);
      }
      return Letters.show(new Evolved<>(letters, 1, Instant.ofEpochMilli(newest), count));
    }

    private static long sequence(String event) {
      return Long.parseLong(event.substring(1));
    }
  }

  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void unboundedOnDirect(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    Scene scene = new Scene(seed);
    check(TestRunner.DIRECT, scene, scene.unbounded());
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void unboundedOnFlink(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    Scene scene = new Scene(seed);
    check(TestRunner.FLINK_STREAMING, scene, scene.unbounded());
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void boundedOnDirect(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    Scene scene = new Scene(seed);
    check(TestRunner.DIRECT, scene, scene.bounded());
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void boundedOnFlink(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    Scene scene = new Scene(seed);
    TestRunner runner = seed % 2 == 0 ? TestRunner.FLINK_BATCH : TestRunner.FLINK_STREAMING;
    check(runner, scene, scene.bounded());
  }

  private static void check(
      TestRunner runner, Scene scene, PTransform<PBegin, PCollection<KV<String, String>>> events) {
    TestPipeline pipeline = runner.pipeline();
    Map<String, String> expected = scene.expected();
    EvolvedEntities<String, String, String> evolved = pipeline.apply(events).apply(scene.evolve());
    PAssert.that(evolved.entities())
        .satisfies(
            said -> {
              assertThat(Letters.newest(said), is(expected));
              return null;
            });
    PAssert.that(evolved.tooLate()).empty();
    pipeline.run();
  }
}
