package io.millrace.transforms.pattern;

import io.millrace.transforms.time.KeyEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a pattern means, told of a whole sorted list: from each beginning forward, one at a time.
 */
final class ReferencePattern {

  /**
   * A match from a beginning: the places of its events, and when and by which event it is certain.
   */
  private record Found(List<Integer> places, long end, int completedBy) {
    int first() {
      return places.get(0);
    }

    int last() {
      return places.get(places.size() - 1);
    }
  }

  static List<String> alerts(Pattern<String> pattern, List<KeyEvent> events) {
    List<Found> all = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Found found = from(i, pattern, events);
      if (found != null) {
        all.add(found);
      }
    }
    // Those whose time is over come before an event of that time.
    all.sort(
        Comparator.comparingLong(Found::end)
            .thenComparingInt(Found::completedBy)
            .thenComparingInt(Found::first));
    List<Found> told = new ArrayList<>();
    int takenTo = -1;
    for (Found found : all) {
      if (pattern.isOverlapping() || found.first() > takenTo) {
        told.add(found);
        takenTo = Math.max(takenTo, found.last());
      }
    }
    return told.stream()
        .map(
            found ->
                found.places().stream()
                        .map(place -> text(events.get(place)))
                        .collect(Collectors.joining(" "))
                    + " @"
                    + found.end())
        .toList();
  }

  private static @Nullable Found from(int start, Pattern<String> pattern, List<KeyEvent> events) {
    long over = events.get(start).timestamp() + pattern.withinMillis();
    List<Integer> places = new ArrayList<>();
    List<Stage<String>> forbidden = new ArrayList<>();
    int at = start;
    for (Stage<String> stage : pattern.stages()) {
      if (stage.isNegated()) {
        forbidden.add(stage);
        continue;
      }
      for (int i = 0; i < stage.times(); i++) {
        boolean first = places.isEmpty();
        boolean found = false;
        while (!found && at < events.size() && events.get(at).timestamp() < over) {
          if (any(forbidden, events.get(at))) {
            return null;
          }
          found = fits(stage, events.get(at));
          if (found) {
            places.add(at);
          } else if (first || stage.kind() == Stage.Kind.STRICT) {
            return null;
          }
          at++;
        }
        if (!found) {
          return null;
        }
        forbidden.clear();
      }
    }
    if (forbidden.isEmpty()) {
      return new Found(places, events.get(at - 1).timestamp(), at - 1);
    }
    for (; at < events.size() && events.get(at).timestamp() < over; at++) {
      if (any(forbidden, events.get(at))) {
        return null;
      }
    }
    return new Found(places, over, -1);
  }

  private static boolean any(List<Stage<String>> stages, KeyEvent event) {
    return stages.stream().anyMatch(stage -> fits(stage, event));
  }

  private static boolean fits(Stage<String> stage, KeyEvent event) {
    return stage.predicate().apply(RecordedTurn.MAKER.decode(event));
  }

  private static String text(KeyEvent event) {
    return event.timestamp() + RecordedTurn.MAKER.decode(event);
  }

  private ReferencePattern() {}
}
