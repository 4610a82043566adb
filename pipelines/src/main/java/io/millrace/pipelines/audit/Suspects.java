package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.BothSides.Answers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The keys of a table that looked different, until it is known of each whether it is. Both sides
 * are read at different moments, and one follows the other, so a suspect is read again and again:
 *
 * <ul>
 *   <li>it is <em>settled</em> when both sides are equal, or one shows what the other showed not
 *       longer than the lag ago;
 *   <li>it is <em>different</em> when neither side changed for the lag;
 *   <li>it is <em>restless</em> when it went on changing for ten times the lag without either.
 * </ul>
 *
 * <p>Memory: some 300 bytes a key.
 */
final class Suspects {
  private static final int KEYS_AT_ONCE = 1_000;
  private static final int RESTLESS_LAGS = 10;
  private static final int REMEMBERED = 16;

  private final TableRows first;
  private final TableRows second;
  private final BothSides sides;
  private final Timing timing;
  private final Limits limits;
  private final Pace pace;
  private final Map<RowKey, Suspect> open = new LinkedHashMap<>();
  private final List<RowKey> different = new ArrayList<>();
  private final List<RowKey> restless = new ArrayList<>();
  private int taken;
  private boolean isFull;

  Suspects(
      TableRows first, TableRows second, BothSides sides, Timing timing, Limits limits, Pace pace) {
    this.first = first;
    this.second = second;
    this.sides = sides;
    this.timing = timing;
    this.limits = limits;
    this.pace = pace;
  }

  /** A hash that a side showed; null where it had no row. */
  private record Shown(@Nullable Long hash, Duration at) {}

  /** A key, and what both sides showed of it. */
  private static final class Suspect {
    private final Duration since;
    private final Deque<Shown> first = new ArrayDeque<>();
    private final Deque<Shown> second = new ArrayDeque<>();

    Suspect(@Nullable Long here, @Nullable Long there, Duration now) {
      since = now;
      first.add(new Shown(here, now));
      second.add(new Shown(there, now));
    }

    /** Since when neither side has changed. */
    Duration unchangedSince() {
      Duration here = first.getLast().at;
      Duration there = second.getLast().at;
      return here.compareTo(there) > 0 ? here : there;
    }

    void show(@Nullable Long here, @Nullable Long there, Duration now) {
      show(here, now, first);
      show(there, now, second);
    }

    private static void show(@Nullable Long hash, Duration now, Deque<Shown> shown) {
      if (!Objects.equals(shown.getLast().hash, hash)) {
        shown.add(new Shown(hash, now));
        if (shown.size() > REMEMBERED) {
          shown.removeFirst();
        }
      }
    }

    /** Whether what one side shows is what the other showed after this time. */
    boolean follows(Duration after) {
      return showed(first.getLast().hash, second, after)
          || showed(second.getLast().hash, first, after);
    }

    private static boolean showed(@Nullable Long hash, Deque<Shown> shown, Duration after) {
      Duration until = null;
      for (Iterator<Shown> newestFirst = shown.descendingIterator(); newestFirst.hasNext(); ) {
        Shown each = newestFirst.next();
        boolean recent = until == null || until.compareTo(after) >= 0;
        if (recent && Objects.equals(each.hash, hash)) {
          return true;
        }
        until = each.at;
      }
      return false;
    }
  }

  /** Takes a key whose row looked different; null where a side has none. */
  void add(RowKey key, @Nullable Long here, @Nullable Long there) {
    if (taken == limits.suspects()) {
      isFull = true;
    } else {
      taken++;
      open.put(key, new Suspect(here, there, timing.now()));
    }
  }

  /** Whether there were more than may be looked at, so that all numbers are the least there are. */
  boolean isFull() {
    return isFull;
  }

  /** Whether there are some of which it is not known yet. */
  boolean isOpen() {
    return !open.isEmpty();
  }

  /** Reads the open ones again, and decides what can be decided. */
  void look() throws SQLException, InterruptedException {
    List<RowKey> keys = new ArrayList<>(open.keySet());
    for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
      List<RowKey> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
      Answers<Map<RowKey, Long>> hashes =
          sides.ask(() -> first.hashes(some), () -> second.hashes(some));
      pace.read(some.size());
      for (RowKey key : some) {
        decide(key, hashes.first().get(key), hashes.second().get(key), timing.now());
      }
    }
  }

  private void decide(RowKey key, @Nullable Long here, @Nullable Long there, Duration now) {
    Suspect suspect = open.get(key);
    suspect.show(here, there, now);
    if (suspect.follows(now.minus(limits.lag()))) {
      open.remove(key);
    } else if (now.minus(suspect.unchangedSince()).compareTo(limits.lag()) >= 0) {
      open.remove(key);
      different.add(key);
    } else if (now.minus(suspect.since).compareTo(limits.lag().multipliedBy(RESTLESS_LAGS)) >= 0) {
      open.remove(key);
      restless.add(key);
    }
  }

  /** Those that are different. */
  List<RowKey> different() {
    return different;
  }

  /** Those that changed all the while. */
  List<RowKey> restless() {
    return restless;
  }
}
