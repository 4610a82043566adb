package io.millrace.transforms.pattern;

import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.time.KeyEvent;
import io.millrace.transforms.time.KeyProcess;
import io.millrace.transforms.time.KeyTurn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;

/** Takes a key's events through a pattern. */
final class PatternProcess<T> implements KeyProcess<Alert<T>> {
  private static final long serialVersionUID = 1L;

  private final List<Step<T>> steps;
  private final List<String> names;
  private final List<Stage<T>> forbiddenAtTheEnd;
  private final long within;
  private final boolean overlapping;
  private final int mostOpen;
  private final AlertMaker<T> maker;
  private final RunCounter givenUp = RunCounter.named("matches_given_up");

  PatternProcess(Pattern<T> pattern, AlertMaker<T> maker) {
    this.maker = maker;
    steps = Step.of(pattern.stages());
    names = steps.stream().map(step -> step.stage().name()).toList();
    forbiddenAtTheEnd = Step.forbiddenAtTheEnd(pattern.stages());
    within = pattern.withinMillis();
    overlapping = pattern.isOverlapping();
    mostOpen = pattern.mostOpen();
  }

  @Override
  public void process(byte[] key, List<KeyEvent> events, KeyTurn<Alert<T>> turn) {
    OpenMatches open = OpenMatches.decode(turn.state());
    Matching matching = new Matching(key, open.matches(), turn);
    for (KeyEvent event : events) {
      matching.passTo(event.timestamp());
      matching.take(event);
    }
    matching.passTo(turn.watermark());
    turn.keep(open.encode());
  }

  /** A key's matches in a turn, ordered by their first events. */
  private final class Matching {
    private final byte[] key;
    private final List<List<KeyEvent>> open;
    private final KeyTurn<Alert<T>> turn;

    Matching(byte[] key, List<List<KeyEvent>> open, KeyTurn<Alert<T>> turn) {
      this.key = key;
      this.open = open;
      this.turn = turn;
    }

    /** Ends the matches whose time is over; those that only waited for that are complete. */
    void passTo(long time) {
      while (!open.isEmpty() && end(open.get(0)) <= time) {
        List<KeyEvent> match = open.remove(0);
        if (match.size() == steps.size()) {
          complete(match, end(match));
        }
      }
    }

    void take(KeyEvent event) {
      Predicates<T> is = new Predicates<>(maker.decode(event));
      List<List<KeyEvent>> completed = new ArrayList<>();
      for (Iterator<List<KeyEvent>> matches = open.iterator(); matches.hasNext(); ) {
        List<KeyEvent> match = matches.next();
        if (!goesOn(match, event, is)) {
          matches.remove();
        } else if (isComplete(match)) {
          matches.remove();
          completed.add(match);
        }
      }
      if (is.is(steps.get(0).stage()) && (overlapping || completed.isEmpty())) {
        List<KeyEvent> match = new ArrayList<>(List.of(event));
        if (isComplete(match)) {
          completed.add(match);
        } else {
          open(match);
        }
      }
      if (!completed.isEmpty() && !overlapping) {
        complete(completed.get(0), event.timestamp());
      } else {
        completed.forEach(match -> complete(match, event.timestamp()));
      }
    }

    /** Lets a match take the event if it wants it; false if it cannot go on after it. */
    private boolean goesOn(List<KeyEvent> match, KeyEvent event, Predicates<T> is) {
      if (match.size() == steps.size()) {
        return !is.any(forbiddenAtTheEnd);
      }
      Step<T> step = steps.get(match.size());
      if (is.any(step.forbidden())) {
        return false;
      }
      if (is.is(step.stage())) {
        match.add(event);
        wakeAtTheEnd(match);
        return true;
      }
      return !step.isStrict();
    }

    private boolean isComplete(List<KeyEvent> match) {
      return match.size() == steps.size() && forbiddenAtTheEnd.isEmpty();
    }

    private void open(List<KeyEvent> match) {
      open.add(match);
      wakeAtTheEnd(match);
      if (open.size() > mostOpen) {
        open.remove(0);
        givenUp.add(1);
      }
    }

    /** What waits for an absence is complete when its time is over. */
    private void wakeAtTheEnd(List<KeyEvent> match) {
      if (match.size() == steps.size()
          && !forbiddenAtTheEnd.isEmpty()
          && end(match) > turn.watermark()) {
        turn.wakeAt(end(match));
      }
    }

    private void complete(List<KeyEvent> match, long end) {
      turn.output(maker.alert(key, names, match, end, Collections.emptySortedMap()), end);
      if (!overlapping) {
        open.removeIf(other -> isWithin(match, other.get(0)));
      }
    }

    /** Whether an event came no later than a match's last; equal ones may be several. */
    private boolean isWithin(List<KeyEvent> match, KeyEvent event) {
      int order = KeyEvent.ORDER.compare(event, match.get(match.size() - 1));
      return order < 0 || (order == 0 && match.stream().anyMatch(taken -> taken == event));
    }

    private long end(List<KeyEvent> match) {
      return match.get(0).timestamp() + within;
    }
  }

  /** Asks each predicate at most once of an event. */
  private static final class Predicates<T> {
    private final T event;
    private final IdentityHashMap<Stage<T>, Boolean> answers = new IdentityHashMap<>(4);

    Predicates(T event) {
      this.event = event;
    }

    boolean is(Stage<T> stage) {
      return answers.computeIfAbsent(stage, asked -> asked.predicate().apply(event));
    }

    boolean any(List<Stage<T>> stages) {
      for (Stage<T> stage : stages) {
        if (is(stage)) {
          return true;
        }
      }
      return false;
    }
  }
}
