package io.millrace.benchmarks.readings;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Generates readings of sensors in the order they come in: the same for the same number of events.
 *
 * <p>A sensor sends some 16 readings with pauses of 20 to 980 ms, then rests for 11 to 21 s; no
 * pause is one of exactly 10 s, on which definitions of a session differ. 10,000 sensors send some
 * 6,700 readings a second. Each comes up to 999 ms late, and half of them less than 250.
 */
public final class Readings {

  /** Takes readings. */
  @FunctionalInterface
  public interface Output {
    /**
     * A reading.
     *
     * @param time milliseconds since 1970
     */
    void accept(int sensor, long time, long value) throws IOException;
  }

  /** Milliseconds by which a reading may be behind the newest, and a little more. */
  public static final long DISORDER = 1_000;

  /** A whole number of windows after 1970. */
  static final long BEGIN = 1_777_593_600_000L;

  private static final double LAST_OF_SESSION = 1.0 / 16;

  /** A sensor, by the time of its next reading. */
  private static final class Sensor implements Comparable<Sensor> {
    private final int number;
    private long next;

    private Sensor(int number, long next) {
      this.number = number;
      this.next = next;
    }

    @Override
    public int compareTo(Sensor other) {
      return next != other.next
          ? Long.compare(next, other.next)
          : Integer.compare(number, other.number);
    }
  }

  private record Reading(int sensor, long time, long value) {}

  private final long events;
  private final SplittableRandom random = new SplittableRandom(42);
  private final List<List<Reading>> late = new ArrayList<>();
  private final WindowAnswers answers;

  /** A stream of so many readings. */
  public Readings(long events) {
    this.events = events;
    this.answers = new WindowAnswers(sensors(events));
    for (int i = 0; i < DISORDER; i++) {
      late.add(new ArrayList<>());
    }
  }

  /** How many sensors there are; their numbers begin with 0. */
  public static int sensors(long events) {
    return (int) Math.min(10_000, Math.max(10, events / 200));
  }

  /** Hands over all readings. */
  public void generate(Output output) throws IOException {
    PriorityQueue<Sensor> sensors = new PriorityQueue<>();
    for (int i = 0; i < sensors(events); i++) {
      sensors.add(new Sensor(i, BEGIN + random.nextInt(25_000)));
    }
    long now = BEGIN;
    for (long made = 0; made < events; made++) {
      Sensor sensor = sensors.remove();
      for (; now < sensor.next; now++) {
        flush(now, output);
      }
      Reading reading = new Reading(sensor.number, sensor.next, 1 + random.nextInt(1_000_000));
      answers.add(reading.sensor, reading.time, reading.value);
      double uniform = random.nextDouble();
      long arrival = now + (long) (uniform * uniform * DISORDER);
      late.get((int) (arrival % DISORDER)).add(reading);
      sensor.next += pause();
      sensors.add(sensor);
    }
    for (int i = 0; i < DISORDER; i++) {
      flush(now + i, output);
    }
  }

  private long pause() {
    return random.nextDouble() < LAST_OF_SESSION
        ? 11_000 + random.nextInt(10_000)
        : 20 + random.nextInt(961);
  }

  private void flush(long arrival, Output output) throws IOException {
    List<Reading> due = late.get((int) (arrival % DISORDER));
    for (Reading reading : due) {
      output.accept(reading.sensor, reading.time, reading.value);
    }
    due.clear();
  }

  /** What is right in the end; after {@link #generate}. */
  public String answer(WindowKind kind) {
    return answers.of(kind);
  }
}
