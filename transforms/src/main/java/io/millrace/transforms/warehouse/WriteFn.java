package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Operation;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.quality.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Gathers changes and writes them in batches, each while the next is gathered, all of them by the
 * end of their bundle. The runner counts a change as done only with its bundle, so nothing gathered
 * is lost, and no watermark passes it.
 */
final class WriteFn extends DoFn<ChangeEvent, KV<String, NewestCommits>> {
  private static final long serialVersionUID = 1L;

  /** What a change takes beside its image, about. */
  private static final int EVENT_BYTES = 300;

  /** How many times smaller than the others a bundle's first batch is. */
  private static final int FIRST_SHARE = 4;

  private final Warehouse warehouse;
  private final Contract contract;
  private final String source;
  private final @Nullable String run;
  private final boolean bounded;
  private final WriteCounters counters = new WriteCounters();

  private transient BatchQueue queue;
  private transient List<ChangeEvent> batch;
  private transient long batchBytes;
  private transient boolean isFirst;
  private transient @Nullable NewestCommits newest;
  private transient Instant latest;
  private transient @Nullable NewestCommits newestWriting;

  WriteFn(
      Warehouse warehouse,
      Contract contract,
      String source,
      @Nullable String run,
      boolean bounded) {
    this.warehouse = warehouse;
    this.contract = contract;
    this.source = source;
    this.run = run;
    this.bounded = bounded;
  }

  @Setup
  public void setup() {
    queue = new BatchQueue(new BatchWriter(warehouse, contract, run));
  }

  @StartBundle
  public void startBundle() {
    batch = new ArrayList<>();
    batchBytes = 0;
    isFirst = true;
    newest = null;
    latest = BoundedWindow.TIMESTAMP_MIN_VALUE;
  }

  @ProcessElement
  public void process(
      @Element ChangeEvent event, @Timestamp Instant timestamp, MultiOutputReceiver out) {
    batch.add(event);
    batchBytes += EVENT_BYTES + length(event.before()) + length(event.after());
    if (bounded || tellsOfCommit(event)) {
      CommitPoint point = CommitPoint.of(event, timestamp.getMillis());
      newest = newest == null ? NewestCommits.of(point) : newest.with(point);
    }
    latest = timestamp.isAfter(latest) ? timestamp : latest;
    // Nothing is being written when a bundle begins; the first batch is soon ready to be.
    int share = isFirst ? FIRST_SHARE : 1;
    if (batch.size() * share >= warehouse.batchEvents()
        || batchBytes * share >= warehouse.batchBytes()) {
      flush(
          written -> out.get(WriteWarehouse.WRITTEN).output(written),
          letter -> out.get(WriteWarehouse.DEAD_LETTERS).output(letter));
    }
  }

  /** A snapshot reads at some time what was committed at others. */
  private static boolean tellsOfCommit(ChangeEvent event) {
    return event.committedAt() != ChangeEvent.NO_TIME
        && event.operation() != Operation.READ
        && !event.operation().isOfSnapshot();
  }

  private static int length(@Nullable Image image) {
    return image == null ? 0 : image.length();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    Instant timestamp = latest;
    Consumer<KV<String, NewestCommits>> written =
        point -> context.output(WriteWarehouse.WRITTEN, point, timestamp, GlobalWindow.INSTANCE);
    Consumer<DeadLetter> deadLetters =
        letter ->
            context.output(WriteWarehouse.DEAD_LETTERS, letter, timestamp, GlobalWindow.INSTANCE);
    if (!batch.isEmpty()) {
      flush(written, deadLetters);
    }
    report(queue.finish(), written, deadLetters);
  }

  /** Begins to write what was gathered, and reports what was written before. */
  private void flush(
      Consumer<KV<String, NewestCommits>> written, Consumer<DeadLetter> deadLetters) {
    report(queue.begin(batch), written, deadLetters);
    newestWriting = newest;
    batch = new ArrayList<>();
    batchBytes = 0;
    isFirst = false;
    newest = null;
  }

  private void report(
      @Nullable BatchResult result,
      Consumer<KV<String, NewestCommits>> written,
      Consumer<DeadLetter> deadLetters) {
    if (result == null) {
      return;
    }
    counters.add(result);
    for (RefusedChange refused : result.refused()) {
      deadLetters.accept(refused.toDeadLetter());
    }
    if (newestWriting != null) {
      written.accept(KV.of(source, newestWriting));
    }
  }

  @Teardown
  public void teardown() {
    if (queue != null) {
      queue.close();
    }
  }
}
