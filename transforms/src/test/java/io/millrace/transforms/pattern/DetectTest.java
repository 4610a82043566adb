package io.millrace.transforms.pattern;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events are a key's letter, a stage's letter and a number; times are in seconds. */
class DetectTest {
  private static final Detect<String> TESTING =
      DetectPattern.of(
              "card_testing",
              event -> event.substring(0, 1),
              Pattern.<String>begin("small", event -> event.charAt(1) == 's')
                  .times(2)
                  .followedBy("big", event -> event.charAt(1) == 'b')
                  .within(Duration.standardSeconds(60)))
          .withBuckets(3);

  private static final Detect<String> UNPAID =
      DetectPattern.of(
              "unpaid",
              event -> event.substring(0, 1),
              Pattern.<String>begin("order", event -> event.charAt(1) == 'o')
                  .notFollowedBy("paid", event -> event.charAt(1) == 'p')
                  .within(Duration.standardSeconds(60)))
          .withBuckets(3);

  private static TimestampedValue<String> at(long second, String event) {
    return TimestampedValue.of(event, second(second));
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static String text(Alert<String> alert) {
    return alert.rule()
        + " of "
        + alert.key()
        + ": "
        + alert.events().stream()
            .map(event -> event.stage() + " " + event.event())
            .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void sequencesAreFoundInOrderOfTimeAndLateEventsHandedOver(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    Detect.Result<String> result =
        timed
            .pipeline()
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(at(30, "ab3"), at(10, "as1"), at(5, "ds1"))
                    .addElements(at(20, "as2"), at(6, "cs1"))
                    .advanceWatermarkTo(second(40))
                    .addElements(at(7, "cs2"), at(50, "cb3"))
                    .advanceWatermarkTo(second(45))
                    .addElements(at(46, "ds2"), at(64, "db3"))
                    .advanceWatermarkToInfinity())
            .apply(TESTING);
    timed.expect(
        result.alerts(),
        DetectTest::text,
        "30 card_testing of a: small as1, small as2, big ab3",
        "64 card_testing of d: small ds1, small ds2, big db3");
    timed.expect(
        result.tooLate(), late -> late.element() + " by " + late.lateness(), "7 cs2 by PT33S");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void absenceIsToldWithoutALaterEvent(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    Detect.Result<String> result =
        timed
            .pipeline()
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(at(10, "ao1"), at(20, "bo1"), at(500, "co1"))
                    .advanceWatermarkTo(second(30))
                    .addElements(at(69, "ap2"))
                    .advanceWatermarkTo(second(80))
                    .addElements(at(80, "bp2"))
                    .advanceWatermarkToInfinity())
            .apply(UNPAID);
    timed.expect(
        result.alerts(),
        DetectTest::text,
        "80 unpaid of b: order bo1",
        "560 unpaid of c: order co1");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource
  void boundedInputGivesTheSameInWhateverOrder(TestRunner runner) {
    List<TimestampedValue<String>> events = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String key = String.valueOf((char) ('a' + i));
      events.add(at(i, key + "s1"));
      events.add(at(i + 10, key + "s2"));
      events.add(at(i + 20, key + "b3"));
      expected.add(
          (i + 20)
              + " card_testing of "
              + key
              + ": small "
              + key
              + "s1, small "
              + key
              + "s2, big "
              + key
              + "b3");
    }
    Collections.shuffle(events, new Random(5));
    TimedPipeline timed = new TimedPipeline(runner);
    Detect.Result<String> result =
        timed.pipeline().apply(Create.timestamped(events)).apply(TESTING);
    timed.expect(result.alerts(), DetectTest::text, expected.toArray(String[]::new));
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void thresholdsTellWhatIsUnusualForItsKey(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    TestStream<String> stream =
        TestStream.create(StringUtf8Coder.of())
            .addElements(at(3, "ax9"), at(1, "ax1"), at(2, "ax2"), at(1, "bx9"))
            .advanceWatermarkTo(second(4))
            .addElements(at(4, "ax1"), at(5, "ax2"), at(9, "bx9"))
            .advanceWatermarkToInfinity();
    PCollection<String> events = timed.pipeline().apply(stream);
    Detect.Result<String> deviations =
        events.apply(
            "Deviation",
            DetectThreshold.of(
                "amount",
                event -> event.substring(0, 1),
                Deviation.<String>of(event -> Double.valueOf(event.substring(2)))
                    .after(2)
                    .withIdleExpiry(Duration.standardSeconds(100))));
    timed.expect(
        deviations.alerts(),
        alert -> text(alert) + " " + alert.measures(),
        "3 amount of a: deviating ax9 {deviation=0.7071067811865476, events=2.0, mean=1.5,"
            + " value=9.0}");
    Detect.Result<String> velocities =
        events.apply(
            "Velocity",
            DetectThreshold.of(
                "velocity",
                event -> event.substring(0, 1),
                Velocity.<String>above(3, Duration.standardSeconds(5))));
    timed.expect(
        velocities.alerts(),
        alert -> text(alert) + " " + alert.measures(),
        "4 velocity of a: event ax1, event ax2, event ax9, event ax1 {events=4.0}");
    timed.run();
  }
}
