package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
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
 * Gathers changes and writes them in batches, the last of them when its bundle ends. The runner
 * counts a change as done only with its bundle, so nothing gathered is lost, and no watermark
 * passes it.
 */
final class WriteFn extends DoFn<ChangeEvent, KV<String, CommitPoint>> {
  private static final long serialVersionUID = 1L;

  /** What a change takes beside its image, about. */
  private static final int EVENT_BYTES = 300;

  private final Warehouse warehouse;
  private final Contract contract;
  private final String source;
  private final @Nullable String run;
  private final WriteCounters counters = new WriteCounters();

  private transient BatchWriter writer;
  private transient List<ChangeEvent> batch;
  private transient long batchBytes;
  private transient @Nullable CommitPoint newest;
  private transient Instant latest;

  WriteFn(Warehouse warehouse, Contract contract, String source, @Nullable String run) {
    this.warehouse = warehouse;
    this.contract = contract;
    this.source = source;
    this.run = run;
  }

  @Setup
  public void setup() {
    writer = new BatchWriter(warehouse, contract, run);
  }

  @StartBundle
  public void startBundle() {
    clear();
  }

  private void clear() {
    batch = new ArrayList<>();
    batchBytes = 0;
    newest = null;
    latest = BoundedWindow.TIMESTAMP_MIN_VALUE;
  }

  @ProcessElement
  public void process(
      @Element ChangeEvent event, @Timestamp Instant timestamp, MultiOutputReceiver out) {
    batch.add(event);
    batchBytes += EVENT_BYTES + length(event.before()) + length(event.after());
    CommitPoint point = CommitPoint.of(event, timestamp.getMillis());
    newest = newest == null || point.isAfter(newest) ? point : newest;
    latest = timestamp.isAfter(latest) ? timestamp : latest;
    if (batch.size() >= warehouse.batchEvents() || batchBytes >= warehouse.batchBytes()) {
      flush(
          written -> out.get(WriteWarehouse.WRITTEN).output(written),
          letter -> out.get(WriteWarehouse.DEAD_LETTERS).output(letter));
    }
  }

  private static int length(@Nullable Image image) {
    return image == null ? 0 : image.length();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    if (!batch.isEmpty()) {
      Instant timestamp = latest;
      flush(
          written ->
              context.output(WriteWarehouse.WRITTEN, written, timestamp, GlobalWindow.INSTANCE),
          letter ->
              context.output(
                  WriteWarehouse.DEAD_LETTERS, letter, timestamp, GlobalWindow.INSTANCE));
    }
  }

  private void flush(Consumer<KV<String, CommitPoint>> written, Consumer<DeadLetter> deadLetters) {
    BatchResult result = writer.write(batch);
    counters.add(result);
    for (RefusedChange refused : result.refused()) {
      deadLetters.accept(refused.toDeadLetter());
    }
    written.accept(KV.of(source, newest));
    clear();
  }

  @Teardown
  public void teardown() {
    if (writer != null) {
      writer.close();
    }
  }
}
