package io.millrace.testdata.auction;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import io.millrace.testdata.auction.AuctionEvent.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuctionEventsTest {
  private static final int COUNT = 100_000;

  private final List<AuctionEvent> events = AuctionEvents.generate(1, COUNT);

  @Test
  void seedAndNumberDecideAll() {
    assertThat(AuctionEvents.generate(1, COUNT), equalTo(events));
    assertThat(AuctionEvents.generate(2, COUNT), is(not(equalTo(events))));
    assertThat(events, hasSize(COUNT));
    assertThat(new HashSet<>(events).size(), equalTo(COUNT));
  }

  @Test
  void noneComesASecondLateOrMore() {
    long newest = 0;
    long greatest = 0;
    for (AuctionEvent event : events) {
      newest = Math.max(newest, event.time());
      greatest = Math.max(greatest, newest - event.time());
    }
    assertThat(greatest, is(both(greaterThan(900L)).and(lessThan(AuctionEvents.DISORDER))));
  }

  @Test
  void mostAreBidsAndHalfOfThemForAHotAuction() {
    long bids = events.stream().filter(event -> event.kind() == Kind.BID).count();
    long hot =
        events.stream()
            .filter(event -> event.kind() == Kind.BID && event.auction() % 100 == 0)
            .count();
    assertThat(100.0 * bids / COUNT, is(closeTo(92, 0.1)));
    assertThat(100.0 * hot / bids, is(closeTo(50.5, 1)));
  }

  /** Sessions must end, and some pauses be of exactly the gap: whether it ends one is defined. */
  @Test
  void pausesOfBiddersAreShorterLongerAndExactlyTenSeconds() {
    Map<Long, Long> last = new HashMap<>();
    int longer = 0;
    int exactly = 0;
    int pauses = 0;
    for (AuctionEvent event :
        events.stream().sorted(Comparator.comparingLong(AuctionEvent::time)).toList()) {
      if (event.kind() == Kind.BID) {
        Long before = last.put(event.person(), event.time());
        long pause = before == null ? 0 : event.time() - before;
        pauses += before == null ? 0 : 1;
        longer += pause > 10_000 ? 1 : 0;
        exactly += pause == 10_000 ? 1 : 0;
      }
    }
    assertThat(100.0 * longer / pauses, is(both(greaterThan(5.0)).and(lessThan(20.0))));
    assertThat(exactly, is(greaterThan(0)));
  }
}
