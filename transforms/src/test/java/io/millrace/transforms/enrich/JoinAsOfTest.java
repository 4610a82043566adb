package io.millrace.transforms.enrich;

import static io.millrace.transforms.enrich.Told.at;
import static io.millrace.transforms.enrich.Told.second;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.quality.RunCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoinAsOfTest {
  private final Told.Join inner = JoinAsOf::inner;
  private final Told.Join left = JoinAsOf::left;

  private static Told.Join left(int horizon, int wait) {
    return join ->
        join.left()
            .withCorrectionHorizon(Duration.standardSeconds(horizon))
            .waitingFor(Duration.standardSeconds(wait));
  }

  private static Told.Join inner(int horizon, int wait) {
    return join ->
        join.inner()
            .withCorrectionHorizon(Duration.standardSeconds(horizon))
            .waitingFor(Duration.standardSeconds(wait));
  }

  /** One join, and what it is expected to say. */
  private static final class Scene {
    private final TestRunner runner;
    private final TimedPipeline timed;
    private final EnrichedFacts<String, String, String> joined;

    Scene(TestRunner runner, PTransform<PBegin, PCollection<String>> told, Told.Join join) {
      this.runner = runner;
      timed = new TimedPipeline(runner);
      joined = Told.join(timed.pipeline().apply(told), join);
    }

    /**
     * Expects what is said and taken back; on Flink, what is left of it in the end: there, the two
     * sides come in no common order, so that what is late for one may be in time for the other.
     */
    Scene says(String... expected) {
      if (runner == TestRunner.FLINK_STREAMING) {
        Map<String, Long> left = Told.net(List.of(expected));
        PAssert.that(joined.enriched())
            .satisfies(
                said -> {
                  assertThat(
                      Told.net(
                          StreamSupport.stream(said.spliterator(), false).map(Told::show).toList()),
                      is(left));
                  return null;
                });
      } else {
        timed.expect(joined.enriched(), Told::show, expected);
      }
      return this;
    }

    Scene leavesUnmatched(String... expected) {
      timed.expect(joined.unmatched(), KV::toString, expected);
      return this;
    }

    Scene findsTooLate(String... expected) {
      timed.expect(joined.tooLate(), KV::toString, expected);
      return this;
    }

    void run() {
      timed.run();
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachFactHasTheRowOfItsTime(TestRunner runner) {
    new Scene(
            runner,
            Create.timestamped(
                    at(30, "fact a x"),
                    at(9, "fact a w"),
                    at(10, "fact a v"),
                    at(20, "row a two"),
                    at(10, "row a one"),
                    at(19, "fact a u"),
                    at(40, "fact a t"),
                    at(35, "delete a"),
                    at(12, "fact b s"))
                .withCoder(StringUtf8Coder.of()),
            left)
        .says(
            "9 + a w none #0",
            "10 + a v one 10 #0",
            "19 + a u one 10 #0",
            "30 + a x two 20 #0",
            "40 + a t none #0",
            "12 + b s none #0")
        .leavesUnmatched()
        .findsTooLate()
        .run();
  }

  @ParameterizedTest
  @EnumSource
  void anInnerJoinHandsOverFactsWithoutARow(TestRunner runner) {
    new Scene(
            runner,
            Create.timestamped(
                    at(9, "fact a early"),
                    at(12, "fact a x"),
                    at(10, "row a one"),
                    at(20, "delete a"),
                    at(20, "fact a gone"),
                    at(5, "fact b never"))
                .withCoder(StringUtf8Coder.of()),
            inner)
        .says("12 + a x one 10 #0")
        .leavesUnmatched("9 KV{a, early}", "20 KV{a, gone}", "5 KV{b, never}")
        .findsTooLate()
        .run();
  }

  @Test
  void aFactIsSaidWhenTheWatermarkHasPassedIt() {
    TestRunner runner = TestRunner.DIRECT;
    new Scene(
            runner,
            Told.stream()
                .addElements(at(1, "row a one"), at(5, "fact a x"))
                .advanceWatermarkTo(second(5))
                .addElements(at(5, "row a two"), at(6, "fact a y"), at(8, "row a three"))
                .advanceWatermarkTo(second(7))
                .addElements(at(7, "fact a z"), at(6, "fact a late"), at(9, "fact a w"))
                .advanceWatermarkToInfinity(),
            left)
        .says("5 + a x two 5 #0", "6 + a y two 5 #0", "7 + a z two 5 #0", "9 + a w three 8 #0")
        .findsTooLate("6 KV{a, late}")
        .run();
  }

  @ParameterizedTest
  @EnumSource
  void ofVersionsWithOneTimeTheHighestPositionHolds(TestRunner runner) {
    new Scene(
            runner,
            Create.timestamped(
                    at(10, "row a second 2"),
                    at(10, "row a third 3"),
                    at(10, "row a first 1"),
                    at(10, "row a third 3"),
                    at(10, "fact a x"),
                    at(10, "row b one 1"),
                    at(10, "delete b 2"),
                    at(11, "fact b y"))
                .withCoder(StringUtf8Coder.of()),
            left)
        .says("10 + a x third 10 #0", "11 + b y none #0")
        .run();
  }

  @ParameterizedTest
  @EnumSource
  void theSameFactTwiceIsTwoFacts(TestRunner runner) {
    new Scene(
            runner,
            Create.timestamped(
                    at(10, "row a one"),
                    at(12, "fact a x"),
                    at(12, "fact a x"),
                    at(10, "row a one"))
                .withCoder(StringUtf8Coder.of()),
            inner)
        .says("12 + a x one 10 #0", "12 + a x one 10 #0")
        .run();
  }

  /**
   * The watermark of bounded input waits for what is earlier: no fact is said before it has come.
   */
  @ParameterizedTest
  @EnumSource
  void aSnapshotsRowHoldsForFactsBeforeTheFirstVersion(TestRunner runner) {
    new Scene(
            runner,
            Create.timestamped(
                    at(0, "snapshot a one 0 10"),
                    at(2, "fact a x"),
                    at(0, "snapshot b late 0 5"),
                    at(3, "row b early"),
                    at(1, "fact b y"),
                    at(4, "fact b z"),
                    at(10, "row c one"),
                    at(2, "fact c w"))
                .withCoder(StringUtf8Coder.of()),
            left)
        .says("2 + a x one 10 #0", "1 + b y late 5 #0", "4 + b z early 3 #0", "2 + c w none #0")
        .run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void aLateVersionCorrectsTheFactsItTouches(TestRunner runner) {
    new Scene(
            runner,
            Told.stream()
                .addElements(at(1, "row a one"), at(3, "fact a z"), at(5, "fact a x"))
                .addElements(at(8, "fact a y"), at(6, "fact b w"), at(1, "row b one"))
                .advanceWatermarkTo(second(10))
                .addElements(at(4, "row a two"))
                .addElements(at(4, "row a two"))
                .advanceWatermarkTo(second(11))
                .addElements(at(7, "row a three"), at(9, "row b four"))
                .advanceWatermarkToInfinity(),
            left(10, 0))
        .says(
            "3 + a z one 1 #0",
            "5 + a x one 1 #0",
            "5 - a x one 1 #0",
            "5 + a x two 4 #1",
            "8 + a y one 1 #0",
            "8 - a y one 1 #0",
            "8 + a y two 4 #1",
            "8 - a y two 4 #1",
            "8 + a y three 7 #2",
            "6 + b w one 1 #0")
        .findsTooLate()
        .run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void aLateVersionThatChangesNothingIsNotSaid(TestRunner runner) {
    new Scene(
            runner,
            Told.stream()
                .addElements(at(1, "row a one 1"), at(4, "row a two 3"), at(5, "fact a x"))
                .advanceWatermarkTo(second(10))
                .addElements(at(3, "row a older 2"), at(4, "row a two 4"), at(4, "row a no 2"))
                .addElements(at(6, "row a newer 5"))
                .advanceWatermarkToInfinity(),
            left(10, 0))
        .says("5 + a x two 4 #0")
        .run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void aLateDeleteTakesTheRowAway(TestRunner runner) {
    TestStream<String> told =
        Told.stream()
            .addElements(at(1, "row a one"), at(5, "fact a x"))
            .advanceWatermarkTo(second(10))
            .addElements(at(4, "delete a"))
            .advanceWatermarkToInfinity();
    new Scene(runner, told, left(10, 0))
        .says("5 + a x one 1 #0", "5 - a x one 1 #0", "5 + a x none #1")
        .leavesUnmatched()
        .run();
    new Scene(runner, told, inner(10, 0))
        .says("5 + a x one 1 #0", "5 - a x one 1 #0")
        .leavesUnmatched("5 KV{a, x}")
        .run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void anInnerJoinGivesUpAFactOnlyWhenNoVersionInTimeCanBringARow(TestRunner runner) {
    new Scene(
            runner,
            Told.stream()
                .addElements(at(5, "fact a x"), at(5, "fact b y"), at(4, "fact c z"))
                .advanceWatermarkTo(second(15))
                .addElements(at(5, "row a one"), at(5, "row c one"))
                .advanceWatermarkTo(second(16))
                .addElements(at(16, "row b late"))
                .advanceWatermarkToInfinity(),
            inner(10, 0))
        .says("5 + a x one 5 #0")
        .leavesUnmatched("5 KV{b, y}", "4 KV{c, z}")
        .run();
  }

  @Test
  void aFactIsTooLateBeyondTheHorizon() {
    TestRunner runner = TestRunner.DIRECT;
    new Scene(
            runner,
            Told.stream()
                .addElements(at(1, "row a one"), at(12, "row a two"))
                .advanceWatermarkTo(second(20))
                .addElements(at(10, "fact a x"), at(9.999, "fact a y"), at(19, "fact a z"))
                .addElements(at(14, "row a three"))
                .advanceWatermarkToInfinity(),
            left(10, 0))
        .says(
            "10 + a x one 1 #0", "19 + a z two 12 #0", "19 - a z two 12 #0", "19 + a z three 14 #1")
        .findsTooLate("9.999 KV{a, y}")
        .run();
  }

  @Test
  void aVersionBeyondTheHorizonIsCountedAndCorrectsWhatIsStillThere() {
    TestRunner runner = TestRunner.DIRECT;
    long before = RunCounter.totals().getOrDefault("versions_too_late", 0L);
    new Scene(
            runner,
            Told.stream()
                .addElements(at(1, "row a one"), at(6, "fact a x"), at(12, "fact a y"))
                .advanceWatermarkTo(second(20))
                .addElements(at(5, "row a two"))
                .advanceWatermarkToInfinity(),
            left(10, 0))
        .says("6 + a x one 1 #0", "12 + a y one 1 #0", "12 - a y one 1 #0", "12 + a y two 5 #1")
        .run();
    assertThat(RunCounter.totals().get("versions_too_late") - before, is(1L));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void aFactWaitsForTheFirstVersionOfItsRow(TestRunner runner) {
    TestStream<String> told =
        Told.stream()
            .addElements(at(5, "fact a late"), at(5, "fact b none"), at(5, "fact c after"))
            .addElements(at(5, "fact d edge"), at(5, "fact e beyond"), at(5, "fact f gone"))
            .addElements(at(5, "fact g before"), at(4, "delete f"), at(9, "row g two"))
            .advanceWatermarkTo(second(6))
            .addElements(at(4, "row a one"), at(8, "row c one"), at(7, "row g one"))
            .advanceWatermarkTo(second(15))
            .addElements(at(15, "row d one"), at(15.001, "row e one"))
            .advanceWatermarkToInfinity();
    String[] said = {
      "5 + a late one 4 #0", "5 + c after one 8 #0", "5 + d edge one 15 #0", "5 + g before one 7 #0"
    };
    new Scene(runner, told, inner(0, 10))
        .says(said)
        .leavesUnmatched("5 KV{b, none}", "5 KV{e, beyond}", "5 KV{f, gone}")
        .run();
    new Scene(runner, told, left(0, 10))
        .says(
            Stream.concat(
                    Stream.of(said),
                    Stream.of("5 + b none none #0", "5 + e beyond none #0", "5 + f gone none #0"))
                .toArray(String[]::new))
        .run();
  }

  /** A version may be as late as the horizon, and as far after the fact as it waits. */
  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void horizonAndWaitAddUp(TestRunner runner) {
    new Scene(
            runner,
            Told.stream()
                .addElements(at(5, "fact a x"), at(5, "fact b y"))
                .advanceWatermarkTo(second(15))
                .addElements(at(10, "row a one"))
                .advanceWatermarkTo(second(25))
                .addElements(at(8, "row a other"), at(15, "row b one"))
                .advanceWatermarkToInfinity(),
            inner(10, 10))
        .says("5 + a x one 10 #0", "5 + b y one 15 #0", "5 - a x one 10 #0", "5 + a x other 8 #1")
        .leavesUnmatched()
        .run();
  }

  /**
   * Windows without allowed lateness take all that is said, or the run would count what is late.
   */
  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void theWatermarkWaitsForFactsThatWait(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    PCollection<String> said =
        Told.join(
                timed
                    .pipeline()
                    .apply(
                        Told.stream()
                            .addElements(at(5, "fact a x"), at(7, "fact b y"), at(7, "row b one"))
                            .advanceWatermarkTo(second(12))
                            .addElements(at(13, "fact b z"))
                            .advanceWatermarkTo(second(30))
                            .addElements(at(31, "fact b w"))
                            .advanceWatermarkToInfinity()),
                left(0, 20))
            .enriched()
            .apply(MapElements.into(TypeDescriptors.strings()).via(Told::show))
            .apply(Window.into(FixedWindows.of(Duration.standardSeconds(1))))
            .apply(Count.perElement())
            .apply(MapElements.into(TypeDescriptors.strings()).via(KV::getKey));
    PAssert.that(said)
        .containsInAnyOrder("+ a x none #0", "+ b y one 7 #0", "+ b z one 7 #0", "+ b w one 7 #0");
    timed.run();
  }

  @Test
  void theWatermarkGoesOnWhenAFactHasItsRow() {
    TestRunner runner = TestRunner.DIRECT;
    TimedPipeline timed = new TimedPipeline(runner);
    PCollection<String> said =
        Told.join(
                timed
                    .pipeline()
                    .apply(
                        Told.stream()
                            .addElements(at(5, "fact a x"))
                            .advanceWatermarkTo(second(10))
                            .addElements(at(4, "row a one"))
                            .advanceWatermarkTo(second(20))
                            .addElements(at(4, "row a two"), at(6, "fact a y"))
                            .advanceWatermarkToInfinity()),
                left(15, 1000))
            .enriched()
            .apply(MapElements.into(TypeDescriptors.strings()).via(Told::show))
            .apply(Window.into(FixedWindows.of(Duration.standardSeconds(1))))
            .apply(Count.perElement())
            .apply(MapElements.into(TypeDescriptors.strings()).via(KV::getKey));
    // What was late is dropped by these windows: the watermark was there.
    PAssert.that(said).containsInAnyOrder("+ a x one 4 #0");
    timed.pipeline().run().waitUntilFinish();
  }

  @ParameterizedTest
  @EnumSource
  void aHotKeysFactsAreSpreadAndAllMeetTheTable(TestRunner runner) {
    List<TimestampedValue<String>> told = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String key = i % 2 == 0 ? "hot" : "k" + i;
      told.add(at(i, "fact " + key + " x" + i));
      expected.add(
          i
              + " + "
              + key
              + " x"
              + i
              + (i % 2 == 1 ? " none #0" : i < 200 ? " one 0 #0" : " two 200 #0"));
    }
    told.add(at(0, "row hot one"));
    told.add(at(200, "row hot two"));
    new Scene(
            runner,
            Create.timestamped(told).withCoder(StringUtf8Coder.of()),
            join -> join.left().withHotKeyFanout(4))
        .says(expected.toArray(String[]::new))
        .run();
  }

  @Test
  void keysAndCodersThatDoNotFitAreRefused() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, String>> facts = pipeline.apply("Facts", Create.empty(Told.FACTS));
    PCollection<KV<String, TableVersion<String>>> table =
        pipeline.apply("Table", Create.empty(Told.VERSIONS));
    PCollection<KV<Long, String>> others =
        pipeline.apply("Others", Create.empty(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())));
    assertThat(
        refused(() -> facts.apply("A", EnrichWith.versionedTable(withoutCoder(pipeline)))),
        containsString("TableVersionCoder"));
    assertThat(
        refused(
            () ->
                facts
                    .apply(Window.into(FixedWindows.of(Duration.standardDays(1))))
                    .apply("B", EnrichWith.versionedTable(table))),
        containsString("EnrichWith.versionedTable needs its input in the global window"));
    assertThat(
        refused(() -> others.apply("C", EnrichWith.versionedTable(otherKeys(table)))),
        containsString("need the same coder of keys"));
  }

  private static String refused(Runnable apply) {
    return assertThrows(IllegalArgumentException.class, apply::run).getMessage();
  }

  @SuppressWarnings("unchecked") // A table whose keys are not what its type says.
  private static PCollection<KV<Long, TableVersion<String>>> otherKeys(PCollection<?> table) {
    return (PCollection<KV<Long, TableVersion<String>>>) table;
  }

  private static PCollection<KV<String, TableVersion<String>>> withoutCoder(TestPipeline pipeline) {
    return pipeline.apply(
        "WithoutCoder",
        Create.empty(
            KvCoder.of(
                StringUtf8Coder.of(),
                NullableCoder.of(TableVersionCoder.of(StringUtf8Coder.of())))));
  }

  @Test
  void durationsAndNumbersThatMakeNoSenseAreRefused() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    JoinAsOf<String, String, String> join =
        EnrichWith.versionedTable(pipeline.apply(Create.empty(Told.VERSIONS)));
    Duration negative = Duration.millis(-1);
    assertThrows(IllegalArgumentException.class, () -> join.withCorrectionHorizon(negative));
    assertThrows(IllegalArgumentException.class, () -> join.waitingFor(negative));
    assertThrows(
        IllegalArgumentException.class, () -> join.waitingFor(Duration.standardDays(40_000)));
    assertThrows(IllegalArgumentException.class, () -> join.withBuckets(0));
    PCollection<KV<String, String>> facts = pipeline.apply("Facts", Create.empty(Told.FACTS));
    assertThrows(
        IllegalArgumentException.class, () -> facts.apply(join.withBuckets(4).withHotKeyFanout(5)));
  }
}
