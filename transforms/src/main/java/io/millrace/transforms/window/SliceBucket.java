package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * The windows of a bucket of keys, during one call: takes packets, closes windows as the watermark
 * passes them, and frees what is no longer needed. A window is closed, and its elements are late,
 * once the watermark is behind its last time; it is over, and its elements are too late, the
 * allowed lateness after that.
 */
final class SliceBucket<T> implements WindowBucket {
  private final Slices slices;
  private final LatePolicy policy;
  private final long lateness;
  private final AccumulatorLayout layout;
  private final WindowRows<T> rows;
  private final StateMap<AccumulatorTable> tables;
  private final StateMap<PaneTable> panes;
  private final SliceCover cover;
  private final ResultSink sink;
  private final AccumulatorTable assembled;
  private final Slots one;
  private long closed;

  private long namedWindow = Long.MIN_VALUE;
  private @Nullable Instant start;
  private @Nullable Instant end;

  SliceBucket(
      Slices slices,
      LatePolicy policy,
      WindowRows<T> rows,
      StateMap<AccumulatorTable> tables,
      StateMap<AccumulatorTable> blocks,
      StateMap<PaneTable> panes,
      long closed,
      ResultSink sink) {
    this.slices = slices;
    this.policy = policy;
    this.lateness = policy.allowedLateness().getMillis();
    this.layout = rows.layout();
    this.rows = rows;
    this.tables = tables;
    this.panes = panes;
    this.cover = new SliceCover(tables, blocks, slices.slicesOfWindow());
    this.closed = closed;
    this.sink = sink;
    assembled = new AccumulatorTable(layout);
    one = new Slots(layout, 1);
  }

  @Override
  public long closed() {
    return closed;
  }

  private boolean isClosed(long window) {
    return slices.last(window) < closed;
  }

  private boolean isOver(long window) {
    return slices.last(window) + lateness < closed;
  }

  @Override
  public void advance(long watermark) {
    if (watermark <= closed) {
      return;
    }
    long window = windowWithData(slices.firstWindowFrom(closed));
    closed = watermark;
    while (window != Slices.NONE && isClosed(window)) {
      close(window);
      window = windowWithData(window + 1);
    }
    for (Long open : new ArrayList<>(panes.numbers())) {
      if (isOver(open)) {
        sayChanges(open, Pane.LATE);
        panes.remove(open);
      }
    }
    for (Long slice : new ArrayList<>(tables.numbers())) {
      if (isOver(slices.lastWindow(slice))) {
        tables.remove(slice);
        cover.freeUpTo(slice);
      }
    }
  }

  /** The first window from one on that has elements. */
  private long windowWithData(long from) {
    NavigableSet<Long> all = tables.numbers();
    Long slice = all.ceiling(slices.firstSlice(from));
    if (slice == null || (slices.isGlobal() && from > 0)) {
      return Slices.NONE;
    }
    return Math.max(from, slices.firstWindow(slice));
  }

  @Override
  public long due() {
    long due = NEVER;
    long window = windowWithData(slices.firstWindowFrom(closed));
    if (window != Slices.NONE) {
      due = slices.last(window) + 1;
    }
    for (Long slice : tables.numbers()) {
      due = Math.min(due, slices.last(slices.lastWindow(slice)) + lateness + 1);
    }
    for (Long open : panes.numbers()) {
      due = Math.min(due, slices.last(open) + lateness + 1);
    }
    return due;
  }

  private void close(long window) {
    boolean early = panes.get(window) != null;
    PaneTable said = early ? panes.change(window) : null;
    AccumulatorTable table = assemble(window);
    for (int row = 0; row < table.size(); row++) {
      int pane =
          said == null
              ? -1
              : said.values.existing(table.keys(), table.keyStart(row), table.keyLength(row));
      if (pane < 0) {
        say(window, table, row, Pane.ON_TIME, 0, false, table.slots, row);
      } else if (!said.isSaid(pane)
          || said.isChanged(pane)
          || policy.corrections() != Corrections.DISCARD) {
        sayOf(window, said, pane, Pane.ON_TIME, table.slots, row);
      }
    }
    if (said != null && lateness == 0) {
      panes.remove(window);
    }
  }

  /** All keys' accumulators of a window, to be read only. */
  private AccumulatorTable assemble(long window) {
    long first = slices.firstSlice(window);
    List<AccumulatorTable> parts = new ArrayList<>();
    cover.forEach(first, first + slices.slicesOfWindow(), parts::add);
    if (parts.size() == 1) {
      return parts.get(0);
    }
    assembled.clear();
    for (AccumulatorTable part : parts) {
      for (int row = 0; row < part.size(); row++) {
        assembled.merge(part, row);
      }
    }
    return assembled;
  }

  /** Puts one key's accumulators of a window into {@link #one}; answers whether there are any. */
  private boolean assemble(long window, byte[] key, int offset, int length) {
    one.clear(0);
    long first = slices.firstSlice(window);
    cover.forEach(
        first,
        first + slices.slicesOfWindow(),
        table -> {
          int row = table.existing(key, offset, length);
          if (row >= 0) {
            layout.merge(one, 0, table.slots, row);
          }
        });
    return one.count(0) > 0;
  }

  /** What a slice's windows are, for the elements of a packet. */
  private final class View {
    final long first;
    final long last;
    final long live;
    final long open;
    final @Nullable AccumulatorTable table;
    final List<AccumulatorTable> blocks;

    View(long slice) {
      first = slices.firstWindow(slice);
      last = slices.lastWindow(slice);
      live = Math.max(first, Math.min(last + 1, slices.firstWindowFrom(closed - lateness)));
      open = Math.max(live, Math.min(last + 1, slices.firstWindowFrom(closed)));
      table = live <= last ? tables.change(slice) : null;
      blocks = table == null ? List.of() : cover.blocksOf(slice);
    }
  }

  private record Touched(long window, int row) {}

  @Override
  public void add(byte[] packet) {
    ByteReader in = new ByteReader(packet);
    int version = in.readByte();
    if (version != SlicePacker.VERSION) {
      throw new IllegalStateException(
          "A packet of version " + version + " is newer than this code");
    }
    Map<Long, View> views = new HashMap<>();
    List<Touched> touched = new ArrayList<>();
    Slots part = new Slots(layout, 1);
    while (in.hasRemaining()) {
      View view = views.computeIfAbsent(in.readLong(), View::new);
      int length = in.readLength();
      int offset = in.skip(length);
      layout.read(in, part, 0);
      add(view, packet, offset, length, part, touched);
    }
    for (Touched change : touched) {
      PaneTable said = panes.change(change.window());
      if (said.isChanged(change.row()) && isDueNow(change.window(), said, change.row())) {
        sayChange(
            change.window(),
            said,
            change.row(),
            isClosed(change.window()) ? Pane.LATE : Pane.EARLY);
      }
    }
  }

  private boolean isDueNow(long window, PaneTable said, int row) {
    return isClosed(window)
        ? policy.lateFirings() == null
        : policy.earlyElements() > 0 && said.pending(row) >= policy.earlyElements();
  }

  private void add(
      View view, byte[] key, int offset, int length, Slots part, List<Touched> touched) {
    for (long window = view.first; window < view.live; window++) {
      tooLate(window, key, offset, length, part);
    }
    if (view.table == null) {
      return;
    }
    for (long window = view.live; window < view.open; window++) {
      touch(window, true, key, offset, length, part, touched);
    }
    if (policy.isEarly()) {
      for (long window = view.open; window <= view.last; window++) {
        touch(window, false, key, offset, length, part, touched);
      }
    }
    layout.merge(view.table.slots, view.table.row(key, offset, length), part, 0);
    for (AccumulatorTable block : view.blocks) {
      layout.merge(block.slots, block.row(key, offset, length), part, 0);
    }
  }

  /** Notes, before an element is added, that a window's value changes. */
  private void touch(
      long window,
      boolean late,
      byte[] key,
      int offset,
      int length,
      Slots part,
      List<Touched> touched) {
    PaneTable said = panes.change(window);
    int row = said.row(key, offset, length);
    if (!said.isChanged(row)) {
      boolean retracts = policy.corrections() == Corrections.RETRACT;
      if (said.isSaid(row) ? retracts : late) {
        boolean any = assemble(window, key, offset, length);
        if (any && !said.isSaid(row)) {
          said.setSaidBefore(row);
        }
        if (any && retracts) {
          layout.merge(said.values.slots, row, one, 0);
        }
      }
      said.setChanged(row);
      if (late || policy.earlyElements() > 0) {
        touched.add(new Touched(window, row));
      }
    } else if (!late && policy.earlyElements() > 0) {
      touched.add(new Touched(window, row));
    }
    said.addPending(row, part.count(0));
    if (said.isSaid(row) && policy.corrections() == Corrections.DISCARD) {
      layout.merge(said.values.slots, row, part, 0);
    }
  }

  @Override
  public void sayChanges(Pane pane) {
    for (Long window : new ArrayList<>(panes.numbers())) {
      if (isClosed(window) == (pane == Pane.LATE)) {
        sayChanges(window, pane);
      }
    }
  }

  private void sayChanges(long window, Pane pane) {
    if (!panes.get(window).isChanged()) {
      return;
    }
    PaneTable said = panes.change(window);
    for (int row = 0; row < said.size(); row++) {
      if (said.isChanged(row)) {
        sayChange(window, said, row, pane);
      }
    }
  }

  private void sayChange(long window, PaneTable said, int row, Pane pane) {
    AccumulatorTable keys = said.values;
    assemble(window, keys.keys(), keys.keyStart(row), keys.keyLength(row));
    sayOf(window, said, row, pane, one, 0);
  }

  /** Says what a key's window comes to now, as a correction if something was said before. */
  private void sayOf(long window, PaneTable said, int row, Pane pane, Slots value, int valueRow) {
    AccumulatorTable keys = said.values;
    if (!said.isSaid(row)) {
      say(window, keys, row, pane, 0, false, value, valueRow);
      said.setSaid(row, 0);
      return;
    }
    long revision = said.revision(row);
    switch (policy.corrections()) {
      case ACCUMULATE -> say(window, keys, row, pane, revision + 1, false, value, valueRow);
      case DISCARD -> say(window, keys, row, pane, revision + 1, false, keys.slots, row);
      case RETRACT -> {
        if (said.isChanged(row)) {
          say(window, keys, row, pane, revision, true, keys.slots, row);
        } else {
          say(window, keys, row, pane, revision, true, value, valueRow);
        }
        say(window, keys, row, pane, revision + 1, false, value, valueRow);
      }
    }
    said.setSaid(row, revision + 1);
  }

  private void say(
      long window,
      AccumulatorTable keys,
      int keyRow,
      Pane pane,
      long revision,
      boolean retraction,
      Slots value,
      int valueRow) {
    name(window);
    sink.result(
        rows.row(
            keys.keys(),
            keys.keyStart(keyRow),
            keys.keyLength(keyRow),
            start,
            end,
            pane,
            revision,
            retraction,
            value,
            valueRow),
        slices.last(window));
  }

  private void tooLate(long window, byte[] key, int offset, int length, Slots part) {
    name(window);
    sink.tooLate(
        rows.row(key, offset, length, start, end, Pane.TOO_LATE, 0, false, part, 0),
        slices.last(window));
  }

  private void name(long window) {
    if (window != namedWindow && !slices.isGlobal()) {
      start = Instant.ofEpochMilli(slices.start(window));
      end = Instant.ofEpochMilli(slices.end(window));
      namedWindow = window;
    }
  }
}
