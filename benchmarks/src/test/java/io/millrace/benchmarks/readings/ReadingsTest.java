package io.millrace.benchmarks.readings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadingsTest {
  private static final int EVENTS = 20_000;

  private record Reading(int sensor, long time, long value) {}

  private record Window(int sensor, long start) {}

  private static List<Reading> generate(Readings readings) throws IOException {
    List<Reading> all = new ArrayList<>();
    readings.generate((sensor, time, value) -> all.add(new Reading(sensor, time, value)));
    return all;
  }

  @Test
  void theSameReadingsComeEveryTime() throws IOException {
    List<Reading> readings = generate(new Readings(EVENTS));
    assertThat(readings, hasSize(EVENTS));
    assertThat(generate(new Readings(EVENTS)), equalTo(readings));
  }

  @Test
  void noneComesMoreThanASecondLate() throws IOException {
    long newest = 0;
    long greatest = 0;
    int late = 0;
    for (Reading reading : generate(new Readings(EVENTS))) {
      newest = Math.max(newest, reading.time);
      greatest = Math.max(greatest, newest - reading.time);
      late += reading.time < newest ? 1 : 0;
    }
    assertThat(greatest, is(both(greaterThan(900L)).and(lessThan(Readings.DISORDER))));
    assertThat(late, greaterThan(EVENTS / 2));
  }

  @Test
  void noPauseIsOfExactlyTheLengthThatEndsASession() throws IOException {
    List<Reading> inOrder = generate(new Readings(EVENTS));
    inOrder.sort(Comparator.comparingLong(Reading::time));
    Map<Integer, Long> last = new HashMap<>();
    for (Reading reading : inOrder) {
      Long before = last.put(reading.sensor, reading.time);
      long pause = before == null ? 0 : reading.time - before;
      assertThat(pause < 1_000 || pause > WindowKind.SIZE, is(true));
    }
  }

  @Test
  void answersAreThoseOfWindowsOneByOne() throws IOException {
    Readings readings = new Readings(EVENTS);
    List<Reading> all = generate(readings);
    assertThat(readings.answer(WindowKind.TUMBLING), equalTo(fixed(all, WindowKind.SIZE)));
    assertThat(readings.answer(WindowKind.HOPPING), equalTo(fixed(all, WindowKind.HOP)));
    assertThat(readings.answer(WindowKind.SESSION), equalTo(sessions(all)));
  }

  private static String fixed(List<Reading> all, long slide) {
    Map<Window, Long> sums = new HashMap<>();
    for (Reading reading : all) {
      long last = reading.time - reading.time % slide;
      for (long start = last; start > reading.time - WindowKind.SIZE; start -= slide) {
        sums.merge(new Window(reading.sensor, start), reading.value, Long::sum);
      }
    }
    WindowBook book = new WindowBook();
    WindowBook.Page page = book.page();
    sums.forEach(
        (window, sum) ->
            page.add(window.sensor, window.start, window.start + WindowKind.SIZE, sum));
    return book.answer();
  }

  private static String sessions(List<Reading> all) {
    WindowBook book = new WindowBook();
    WindowBook.Page page = book.page();
    all.stream()
        .collect(Collectors.groupingBy(Reading::sensor))
        .forEach(
            (sensor, readings) -> {
              TreeMap<Long, Long> sumByTime = new TreeMap<>();
              readings.forEach(reading -> sumByTime.merge(reading.time, reading.value, Long::sum));
              while (!sumByTime.isEmpty()) {
                long start = sumByTime.firstKey();
                long sum = 0;
                long end = start + WindowKind.SIZE;
                while (!sumByTime.isEmpty() && sumByTime.firstKey() < end) {
                  end = sumByTime.firstKey() + WindowKind.SIZE;
                  sum += sumByTime.pollFirstEntry().getValue();
                }
                page.add(sensor, start, end, sum);
              }
            });
    return book.answer();
  }
}
