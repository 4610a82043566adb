package io.millrace.transforms.enrich;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.TestRunner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.apache.beam.sdk.coders.StringUtf8Coder;
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

/**
 * What is said, less what is taken back, is what a loop over the facts finds in the whole table:
 * whatever the order, bundles and repetitions in which facts and versions come within the horizon,
 * and wherever the watermark is then. Each key is a case of its own, 60 a run; the first has half
 * of the facts.
 */
class JoinAsOfLawTest {
  private static final int KEYS = 60;
  private static final int SECONDS = 60;

  /** A row's version; an empty value stands for a delete. */
  private record Change(int second, int position, String kind, String value) {
    /** A snapshot's row has the timestamp of the first fact, for which it is to be in time. */
    TimestampedValue<String> told(String key, int timestamp) {
      String words = kind.equals("delete") ? "delete " + key : kind + " " + key + " " + value;
      return Told.at(timestamp, words + " " + position + " " + second);
    }
  }

  private record FactAt(int second, String value) {
    TimestampedValue<String> told(String key) {
      return Told.at(second, "fact " + key + " " + value);
    }
  }

  /** What is told, and the second up to which the watermark may be when it is. */
  private record Arrival(TimestampedValue<String> told, int deadline, double at) {}

  /** The facts and versions of one run, and how they are to be joined. */
  private static final class Scene {
    final Random random;
    final boolean isLeft;
    final int horizon;
    final int wait;
    final int fanout;
    final Map<String, List<Change>> table = new TreeMap<>();
    final Map<String, List<FactAt>> facts = new TreeMap<>();

    Scene(long seed) {
      random = new Random(seed);
      isLeft = random.nextBoolean();
      horizon = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(20);
      wait = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
      fanout = random.nextBoolean() ? 1 : 4;
      for (int key = 0; key < KEYS; key++) {
        List<Change> changes = new ArrayList<>();
        int count = random.nextInt(9);
        int span = 1 + random.nextInt(SECONDS);
        for (int position = 0; position < count; position++) {
          String kind =
              switch (random.nextInt(6)) {
                case 0 -> "delete";
                case 1 -> "snapshot";
                default -> "row";
              };
          String value = kind.equals("delete") ? "" : "" + (char) ('a' + random.nextInt(3));
          changes.add(new Change(random.nextInt(span), position, kind, value));
        }
        table.put("k" + key, changes);
        List<FactAt> all = new ArrayList<>();
        int most = key == 0 ? KEYS * 8 : 8;
        for (int i = random.nextInt(most + 1); i > 0; i--) {
          all.add(new FactAt(random.nextInt(SECONDS), "" + (char) ('x' + random.nextInt(3))));
        }
        facts.put("k" + key, all);
      }
    }

    JoinAsOf<String, String, String> configure(JoinAsOf<String, String, String> join) {
      return (isLeft ? join.left() : join.inner())
          .withCorrectionHorizon(Duration.standardSeconds(horizon))
          .waitingFor(Duration.standardSeconds(wait))
          .withHotKeyFanout(fanout);
    }

    private List<Arrival> arrivals() {
      List<Arrival> arrivals = new ArrayList<>();
      facts.forEach(
          (key, all) -> all.forEach(fact -> arrivals.add(arrival(fact.told(key), fact.second()))));
      table.forEach(
          (key, changes) -> {
            int earliest =
                facts.get(key).stream().mapToInt(FactAt::second).min().orElse(SECONDS) + wait;
            for (Change change : changes) {
              int second =
                  change.kind().equals("snapshot")
                      ? Math.min(change.second(), earliest)
                      : change.second();
              for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
                arrivals.add(arrival(change.told(key, second), second));
              }
            }
          });
      arrivals.sort(Comparator.comparingDouble(Arrival::at));
      return arrivals;
    }

    private Arrival arrival(TimestampedValue<String> told, int second) {
      return new Arrival(told, second + horizon, second + random.nextDouble() * (horizon + 5));
    }

    /** All of it, some versions twice, in some order, and the watermark as far as it can be. */
    TestStream<String> unbounded() {
      List<Arrival> arriving = arrivals();
      TestStream.Builder<String> stream = Told.stream();
      double watermark = 0;
      for (int from = 0; from < arriving.size(); ) {
        int to = Math.min(arriving.size(), from + 1 + random.nextInt(80));
        stream = add(stream, arriving.subList(from, to));
        int most =
            arriving.subList(to, arriving.size()).stream()
                .mapToInt(Arrival::deadline)
                .min()
                .orElse(2 * SECONDS);
        if (most > watermark) {
          watermark = random.nextBoolean() ? most : watermark + (most - watermark) / 2;
          stream = stream.advanceWatermarkTo(Told.second(watermark));
        }
        from = to;
      }
      return stream.advanceWatermarkToInfinity();
    }

    @SuppressWarnings("unchecked") // An array of a generic type, as addElements has it.
    private static TestStream.Builder<String> add(
        TestStream.Builder<String> stream, List<Arrival> arrivals) {
      List<TimestampedValue<String>> told = arrivals.stream().map(Arrival::told).toList();
      return stream.addElements(
          told.get(0), told.subList(1, told.size()).toArray(TimestampedValue[]::new));
    }

    PTransform<PBegin, PCollection<String>> bounded() {
      List<TimestampedValue<String>> told =
          new ArrayList<>(arrivals().stream().map(Arrival::told).toList());
      Collections.shuffle(told, random);
      return Create.timestamped(told).withCoder(StringUtf8Coder.of());
    }

    /**
     * Each fact as it is to be said in the end, and how often; of an inner join those with a row.
     */
    Map<String, Long> expectedSaid() {
      Map<String, Long> said = new TreeMap<>();
      facts.forEach(
          (key, all) -> {
            for (FactAt fact : all) {
              Change row = asOf(table.get(key), fact.second());
              if (row != null || isLeft) {
                String shown = row == null ? "none" : row.value() + " " + row.second();
                said.merge(key + " " + fact.value() + " " + shown, 1L, Long::sum);
              }
            }
          });
      return said;
    }

    /** The facts that an inner join hands over. */
    List<String> expectedUnmatched() {
      List<String> unmatched = new ArrayList<>();
      facts.forEach(
          (key, all) -> {
            for (FactAt fact : all) {
              if (!isLeft && asOf(table.get(key), fact.second()) == null) {
                unmatched.add(KV.of(key, fact.value()).toString());
              }
            }
          });
      Collections.sort(unmatched);
      return unmatched;
    }

    private Change asOf(List<Change> changes, int second) {
      List<Change> sorted = new ArrayList<>(changes);
      sorted.sort(Comparator.comparingInt(Change::second).thenComparingInt(Change::position));
      Change held = null;
      for (Change change : sorted) {
        if (change.second() <= second) {
          held = change;
        }
      }
      if (held == null && !sorted.isEmpty()) {
        Change first = sorted.get(0);
        boolean isSoon = first.second() - second <= wait && !first.kind().equals("delete");
        held =
            isSoon
                ? first
                : sorted.stream()
                    .filter(change -> change.kind().equals("snapshot"))
                    .findFirst()
                    .orElse(null);
      }
      return held == null || held.kind().equals("delete") ? null : held;
    }
  }

  /** Of two with one time, the one that comes later is the first, which a fact has waited for. */
  @Example
  void versionsOfOneTimeComeInAnyOrder() {
    Scene scene = new Scene(1_458_620);
    check(TestRunner.DIRECT, scene, scene.unbounded());
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void unboundedOnDirect(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    Scene scene = new Scene(seed);
    check(TestRunner.DIRECT, scene, scene.unbounded());
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
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
      TestRunner runner, Scene scene, PTransform<PBegin, PCollection<String>> told) {
    TestPipeline pipeline = runner.pipeline();
    Map<String, Long> said = scene.expectedSaid();
    List<String> unmatched = scene.expectedUnmatched();
    EnrichedFacts<String, String, String> joined =
        Told.join(pipeline.apply(told), scene::configure);
    PAssert.that(joined.enriched())
        .satisfies(
            all -> {
              List<String> texts =
                  StreamSupport.stream(all.spliterator(), false).map(Told::show).toList();
              assertThat(Told.net(texts), is(said));
              assertThat(takenBackWithoutBeingSaid(texts), is(empty()));
              return null;
            });
    PAssert.that(joined.unmatched())
        .satisfies(
            all -> {
              assertThat(
                  StreamSupport.stream(all.spliterator(), false)
                      .map(KV::toString)
                      .sorted()
                      .toList(),
                  is(unmatched));
              return null;
            });
    PAssert.that(joined.tooLate()).empty();
    pipeline.run();
  }

  private static List<String> takenBackWithoutBeingSaid(List<String> texts) {
    List<String> takenBack =
        new ArrayList<>(
            texts.stream().filter(text -> text.startsWith("-")).map(t -> t.substring(1)).toList());
    texts.stream()
        .filter(text -> text.startsWith("+"))
        .forEach(text -> takenBack.remove(text.substring(1)));
    return takenBack;
  }
}
