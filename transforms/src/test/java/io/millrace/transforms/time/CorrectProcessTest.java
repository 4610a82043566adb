package io.millrace.transforms.time;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

/** A device's clock is corrected by what was received; times are microseconds since 1970. */
class CorrectProcessTest {
  private static final long SECOND = 1_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long START = 500_000 * HOUR;

  private final Random random = new Random(11);

  @Test
  void aClockThatIsHoursOffIsCorrectedToTheLeastDelay() {
    // Sent at once; the way takes 20 ms at least and mostly much longer.
    List<Reading> readings =
        readings(500, MINUTE, time -> -3 * HOUR, () -> 20_000 + exponential(2 * SECOND));
    List<Corrected<Reading>> corrected = correct(readings, Duration.standardHours(2));
    for (Corrected<Reading> event : corrected.subList(60, 500)) {
      assertThat(event.offset(), greaterThan(3 * HOUR));
      assertThat(error(event), lessThan(SECOND));
    }
    assertThat(corrected.get(2).uncertainty(), is(Corrected.UNKNOWN));
  }

  @Test
  void uncertaintyHoldsTheErrorAsOftenAsItSays() {
    int held = 0;
    int known = 0;
    for (int device = 0; device < 400; device++) {
      List<Reading> readings = readings(40, MINUTE, time -> HOUR, () -> exponential(10 * MINUTE));
      List<Corrected<Reading>> corrected = correct(readings, Duration.standardHours(12));
      Corrected<Reading> last = corrected.get(corrected.size() - 1);
      known++;
      if (error(last) <= last.uncertainty()) {
        held++;
      }
    }
    assertThat(held / (double) known, greaterThan(0.93));
  }

  @Test
  void delaysOfMinutesToHoursLeaveMinutesAtMost() {
    // Half of the delays are over 15 minutes, a hundredth over 150: as of flights in reach.
    List<Reading> readings =
        readings(
            3_000,
            MINUTE,
            time -> 3 * HOUR,
            () -> Math.round(15 * MINUTE * Math.exp(random.nextGaussian())));
    List<Corrected<Reading>> corrected = correct(readings, Duration.standardHours(6));
    List<Long> errors = new ArrayList<>();
    for (Corrected<Reading> event : corrected.subList(100, corrected.size())) {
      errors.add(error(event));
    }
    errors.sort(null);
    assertThat(errors.get(errors.size() / 2), lessThan(2 * MINUTE));
    assertThat(errors.get(errors.size() * 99 / 100), lessThan(4 * MINUTE));
  }

  @Test
  void aClockThatDriftsIsFollowedAndItsDriftIsInTheUncertainty() {
    // Two seconds an hour, some 550 ppm: after a horizon of two hours the offset is up to 4 s old.
    List<Reading> readings =
        readings(2_000, MINUTE, time -> (time - START) / 1_800, () -> exponential(SECOND / 10));
    for (Corrected<Reading> event :
        correct(readings, Duration.standardHours(2)).subList(200, 2_000)) {
      assertThat(Math.abs(error(event)), lessThan(5 * SECOND));
    }
    List<Reading> slow =
        readings(2_000, MINUTE, time -> -(time - START) / 1_800, () -> exponential(SECOND / 10));
    int held = 0;
    for (Corrected<Reading> event : correct(slow, Duration.standardHours(2)).subList(200, 2_000)) {
      assertThat(Math.abs(error(event)), lessThan(5 * SECOND));
      held += Math.abs(error(event)) <= event.uncertainty() ? 1 : 0;
    }
    assertThat(held, greaterThan(1_620));
  }

  @Test
  void aClockSetForwardIsFollowedAtOnce() {
    long jump = START + 300 * MINUTE;
    List<Reading> readings =
        readings(600, MINUTE, time -> time < jump ? 0 : HOUR, () -> exponential(SECOND));
    for (Corrected<Reading> event : correct(readings, Duration.standardHours(2))) {
      if (event.element().trueTime() >= jump) {
        assertThat(Math.abs(error(event)), lessThan(10 * SECOND));
      }
    }
  }

  @Test
  void aClockSetBackIsFollowedAfterTheHorizonAndUncertainUntilThen() {
    long jump = START + 300 * MINUTE;
    List<Reading> readings =
        readings(600, MINUTE, time -> time < jump ? 0 : -HOUR, () -> exponential(SECOND));
    for (Corrected<Reading> event : correct(readings, Duration.standardHours(2))) {
      long since = event.element().trueTime() - jump;
      if (since > 121 * MINUTE) {
        assertThat(error(event), lessThan(10 * SECOND));
        assertThat(event.uncertainty(), lessThan(10 * SECOND));
      } else if (since > 25 * MINUTE && since < 100 * MINUTE) {
        assertThat(error(event), lessThan(-59 * MINUTE));
        assertThat(event.uncertainty(), greaterThan(59 * MINUTE));
      }
    }
  }

  @Test
  void timeOnTheDeviceIsNoDelayIfTheTimeOfSendingIsKnown() {
    List<Reading> stored = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      long time = START + i * MINUTE;
      long sent = time + 5 * HOUR;
      stored.add(new Reading(1, time - HOUR, sent - HOUR, sent + SECOND, time));
    }
    for (Corrected<Reading> event : correct(stored, Duration.standardHours(2))) {
      assertThat(event.offset(), is(HOUR + SECOND));
      assertThat(event.occurredAt(), is(event.element().trueTime() + SECOND));
    }
  }

  @Test
  void anEventThatWasNeverReceivedTeachesNothing() {
    Reading received = new Reading(1, START, START, START + SECOND, START);
    Reading other = new Reading(1, START + MINUTE, START, DeviceTimes.NO_TIME, START);
    List<Corrected<Reading>> corrected =
        correct(List.of(received, other), Duration.standardHours(2));
    assertThat(corrected.get(1).offset(), is(SECOND));
  }

  @Test
  void aDeviceThatIsSilentIsForgotten() {
    Turn turn = new Turn();
    CorrectProcess<Reading> process = process(Duration.standardHours(2));
    process.process(new byte[1], events(readings(5, MINUTE, time -> 0, () -> 0)), turn);
    turn.watermark = (START + HOUR) / 1000;
    process.process(new byte[1], List.of(), turn);
    assertThat(turn.state == null, is(false));
    turn.watermark = (START + 3 * HOUR) / 1000;
    process.process(new byte[1], List.of(), turn);
    assertThat(turn.state, is(nullValue()));
  }

  @Test
  void eventsWhoseDeviceIsNotKnownKeepTheirTimes() {
    List<KeyEvent> events = events(readings(5, MINUTE, time -> HOUR, () -> 0));
    DeviceTimes<Reading> unknown =
        new Reading.Times() {
          @Override
          public String device(Reading reading) {
            return "";
          }
        };
    Turn turn = new Turn();
    new CorrectProcess<>(unknown, Reading.CODER, Duration.standardHours(2))
        .process(new byte[1], events, turn);
    for (Corrected<Reading> event : turn.corrected) {
      assertThat(event.occurredAt(), is(event.element().occurredAt()));
      assertThat(event.uncertainty(), is(Corrected.UNKNOWN));
    }
    assertThat(turn.state, is(nullValue()));
  }

  @Property(tries = 200)
  void theAnswerIsTheSameWhereverTurnsEnd(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int most) {
    Random cuts = new Random(seed);
    List<Reading> readings =
        readings(200, MINUTE / 6, time -> cuts.nextInt(3) * HOUR, () -> exponential(HOUR));
    List<KeyEvent> events = events(readings);
    Turn whole = new Turn();
    process(Duration.standardHours(2)).process(new byte[1], events, whole);
    Turn parts = new Turn();
    for (int from = 0; from < events.size(); ) {
      int to = Math.min(events.size(), from + 1 + cuts.nextInt(most));
      while (to < events.size() && events.get(to).timestamp() == events.get(to - 1).timestamp()) {
        to++;
      }
      process(Duration.standardHours(2)).process(new byte[1], events.subList(from, to), parts);
      from = to;
    }
    assertThat(parts.corrected, is(whole.corrected));
  }

  @Test
  void stateStaysAsItIs() {
    ClockOffset clock = new ClockOffset();
    clock.add(5, 100);
    clock.add(5, -1);
    clock.add(6, 3);
    String golden = "01" + "02" + "0a" + "02" + "01" + "c801" + "0c" + "01" + "06";
    assertThat(HexFormat.of().formatHex(clock.encode()), is(golden));
    ClockOffset decoded = ClockOffset.decode(HexFormat.of().parseHex(golden));
    assertThat(HexFormat.of().formatHex(decoded.encode()), is(golden));
    assertThat(decoded.offset(), is(-1L));
  }

  /** Sends a reading every so often, by a clock that is ahead by so much, over a way so long. */
  private List<Reading> readings(
      int count, long every, LongUnaryOperator ahead, LongSupplier delay) {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long time = START + i * every;
      long told = time + ahead.applyAsLong(time);
      readings.add(new Reading(1, told, told, time + delay.getAsLong(), time));
    }
    return readings;
  }

  private long exponential(long mean) {
    return Math.round(-mean * Math.log(1 - random.nextDouble()));
  }

  /** By how much later than in truth it is said to have happened. */
  private static long error(Corrected<Reading> event) {
    return event.occurredAt() - event.element().trueTime();
  }

  private static List<Corrected<Reading>> correct(List<Reading> readings, Duration horizon) {
    Turn turn = new Turn();
    process(horizon).process(new byte[1], events(readings), turn);
    return turn.corrected;
  }

  private static CorrectProcess<Reading> process(Duration horizon) {
    return new CorrectProcess<>(new Reading.Times(), Reading.CODER, horizon);
  }

  private static List<KeyEvent> events(List<Reading> readings) {
    return readings.stream()
        .map(
            reading -> {
              long at =
                  reading.receivedAt() == DeviceTimes.NO_TIME
                      ? reading.occurredAt()
                      : reading.receivedAt();
              try {
                return new KeyEvent(
                    at / 1000, CoderUtils.encodeToByteArray(Reading.CODER, reading));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .sorted(KeyEvent.ORDER)
        .toList();
  }

  private static final class Turn implements KeyTurn<Corrected<Reading>> {
    private final List<Corrected<Reading>> corrected = new ArrayList<>();
    private byte @Nullable [] state;
    private long watermark;

    @Override
    public byte @Nullable [] state() {
      return state;
    }

    @Override
    public void keep(byte @Nullable [] bytes) {
      state = bytes;
    }

    @Override
    public long watermark() {
      return watermark;
    }

    @Override
    public void wakeAt(long time) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void output(Corrected<Reading> output, long timestamp) {
      assertThat(timestamp, is(Math.floorDiv(output.occurredAt(), 1000L)));
      corrected.add(output);
    }
  }
}
