package io.millrace.transforms.window;

import io.millrace.transforms.window.Script.Arrivals;
import io.millrace.transforms.window.Script.Clock;
import io.millrace.transforms.window.Script.Step;
import io.millrace.transforms.window.Script.Watermark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * What windows tell of a script, found naively: all windows anew at each step, from all elements
 * that came, and all that was told. No slices, no state that is freed, no packets.
 */
final class ReferenceWindows {
  private static final long GLOBAL = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  private record Arrival(int number, Sale sale) {}

  private record Window(String shop, long start, long end, Set<Arrival> arrivals) {}

  private record Result(Window window, long revision) {}

  private final WindowCase rules;
  private final LatePolicy policy;
  private final Map<String, List<Arrival>> arrivals = new TreeMap<>();

  /** What stands: the last result of each window. */
  private final List<Result> standing = new ArrayList<>();

  private final List<Told> results = new ArrayList<>();
  private final List<Told> tooLate = new ArrayList<>();
  private long watermark = GLOBAL;
  private long clock;
  private @Nullable Long earlyDue;
  private @Nullable Long lateDue;
  private int count;

  private ReferenceWindows(WindowCase rules) {
    this.rules = rules;
    policy = rules.policy();
  }

  static WindowOutput of(Script script, WindowCase rules) {
    ReferenceWindows reference = new ReferenceWindows(rules);
    for (Step step : script.steps()) {
      if (step instanceof Watermark next) {
        reference.advance(next.millis());
      } else if (step instanceof Clock next) {
        reference.tick(next.millis());
      } else if (step instanceof Arrivals next) {
        next.sales().forEach(reference::add);
      }
    }
    reference.advance(WindowBucket.NEVER);
    return new WindowOutput(reference.results, reference.tooLate);
  }

  private void add(Sale sale) {
    earlyDue = earlyDue == null ? due(policy.earlyFirings()) : earlyDue;
    lateDue = lateDue == null ? due(policy.lateFirings()) : lateDue;
    Arrival arrival = new Arrival(count++, sale);
    List<Window> own = windows(List.of(arrival));
    own.stream()
        .filter(window -> isOver(window, watermark))
        .forEach(window -> tooLate.add(told(window, Pane.TOO_LATE, 0, false, window.arrivals())));
    if (own.stream().allMatch(window -> isOver(window, watermark))) {
      return;
    }
    arrivals.computeIfAbsent(sale.shop(), shop -> new ArrayList<>()).add(arrival);
    for (Window window : windows(arrivals.get(sale.shop()))) {
      if (!window.arrivals().contains(arrival) || isOver(window, watermark)) {
        continue;
      }
      if (isClosed(window, watermark)) {
        if (policy.lateFirings() == null) {
          tell(window, Pane.LATE);
        }
      } else if (policy.earlyElements() > 0 && news(window).size() >= policy.earlyElements()) {
        tell(window, Pane.EARLY);
      }
    }
  }

  private @Nullable Long due(@Nullable Duration delay) {
    return delay == null ? null : (Long) (clock + delay.getMillis());
  }

  private void advance(long to) {
    long from = watermark;
    watermark = to;
    for (Window window : allWindows()) {
      if (!isClosed(window, from) && isClosed(window, to)) {
        if (before(window).isEmpty()
            || !news(window).isEmpty()
            || policy.corrections() != Corrections.DISCARD) {
          tell(window, Pane.ON_TIME);
        }
      } else if (!isOver(window, from) && isOver(window, to) && !news(window).isEmpty()) {
        tell(window, Pane.LATE);
      }
      if (rules.windows().kind() == Windows.Kind.SESSIONS && isOver(window, to)) {
        // Nothing joins a session that is over.
        arrivals.get(window.shop()).removeAll(window.arrivals());
      }
    }
  }

  private void tick(long millis) {
    clock += millis;
    if (earlyDue != null && earlyDue <= clock) {
      earlyDue = null;
      tellNews(Pane.EARLY);
    }
    if (lateDue != null && lateDue <= clock) {
      lateDue = null;
      tellNews(Pane.LATE);
    }
  }

  private void tellNews(Pane pane) {
    for (Window window : allWindows()) {
      if (isClosed(window, watermark) == (pane == Pane.LATE)
          && !isOver(window, watermark)
          && !news(window).isEmpty()) {
        tell(window, pane);
      }
    }
  }

  private void tell(Window window, Pane pane) {
    long revision = 0;
    Set<Arrival> news = news(window);
    for (Result old : before(window)) {
      boolean isSame = old.window().start() == window.start();
      revision = isSame ? old.revision() + 1 : revision;
      if (policy.corrections() == Corrections.RETRACT
          || (policy.corrections() == Corrections.ACCUMULATE && !isSame)) {
        results.add(told(old.window(), pane, old.revision(), true, old.window().arrivals()));
      }
      standing.remove(old);
    }
    boolean isAll = policy.corrections() != Corrections.DISCARD;
    results.add(told(window, pane, revision, false, isAll ? window.arrivals() : news));
    standing.add(new Result(window, revision));
  }

  /** What stands of a window, or of the sessions that are part of it now. */
  private List<Result> before(Window window) {
    return standing.stream()
        .filter(result -> result.window().shop().equals(window.shop()))
        .filter(
            result ->
                rules.windows().kind() == Windows.Kind.SESSIONS
                    ? window.arrivals().containsAll(result.window().arrivals())
                    : window.start() == result.window().start())
        .toList();
  }

  /** What no result that stands tells. */
  private Set<Arrival> news(Window window) {
    Set<Arrival> news = new LinkedHashSet<>(window.arrivals());
    before(window).forEach(result -> news.removeAll(result.window().arrivals()));
    return news;
  }

  private boolean isClosed(Window window, long at) {
    return window.end() - 1 < at;
  }

  private boolean isOver(Window window, long at) {
    return window.end() - 1 + policy.allowedLateness().getMillis() < at;
  }

  private List<Window> allWindows() {
    return arrivals.values().stream().flatMap(all -> windows(all).stream()).toList();
  }

  /** The windows of a shop's arrivals. */
  private List<Window> windows(Collection<Arrival> all) {
    TreeSet<Long> times = new TreeSet<>();
    all.forEach(arrival -> times.add(arrival.sale().millis()));
    TreeMap<Long, Long> bounds = new TreeMap<>();
    for (long time : times) {
      addBounds(time, bounds);
    }
    List<Window> windows = new ArrayList<>();
    bounds.forEach(
        (start, end) -> {
          Set<Arrival> inside = new LinkedHashSet<>(all);
          inside.removeIf(one -> one.sale().millis() < start || one.sale().millis() >= end);
          windows.add(new Window(all.iterator().next().sale().shop(), start, end, inside));
        });
    windows.sort(Comparator.comparing(Window::end));
    return windows;
  }

  /** Adds the bounds of the windows of a time; times come in order. */
  private void addBounds(long time, NavigableMap<Long, Long> bounds) {
    long size = rules.windows().size();
    long period = rules.windows().period();
    switch (rules.windows().kind()) {
      case HOPPING -> {
        long last = time - Math.floorMod(time - rules.windows().offset(), period);
        for (long start = last; start > time - size; start -= period) {
          bounds.put(start, start + size);
        }
      }
      case SESSIONS -> {
        boolean joins = !bounds.isEmpty() && time < bounds.lastEntry().getValue();
        bounds.put(joins ? bounds.lastKey() : (Long) time, time + size);
      }
      case TRAILING -> bounds.put(time - size + 1, time + 1);
      case FROM_OLDEST -> bounds.put(time, time + size);
      case GLOBAL -> bounds.put(GLOBAL, WindowBucket.LAST_TIME + 1);
    }
  }

  private static Told told(
      Window window, Pane pane, long revision, boolean retraction, Set<Arrival> arrivals) {
    boolean isGlobal = window.start() == GLOBAL;
    return new Told(
        window.shop(),
        isGlobal ? null : (Long) window.start(),
        isGlobal ? null : (Long) window.end(),
        pane.name(),
        revision,
        retraction,
        Told.values(arrivals.stream().map(Arrival::sale).toList()));
  }
}
