package io.millrace.transforms.entity;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** What is kept, folded and freed, and how often events are applied; the horizon is 10. */
class EvolverTest {
  private static final List<String> APPLIED = new ArrayList<>();

  private final Evolver<String, String> evolver = evolver(Evolver.NEVER);

  private static Evolver<String, String> evolver(long idleExpiry) {
    APPLIED.clear();
    return new Evolver<>(
        (letters, event) -> {
          APPLIED.add(event);
          return Letters.apply(letters, event);
        },
        StringUtf8Coder.of(),
        new EventOrder<>(StringUtf8Coder.of(), null, null, false, event -> event),
        10,
        idleExpiry);
  }

  private static KeptEvent event(long time, String letter) {
    byte[] bytes = {1, (byte) letter.charAt(0)};
    return new KeptEvent(time, 0, letter, bytes);
  }

  private EntityState state(KeptEvent... events) {
    return evolver.fold(evolver.keep(EntityState.NEW, List.of(events)));
  }

  @Test
  void anEventInOrderIsAppliedToTheCurrentState() {
    EntityState state = state(event(1, "a"), event(2, "b"));
    APPLIED.clear();
    EntityState after = evolver.fold(evolver.keep(state, List.of(event(3, "c"))));
    assertThat(APPLIED, is(List.of("c")));
    assertThat(evolver.entity(after.current()), is("abc"));
    assertThat(evolver.fold(after), is(sameInstance(after)));
  }

  @Test
  void anEventBetweenOthersIsAppliedWithAllThatAreKept() {
    EntityState trimmed = evolver.trim(state(event(1, "a"), event(5, "b"), event(7, "d")), 12);
    APPLIED.clear();
    EntityState after = evolver.fold(evolver.keep(trimmed, List.of(event(6, "c"))));
    assertThat(APPLIED, is(List.of("b", "c", "d")));
    assertThat(evolver.entity(after.current()), is("abcd"));
  }

  @Test
  void nothingIsAppliedBeforeItIsNeeded() {
    evolver.keep(EntityState.NEW, List.of(event(3, "c"), event(1, "a")));
    assertThat(APPLIED, is(List.of()));
  }

  @Test
  void eventsOlderThanTheHorizonAreFreed() {
    EntityState state = state(event(1, "a"), event(2, "b"), event(3, "c"));
    assertThat(evolver.trim(state, 11), is(sameInstance(state)));
    assertThat(evolver.due(state), is(12L));
    EntityState trimmed = evolver.trim(state, 12);
    assertThat(trimmed.kept().size(), is(2));
    assertThat(evolver.entity(trimmed.base()), is("a"));
    assertThat(evolver.entity(trimmed.current()), is("abc"));
    assertThat(evolver.due(trimmed), is(13L));
    APPLIED.clear();
    EntityState empty = evolver.trim(trimmed, 100);
    assertThat(empty.kept(), is(List.of()));
    assertThat(evolver.entity(empty.base()), is("abc"));
    assertThat(APPLIED, is(List.of()));
    assertThat(evolver.due(empty), is(Evolver.NEVER));
    assertThat(evolver.isForgotten(empty, 1_000_000), is(false));
  }

  @Test
  void whatIsTrimmedIsStillTooLateAndTheRestInTime() {
    EntityState trimmed = evolver.trim(state(event(1, "a"), event(20, "b")), 25);
    assertThat(evolver.isTooLate(trimmed, event(14, "z"), 25), is(true));
    assertThat(evolver.isTooLate(trimmed, event(15, "c"), 25), is(false));
  }

  @Test
  void anIdleEntityIsForgottenOnceNothingCanProlongIt() {
    Evolver<String, String> expiring = evolver(50);
    EntityState state =
        expiring.fold(expiring.keep(EntityState.NEW, List.of(event(1, "a")))).said(1);
    EntityState trimmed = expiring.trim(state, 61);
    assertThat(expiring.due(trimmed), is(62L));
    assertThat(expiring.isForgotten(trimmed, 61), is(false));
    assertThat(expiring.isForgotten(trimmed, 62), is(true));
  }

  @Test
  void revisionsGrowBeyondThoseOfAnEntityThatWasForgotten() {
    Evolver<String, String> expiring = evolver(50);
    EntityState first = expiring.fold(expiring.keep(EntityState.NEW, List.of(event(100, "a"))));
    assertThat(expiring.nextRevision(first), is(100L));
    assertThat(expiring.nextRevision(first.said(100)), is(101L));
    EntityState second = expiring.fold(expiring.keep(EntityState.NEW, List.of(event(200, "a"))));
    assertThat(expiring.nextRevision(second), is(200L));
  }

  @Test
  void stateHasTheBytesThatAreTold() throws Exception {
    List<KeptEvent> events = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      events.add(new KeptEvent(1_700_000_000_000L + i * 500L, 0, "id" + i, new byte[20]));
    }
    EntityState state =
        new EntityState(
            9,
            false,
            new Folded(new byte[100], 5, 1_700_000_000_000L),
            0,
            new Folded(new byte[100], 1005, 1_700_000_500_000L),
            1000,
            events);
    int bytes = CoderUtils.encodeToByteArray(new EntityStateCoder(), state).length;
    assertThat(bytes <= 2 * 100 + 60 + 1000 * (20 + 5 + 10), is(true));
  }
}
