package io.millrace.testdata.flights;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlightEventsTest {
  private static final int COUNT = 20_000;

  private final List<FlightEvent> events = FlightEvents.generate(1, COUNT);

  @Test
  void seedAndNumberDecideAll() {
    assertThat(FlightEvents.generate(1, COUNT), equalTo(events));
    assertThat(FlightEvents.generate(2, COUNT), is(not(equalTo(events))));
    assertThat(events, hasSize(COUNT));
  }

  @Test
  void lagsAreAsPromised() {
    List<Long> minutes =
        events.stream()
            .map(event -> (event.received() - event.occurred()) / 60_000)
            .sorted()
            .toList();
    assertThat(minutes.get(COUNT / 2), equalTo(15L));
    assertThat(minutes.get(COUNT * 99 / 100), equalTo(150L));
    assertThat(minutes.get(COUNT - 1), equalTo(491L));
  }

  @Test
  void theyComeInTheOrderOfReceivingWhichIsNotThatOfOccurring() {
    assertThat(
        events,
        equalTo(events.stream().sorted(Comparator.comparingLong(FlightEvent::id)).toList()));
    assertThat(
        events,
        equalTo(events.stream().sorted(Comparator.comparingLong(FlightEvent::received)).toList()));
    long inversions =
        IntStream.range(1, COUNT)
            .filter(i -> events.get(i).occurred() < events.get(i - 1).occurred())
            .count();
    assertThat(inversions > COUNT / 4, is(true));
  }
}
