package io.millrace.benchmarks.orders;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderChangesTest {
  private static final int EVENTS = 50_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<JsonNode> generate(OrderChanges changes) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    changes.generate((id, value) -> events.add(JSON.readTree(value)));
    return events;
  }

  @Test
  void theSameEventsComeEveryTime() throws IOException {
    assertThat(generate(new OrderChanges(EVENTS)), equalTo(generate(new OrderChanges(EVENTS))));
  }

  @Test
  void deletesDuplicatesAndDisorderAreAsPromised() throws IOException {
    List<JsonNode> events = generate(new OrderChanges(EVENTS));
    Set<Long> seen = new HashSet<>();
    long greatest = 0;
    int duplicates = 0;
    int late = 0;
    int deletes = 0;
    for (JsonNode event : events) {
      long lsn = event.path("source").path("lsn").asLong();
      duplicates += seen.add(lsn) ? 0 : 1;
      late += lsn < greatest ? 1 : 0;
      greatest = Math.max(greatest, lsn);
      deletes += event.path("op").asText().equals("d") ? 1 : 0;
    }
    assertThat(events.size(), equalTo(EVENTS));
    assertThat(100.0 * deletes / EVENTS, is(closeTo(9, 1)));
    assertThat(100.0 * duplicates / EVENTS, is(closeTo(1, 0.3)));
    assertThat(100.0 * late / EVENTS, is(both(greaterThan(4.0)).and(lessThan(8.0))));
  }

  @Test
  void theAnswerIsTheNewestOfEachOrder() throws IOException {
    OrderChanges changes = new OrderChanges(EVENTS);
    OrderBook book = new OrderBook(OrderChanges.keys(EVENTS));
    for (JsonNode event : generate(changes)) {
      JsonNode source = event.path("source");
      boolean deleted = event.path("op").asText().equals("d");
      book.put(
          event.path(deleted ? "before" : "after").path("id").asLong(),
          JSON.readTree(source.path("sequence").asText()).path(0).asLong(),
          1,
          source.path("lsn").asLong(),
          0,
          deleted);
    }
    assertThat(book.answer(), equalTo(changes.answer()));
  }
}
