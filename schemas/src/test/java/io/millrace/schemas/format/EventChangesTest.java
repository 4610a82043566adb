package io.millrace.schemas.format;

import static io.millrace.schemas.format.Events.PURCHASES;
import static io.millrace.schemas.format.Events.read;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.image.ImageReader;
import org.junit.jupiter.api.Test;

class EventChangesTest {
  private static final String EVENT =
      "{\"id\":7,\"at\":\"2026-05-01T11:59:00Z\",\"sent\":1777636741500,\"till\":9,\"total\":12.50}";

  private final EventChanges changes = new EventChanges(PURCHASES);

  @Test
  void eventBecomesTheInsertOfARow() {
    BusinessEvent event = read(PURCHASES, EVENT);
    ChangeEvent change = changes.insert(event);
    assertThat(change.table(), is("purchase"));
    assertThat(change.operation(), is(Operation.INSERT));
    assertThat(change.key(), equalTo(event.id()));
    assertThat(change.after(), equalTo(event.image()));
    assertThat(change.committedAt(), is(event.occurredAt()));
    assertThat(change.capturedAt(), is(event.sentAt()));
    assertThat(change.receivedAt(), is(event.receivedAt()));
    assertThat(change.origin(), is(event.origin()));
  }

  @Test
  void columnsThatTheEventLeavesOutAreNull() {
    ChangeEvent change =
        changes.insert(read(PURCHASES, "{\"id\":7,\"at\":\"2026-05-01T11:59:00Z\",\"new\":1}"));
    assertThat(change.unchanged(), is(empty()));
    ImageReader reader =
        new ImageReader(
            PURCHASES.events().get(0), change.after().encoding(), UnknownColumns.CAPTURE);
    assertThat(reader.read(change.after()).unchanged(), is(empty()));
    assertThat(reader.columns().extra(), is("{\"new\":1}"));
  }

  @Test
  void laterOfTwoEventsOfOneIdIsNewer() {
    BusinessEvent first = read(PURCHASES, EVENT);
    BusinessEvent second = first.toBuilder().setOrigin(Origin.ofTopic("purchases", 3, 43)).build();
    assertThat(changes.insert(second).position(), greaterThan(changes.insert(first).position()));
  }

  @Test
  void eventOfAnotherContractIsRefused() {
    BusinessEvent other = read(PURCHASES, EVENT).toBuilder().setType("order").build();
    assertThrows(IllegalArgumentException.class, () -> changes.insert(other));
  }
}
