package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.transforms.window.Run.Said;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * The sessions, or the windows of elements, of a bucket of keys, during one call. See {@link
 * SliceBucket} for what is closed and over.
 */
final class RunBucket<T> implements WindowBucket {
  private final Runs rules;
  private final LatePolicy policy;
  private final long lateness;
  private final AccumulatorLayout layout;
  private final WindowRows<T> rows;
  private final RunTable table;
  private final ResultSink sink;
  private final Slots one;
  private long closed;

  RunBucket(
      Runs rules,
      LatePolicy policy,
      WindowRows<T> rows,
      RunTable table,
      long closed,
      ResultSink sink) {
    this.rules = rules;
    this.policy = policy;
    this.lateness = policy.allowedLateness().getMillis();
    this.rows = rows;
    this.layout = rows.layout();
    this.table = table;
    this.closed = closed;
    this.sink = sink;
    one = new Slots(layout, 1);
  }

  @Override
  public long closed() {
    return closed;
  }

  private boolean isPast(Run run) {
    return rules.last(run) < closed;
  }

  private boolean isOver(Run run) {
    return rules.last(run) + lateness < closed;
  }

  @Override
  public void advance(long watermark) {
    closed = Math.max(closed, watermark);
    List<KeyRuns> seen = new ArrayList<>();
    for (KeyRuns key = table.poll(closed + 1); key != null; key = table.poll(closed + 1)) {
      for (Run run : key.runs) {
        if (!run.isClosed && isPast(run)) {
          close(key, run);
        }
        if (run.isChanged && isOver(run)) {
          say(key, run, Pane.LATE);
        }
      }
      free(key);
      seen.add(key);
    }
    seen.forEach(key -> table.queue(key, due(key)));
  }

  private void close(KeyRuns key, Run run) {
    run.isClosed = true;
    if (run.said == null || run.isChanged || policy.corrections() != Corrections.DISCARD) {
      say(key, run, Pane.ON_TIME);
    }
  }

  private void free(KeyRuns key) {
    Iterator<Run> runs = key.runs.iterator();
    while (runs.hasNext()) {
      if (rules.neededUntil(runs.next()) + lateness < closed) {
        runs.remove();
      }
    }
  }

  /** When there is something to do for a key: the watermark has to be there. */
  private long due(KeyRuns key) {
    long due = WindowBucket.NEVER;
    for (Run run : key.runs) {
      due = Math.min(due, due(run));
    }
    return due;
  }

  private long due(Run run) {
    if (!run.isClosed) {
      return rules.last(run) + 1;
    }
    return (run.isChanged ? rules.last(run) : rules.neededUntil(run)) + lateness + 1;
  }

  @Override
  public long due() {
    return table.due();
  }

  @Override
  public void add(byte[] packet) {
    ByteReader in = new ByteReader(packet);
    int version = in.readByte();
    if (version != SlicePacker.VERSION) {
      throw new IllegalStateException(
          "A packet of version " + version + " is newer than this code");
    }
    Slots part = new Slots(layout, 1);
    while (in.hasRemaining()) {
      long slice = in.readLong();
      int length = in.readLength();
      int offset = in.skip(length);
      layout.read(in, part, 0);
      long first = rules.areSessions() ? part.longs[rows.hiddenAt(0)] : slice;
      long last = rules.areSessions() ? part.longs[rows.hiddenAt(1)] : slice;
      if (rules.end(last) - 1 + lateness < closed) {
        tooLate(packet, offset, length, first, last, part);
        continue;
      }
      KeyRuns key = table.key(packet, offset, length);
      if (rules.areSessions()) {
        addToSession(key, first, last, part);
      } else {
        addTime(key, slice, part);
      }
    }
  }

  private void addToSession(KeyRuns key, long first, long last, Slots part) {
    int from = key.indexFrom(first);
    if (from > 0 && first - key.runs.get(from - 1).last < rules.gap()) {
      from--;
    }
    int after = from;
    while (after < key.runs.size() && key.runs.get(after).first - last < rules.gap()) {
      after++;
    }
    Run session;
    if (from == after) {
      session = new Run(layout, first, last);
      key.runs.add(from, session);
    } else {
      session = key.runs.get(from);
      keepSaid(session);
      for (Run other : key.runs.subList(from + 1, after)) {
        join(session, other);
      }
      key.runs.subList(from + 1, after).clear();
      session.first = Math.min(session.first, first);
      session.last = Math.max(session.last, last);
    }
    change(session, part);
    layout.merge(session.value, 0, part, 0);
    session.isClosed = isPast(session);
    sayIfDue(key, session);
    table.queue(key, due(session));
  }

  /** Keeps, before a run changes, what was said of it. */
  private void keepSaid(Run run) {
    if (run.said != null && run.said.value == null) {
      run.said.value = copy(value(null, run));
    }
  }

  private Slots copy(Slots value) {
    Slots copy = new Slots(layout, 1);
    layout.merge(copy, 0, value, 0);
    return copy;
  }

  private void join(Run session, Run other) {
    keepSaid(other);
    if (policy.corrections() == Corrections.DISCARD && wasSaid(session) != wasSaid(other)) {
      // Of one of them all is new, of the other what came since.
      if (!wasSaid(session)) {
        session.since = copy(session.value);
      } else {
        session.addSince(other.value);
      }
    }
    if (other.since != null) {
      session.addSince(other.since);
    }
    if (other.said != null) {
      session.merged.add(other.said);
    }
    session.merged.addAll(other.merged);
    session.pending += other.pending;
    session.last = Math.max(session.last, other.last);
    layout.merge(session.value, 0, other.value, 0);
  }

  private static boolean wasSaid(Run run) {
    return run.said != null || !run.merged.isEmpty();
  }

  private void addTime(KeyRuns key, long time, Slots part) {
    int index = key.indexFrom(time);
    boolean isNew = index == key.runs.size() || key.runs.get(index).first != time;
    if (isNew) {
      Run run = new Run(layout, time, time);
      key.runs.add(index, run);
      if (policy.earlyElements() > 0) {
        run.pending = value(key, run).count(0);
      }
    }
    List<Run> changed = new ArrayList<>();
    for (int i = key.indexFrom(rules.firstHolder(time)); i < key.runs.size(); i++) {
      Run run = key.runs.get(i);
      if (run.first > rules.lastHolder(time)) {
        break;
      }
      if (!isOver(run) && (isPast(run) || policy.isEarly())) {
        if (policy.corrections() == Corrections.RETRACT
            && run.said != null
            && run.said.value == null) {
          run.said.value = copy(value(key, run));
        }
        change(run, part);
        changed.add(run);
      }
    }
    layout.merge(key.runs.get(index).value, 0, part, 0);
    for (Run run : changed) {
      run.isClosed |= isPast(run);
      sayIfDue(key, run);
      table.queue(key, due(run));
    }
    table.queue(key, due(key.runs.get(index)));
  }

  private void change(Run run, Slots part) {
    run.isChanged = true;
    run.pending += part.count(0);
    if (policy.corrections() == Corrections.DISCARD && wasSaid(run)) {
      run.addSince(part);
    }
  }

  private void sayIfDue(KeyRuns key, Run run) {
    if (run.isClosed) {
      if (policy.lateFirings() == null) {
        say(key, run, Pane.LATE);
      }
    } else if (policy.earlyElements() > 0 && run.pending >= policy.earlyElements()) {
      say(key, run, Pane.EARLY);
    }
  }

  @Override
  public void sayChanges(Pane pane) {
    for (KeyRuns key : table.keys()) {
      for (Run run : key.runs) {
        if (run.isChanged && run.isClosed == (pane == Pane.LATE)) {
          say(key, run, pane);
        }
      }
    }
  }

  /** What a run's window comes to. */
  private Slots value(@Nullable KeyRuns key, Run run) {
    if (rules.areSessions()) {
      return run.value;
    }
    one.clear(0);
    long start = rules.start(run.first);
    long end = rules.end(run.last);
    for (int i = key.indexFrom(start); i < key.runs.size(); i++) {
      if (key.runs.get(i).first >= end) {
        break;
      }
      layout.merge(one, 0, key.runs.get(i).value, 0);
    }
    return one;
  }

  private void say(KeyRuns key, Run run, Pane pane) {
    Slots value = value(key, run);
    if (run.said != null) {
      run.merged.add(run.said);
    }
    boolean before = !run.merged.isEmpty();
    long revision = 0;
    for (Said said : run.merged) {
      boolean same = said.first == run.first;
      if (same) {
        revision = Math.max(revision, said.revision + 1);
      }
      if (policy.corrections() == Corrections.RETRACT
          || (policy.corrections() == Corrections.ACCUMULATE && !same)) {
        // Nothing has changed since, if its values were not kept.
        Slots old = said.value == null ? value : said.value;
        output(key, said.first, said.last, pane, said.revision, true, old);
      }
    }
    Slots news =
        policy.corrections() == Corrections.DISCARD && before && run.since != null
            ? run.since
            : value;
    output(key, run.first, run.last, pane, revision, false, news);
    run.merged.clear();
    run.said = new Said(run.first, run.last, revision);
    run.since = null;
    run.isChanged = false;
    run.pending = 0;
  }

  private void output(
      KeyRuns key,
      long first,
      long last,
      Pane pane,
      long revision,
      boolean retraction,
      Slots value) {
    sink.result(
        rows.row(
            key.key,
            0,
            key.key.length,
            Instant.ofEpochMilli(rules.start(first)),
            Instant.ofEpochMilli(rules.end(last)),
            pane,
            revision,
            retraction,
            value,
            0),
        rules.end(last) - 1);
  }

  private void tooLate(byte[] key, int offset, int length, long first, long last, Slots part) {
    sink.tooLate(
        rows.row(
            key,
            offset,
            length,
            Instant.ofEpochMilli(rules.start(first)),
            Instant.ofEpochMilli(rules.end(last)),
            Pane.TOO_LATE,
            0,
            false,
            part,
            0),
        rules.end(last) - 1);
  }
}
