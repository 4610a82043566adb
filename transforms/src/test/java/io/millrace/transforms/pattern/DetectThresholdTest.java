package io.millrace.transforms.pattern;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.time.KeyEvent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Events are numbers as text, one a millisecond. */
class DetectThresholdTest {
  private static final Deviation<String> DEVIATION =
      Deviation.of(DetectThresholdTest::number).beyond(2).after(4);

  private static Double number(String event) {
    return event.isEmpty() ? null : Double.valueOf(event);
  }

  private static List<KeyEvent> events(String... numbers) {
    List<KeyEvent> events = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      events.add(RecordedTurn.event(i, numbers[i]));
    }
    return events;
  }

  private static String alerts(Rule<String> rule, List<KeyEvent> events) {
    return String.join(", ", RecordedTurn.alerts(rule, events));
  }

  @Test
  void aValueFarFromTheMeanIsTold() {
    // Mean 2 and deviation 1.15 before the last.
    assertThat(alerts(DEVIATION, events("1", "3", "1", "3", "4.3")), is(""));
    assertThat(alerts(DEVIATION, events("1", "3", "1", "3", "4.4")), is("44.4 @4"));
    assertThat(alerts(DEVIATION, events("1", "3", "1", "3", "-0.4")), is("4-0.4 @4"));
  }

  @Test
  void thereMustBeEnoughEventsBefore() {
    assertThat(alerts(DEVIATION, events("1", "3", "1", "99")), is(""));
  }

  @Test
  void afterEqualValuesAnyOtherDeviates() {
    assertThat(alerts(DEVIATION, events("7", "7", "7", "7", "7", "7.1")), is("57.1 @5"));
  }

  @Test
  void whatIsNoNumberIsPassedOver() {
    assertThat(
        alerts(DEVIATION, events("1", "", "3", "NaN", "1", "Infinity", "3", "9")), is("79 @7"));
  }

  @Test
  void aKeyThatWasIdleBeginsAnew() {
    List<KeyEvent> events = events("1", "3", "1", "3");
    events.add(RecordedTurn.event(103, "9"));
    Deviation<String> expiring = DEVIATION.withIdleExpiry(Duration.millis(100));
    assertThat(alerts(expiring, events), is("1039 @103"));
    events.set(4, RecordedTurn.event(104, "9"));
    assertThat(alerts(expiring, events), is(""));
    RecordedTurn turn = new RecordedTurn(expiring);
    turn.to(4, events.subList(0, 4));
    turn.to(103, List.of());
    assertThat(turn.keepsNothing(), is(false));
    turn.to(104, List.of());
    assertThat(turn.keepsNothing(), is(true));
  }

  @Property(tries = 200)
  void runningStatisticsAreThoseOfAllValues(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 500) int count) {
    Random random = new Random(seed);
    RunningStatistics running = new RunningStatistics();
    double[] values = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      values[i] = 1e6 + random.nextGaussian();
      sum += values[i];
      running.add(values[i], i);
      running = RunningStatistics.decode(running.encode());
    }
    double mean = sum / count;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    assertThat(running.mean(), is(closeTo(mean, 1e-7)));
    assertThat(running.deviation(), is(closeTo(Math.sqrt(squares / (count - 1)), 1e-7)));
  }

  @Test
  void tooManyEventsInATimeAreToldOnce() {
    Velocity<String> velocity = Velocity.above(2, Duration.millis(4));
    assertThat(
        alerts(velocity, events("a", "b", "c", "d", "e", "f")), is("0a 1b 2c @2, 3d 4e 5f @5"));
    List<KeyEvent> slow =
        List.of(
            RecordedTurn.event(0, "a"),
            RecordedTurn.event(2, "b"),
            RecordedTurn.event(4, "c"),
            RecordedTurn.event(5, "d"));
    assertThat(alerts(velocity, slow), is("2b 4c 5d @5"));
  }

  @Property(tries = 500)
  void tooManyEventsAreThePatternOfSoManyAndOneMore(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int most) {
    Random random = new Random(seed);
    Duration within = Duration.millis(1 + random.nextInt(10));
    List<KeyEvent> events = new ArrayList<>();
    long time = 0;
    for (int i = 0; i < 40; i++) {
      time += random.nextInt(5);
      events.add(RecordedTurn.event(time, "e"));
    }
    Velocity<String> velocity = Velocity.above(most, within);
    Pattern<String> pattern =
        Pattern.<String>begin("event", event -> true).times(most + 1).within(within);
    List<String> expected = RecordedTurn.alerts(pattern, events);
    assertThat(RecordedTurn.alerts(velocity, events), is(expected));
    assertThat(RecordedTurn.alertsInTurns(velocity, events, random), is(expected));
  }

  @Test
  void thresholdsThatMeanNothingAreRefused() {
    assertRefused("deviations must be 0 or more", () -> DEVIATION.beyond(-1));
    assertRefused("deviations must be 0 or more", () -> DEVIATION.beyond(Double.NaN));
    assertRefused("2 or more", () -> DEVIATION.after(1));
    assertRefused("longer than 0", () -> DEVIATION.withIdleExpiry(Duration.ZERO));
    assertRefused("1 or more", () -> Velocity.above(0, Duration.millis(1)));
    assertRefused("longer than 0", () -> Velocity.above(1, Duration.ZERO));
  }

  @Test
  void stateStaysAsItIs() {
    RunningStatistics statistics = new RunningStatistics();
    statistics.add(1, 50);
    statistics.add(3, 100);
    String golden = "01" + "02" + "c801" + "4000000000000000" + "4000000000000000";
    assertThat(HexFormat.of().formatHex(statistics.encode()), is(golden));
    RunningStatistics decoded = RunningStatistics.decode(HexFormat.of().parseHex(golden));
    assertThat(HexFormat.of().formatHex(decoded.encode()), is(golden));
    assertThrows(IllegalStateException.class, () -> RunningStatistics.decode(new byte[] {2}));
  }

  private static void assertRefused(String message, Executable call) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
    assertThat(refused.getMessage(), containsString(message));
  }
}
