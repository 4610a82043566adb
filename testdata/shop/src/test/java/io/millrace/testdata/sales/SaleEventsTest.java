package io.millrace.testdata.sales;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.comparesEqualTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testdata.sales.SaleEvent.Arrival;
import io.millrace.testdata.sales.SaleEvent.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SaleEventsTest {
  private static final long BEGIN = 1_777_593_600_000L;
  private static final long SECONDS = 100;
  private static final int PER_SECOND = 100;

  private final List<SaleEvent> events = inOneGo(1);

  private static List<SaleEvent> inOneGo(long seed) {
    return inSteps(seed, SECONDS * 1_000);
  }

  private static List<SaleEvent> inSteps(long seed, long millis) {
    SaleEvents sales = SaleEvents.of(seed, BEGIN, PER_SECOND);
    List<SaleEvent> events = new ArrayList<>();
    for (long passed = millis; passed <= SECONDS * 1_000; passed += millis) {
      events.addAll(sales.until(BEGIN + passed));
    }
    events.addAll(sales.rest());
    assertThat(sales.rest(), is(empty()));
    return events;
  }

  @Test
  void seedAndTimeDecideAllHoweverOftenItIsAsked() {
    assertThat(inSteps(1, 100), equalTo(events));
    assertThat(inOneGo(2), is(not(equalTo(events))));
    assertThat(
        events.stream().filter(event -> event.arrival() != Arrival.AGAIN).toList(),
        hasSize((int) SECONDS * PER_SECOND));
  }

  /** Compared with the newest event of its topic, as a watermark does. */
  @Test
  void eventsAreAsLateAsTheySay() {
    Map<Kind, Long> newest = new HashMap<>();
    Map<Arrival, Integer> seen = new HashMap<>();
    for (SaleEvent event : events) {
      long behind = newest.merge(event.kind(), event.occurredAt(), Math::max) - event.occurredAt();
      seen.merge(event.arrival(), 1, Integer::sum);
      switch (event.arrival()) {
        case IN_ORDER -> assertThat(behind, is(0L));
        case OUT_OF_ORDER -> assertThat(behind, is(lessThan(SaleEvents.DISORDER)));
        case LATE ->
            assertThat(
                event.sendAt() - event.occurredAt(),
                is(
                    both(greaterThanOrEqualTo(2 * SaleEvents.DISORDER))
                        .and(lessThan(SaleEvents.LATENESS))));
        case TOO_LATE -> assertThat(behind, is(greaterThan(9 * 60_000L)));
        case AGAIN -> assertThat(behind, is(lessThan(SaleEvents.LATENESS + SaleEvents.DISORDER)));
      }
    }
    double total = SECONDS * PER_SECOND;
    assertThat(seen.get(Arrival.OUT_OF_ORDER) / total, is(closeTo(0.10, 0.02)));
    assertThat(seen.get(Arrival.LATE) / total, is(closeTo(0.05, 0.01)));
    assertThat(seen.get(Arrival.TOO_LATE) / total, is(closeTo(0.02, 0.01)));
    assertThat(seen.get(Arrival.AGAIN) / total, is(closeTo(0.033, 0.01)));
  }

  @Test
  void nothingIsTooLateBeforeAWatermarkCanTell() {
    assertThat(
        events.stream()
            .filter(event -> event.arrival() == Arrival.TOO_LATE)
            .mapToLong(SaleEvent::sendAt)
            .min()
            .orElseThrow(),
        is(greaterThanOrEqualTo(BEGIN + SaleEvents.UNTIL_TOO_LATE)));
  }

  @Test
  void whatComesAgainIsTheSameAndCameBefore() {
    Map<String, SaleEvent> before = new HashMap<>();
    for (SaleEvent event : events) {
      SaleEvent first = before.putIfAbsent(event.id(), event);
      assertThat(event.toString(), first != null, is(event.arrival() == Arrival.AGAIN));
      if (first != null) {
        assertThat(event.json(), is(first.json()));
        assertThat(first.arrival(), is(not(Arrival.TOO_LATE)));
      }
    }
  }

  @Test
  void recordsSayWhatTheEventsAre() throws Exception {
    ObjectMapper json =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    Set<String> statuses = new HashSet<>();
    for (SaleEvent event : events) {
      JsonNode record = json.readTree(event.json());
      assertThat(record.path("id").asText(), is(event.id()));
      assertThat(record.path("amount").decimalValue(), comparesEqualTo(event.amount()));
      assertThat(
          Instant.parse(record.path("occurred_at").asText()).toEpochMilli(),
          is(event.occurredAt()));
      assertThat(record.path("status").asText(), is(event.status()));
      statuses.add(event.kind() + event.status());
    }
    assertThat(statuses, is(Set.of("PURCHASE", "PAYMENTapproved", "PAYMENTdeclined")));
  }
}
