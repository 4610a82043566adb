package io.millrace.transforms.time;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events are texts that begin with their source; time is in seconds. */
class RouteLateTest {
  private static final int DAY = 86_400;
  private static final RouteLate.Split<String> ROUTE =
      RouteLate.<String>after(Duration.standardSeconds(10))
          .countedBy(event -> event.substring(0, 1))
          .withBuckets(3);

  private static TimestampedValue<String> at(double second, String event) {
    return TimestampedValue.of(event, Instant.ofEpochMilli(Math.round(second * 1000)));
  }

  private static TimestampedValue<String> onDay(long day, String event) {
    return TimestampedValue.of(event, second(day * DAY));
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void eventsAreTooLateFromTheWatermarkLessTheAllowedLateness(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    RouteLate.Result<String> routed =
        timed
            .pipeline()
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(at(5, "a1"), at(3, "a2"))
                    .advanceWatermarkTo(second(20))
                    .addElements(at(10, "a3"))
                    .addElements(at(9.999, "a4"), at(30, "b5"), at(19, "b6"))
                    .advanceWatermarkTo(second(41))
                    .addElements(at(1, "b7"))
                    .advanceWatermarkToInfinity())
            .apply(ROUTE);
    timed.expect(routed.onTime(), event -> event, "5 a1", "3 a2", "10 a3", "30 b5", "19 b6");
    timed.expect(
        routed.tooLate(),
        late -> late.element() + " by " + late.lateness().getMillis(),
        "9.999 a4 by 10001",
        "1 b7 by 40000");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void countsAreTotalsBySourceAndHour(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    RouteLate.Result<String> routed =
        timed
            .pipeline()
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(at(3_599, "a"), at(3_600, "a"), at(3_600, "b"))
                    .advanceWatermarkTo(second(3_605))
                    .addElements(at(3_604, "a"))
                    .addElements(at(3_000, "a"))
                    .addElements(at(7_199, "b"))
                    .advanceWatermarkToInfinity())
            .apply(ROUTE);
    PAssert.that(routed.additions())
        .satisfies(
            additions -> {
              long all = 0;
              for (LateCounts addition : additions) {
                all += addition.all();
              }
              assertThat("what the bundles added", all, is(6L));
              return null;
            });
    PAssert.that(routed.counts())
        .satisfies(
            sums -> {
              assertThat(
                  newest(sums),
                  is(
                      Map.of(
                          "a 0", "1 0 1",
                          "a 3600", "1 1 0",
                          "b 3600", "2 0 0")));
              return null;
            });
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void whatIsOlderThanTheHoursThatAreKeptIsCountedTogether(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    PCollection<LateCounts> counts =
        timed
            .pipeline()
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(onDay(1000, "a1"))
                    .advanceWatermarkTo(second(1000L * DAY))
                    .addElements(onDay(970, "a2"))
                    .advanceWatermarkTo(second(1050L * DAY))
                    .addElements(onDay(970, "a3"))
                    .addElements(onDay(1000, "a4"))
                    .advanceWatermarkToInfinity())
            .apply(ROUTE)
            .counts();
    PAssert.that(counts)
        .satisfies(
            sums -> {
              assertThat(
                  newest(sums),
                  is(
                      Map.of(
                          "a " + 1000 * DAY, "1 0 0", "a " + 970 * DAY, "0 0 1", "a 0", "0 0 2")));
              return null;
            });
    timed.run();
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfBoundedInputIsLate(TestRunner runner) {
    Pipeline pipeline = runner.pipeline();
    RouteLate.Result<String> routed =
        pipeline
            .apply(Create.timestamped(at(90_000, "a"), at(0, "b"), at(50_000, "c")))
            .apply(ROUTE.withKey(event -> event));
    PAssert.that(routed.onTime()).containsInAnyOrder("a", "b", "c");
    PAssert.that(routed.tooLate()).empty();
    pipeline.run().waitUntilFinish();
  }

  /** Events lag by up to an hour; windows afterwards allow what the route allows. */
  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void onTimeAndTooLateAreAllAndTheRunnerDropsNothing(TestRunner runner) {
    Random random = new Random(17);
    TestStream.Builder<String> stream = TestStream.create(StringUtf8Coder.of());
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      double time = 10_000 + i * 10 - 3_600 * Math.pow(random.nextDouble(), 4);
      all.add("e" + i);
      stream = stream.addElements(at(time, "e" + i));
      if (i % 3 == 0) {
        stream = stream.advanceWatermarkTo(second(10_000 + i * 10 - 60));
      }
    }
    TimedPipeline timed = new TimedPipeline(runner);
    Duration allowed = Duration.standardMinutes(5);
    RouteLate.Result<String> routed =
        timed
            .pipeline()
            .apply(stream.advanceWatermarkToInfinity())
            .apply(RouteLate.<String>after(allowed).withKey(event -> event));
    PCollection<Integer> windowed =
        routed
            .onTime()
            .apply(
                Window.<String>into(FixedWindows.of(Duration.standardMinutes(1)))
                    .withAllowedLateness(allowed)
                    .discardingFiredPanes())
            .apply(
                MapElements.into(
                        TypeDescriptors.kvs(TypeDescriptors.integers(), TypeDescriptors.integers()))
                    .via(event -> KV.of(1, 1)))
            .apply(Sum.integersPerKey())
            .apply(Values.create())
            .apply(Window.into(new GlobalWindows()));
    PCollection<String> summed =
        windowed.apply(
            MapElements.into(TypeDescriptors.strings()).via(count -> "windowed:" + count));
    PCollection<String> late =
        routed
            .tooLate()
            .apply(
                MapElements.into(TypeDescriptors.strings())
                    .via(element -> "late:" + element.element()));
    PAssert.that(
            PCollectionList.of(routed.onTime()).and(late).and(summed).apply(Flatten.pCollections()))
        .satisfies(
            texts -> {
              Set<String> left = new HashSet<>(all);
              List<String> tooLate = new ArrayList<>();
              int inWindows = 0;
              for (String text : texts) {
                if (text.startsWith("windowed:")) {
                  inWindows += Integer.parseInt(text.substring(9));
                } else if (text.startsWith("late:")) {
                  tooLate.add(text);
                  assertThat(text, left.remove(text.substring(5)), is(true));
                } else {
                  assertThat(text, left.remove(text), is(true));
                }
              }
              assertThat(left, is(Set.of()));
              assertThat(tooLate.size(), greaterThan(50));
              assertThat(inWindows, is(all.size() - tooLate.size()));
              return null;
            });
    timed.run();
  }

  @Test
  void negativeLatenessIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> RouteLate.after(Duration.millis(-1)));
    assertThat(refused.getMessage(), containsString("allowedLateness must be 0 or more"));
  }

  /** The greatest totals, which are the newest, by source and hour. */
  private static Map<String, String> newest(Iterable<LateCounts> sums) {
    Map<String, LateCounts> newest = new HashMap<>();
    sums.forEach(
        sum ->
            newest.merge(
                sum.source() + " " + sum.hour().getMillis() / 1000,
                sum,
                (one, other) -> one.all() > other.all() ? one : other));
    Map<String, String> texts = new HashMap<>();
    newest.forEach(
        (key, sum) -> texts.put(key, sum.inTime() + " " + sum.late() + " " + sum.tooLate()));
    return texts;
  }
}
