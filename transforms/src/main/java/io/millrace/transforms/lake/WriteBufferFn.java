package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeBlockCoder;
import io.millrace.transforms.quality.ChangeCounts;
import java.io.IOException;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps the blocks of an input partition in state until there is enough for files, since the runner
 * takes what left a bundle as done.
 */
final class WriteBufferFn extends DoFn<KV<String, ChangeBlock>, KV<String, ChangeCounts>> {
  private static final long serialVersionUID = 1L;

  @StateId("blocks")
  private final StateSpec<BagState<ChangeBlock>> blocksSpec = StateSpecs.bag(ChangeBlockCoder.of());

  @StateId("bytes")
  private final StateSpec<ValueState<Long>> bytesSpec = StateSpecs.value();

  @StateId("rows")
  private final StateSpec<ValueState<Long>> rowsSpec = StateSpecs.value();

  @TimerId("age")
  private final TimerSpec ageSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /** On input that ends, the other timer may never fire. */
  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final LakeSettings settings;
  private transient LakeWriter writer;

  WriteBufferFn(LakeSettings settings) {
    this.settings = settings;
  }

  @StartBundle
  public void startBundle() {
    if (writer == null) {
      writer = new LakeWriter(settings);
    }
    writer.tally().clear();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    writer
        .tally()
        .take(
            (table, counts) ->
                context.output(
                    KV.of(table, counts),
                    GlobalWindow.INSTANCE.maxTimestamp(),
                    GlobalWindow.INSTANCE));
  }

  @ProcessElement
  public void process(
      @Element KV<String, ChangeBlock> element,
      @StateId("blocks") BagState<ChangeBlock> blocks,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("rows") ValueState<Long> rows,
      @TimerId("age") Timer age,
      @TimerId("end") Timer end)
      throws IOException {
    ChangeBlock block = element.getValue();
    Long waiting = bytes.read();
    if (waiting == null) {
      writer.begin(block);
    }
    if (writer.holds(block)) {
      return;
    }
    if (waiting == null) {
      age.offset(settings.age()).withNoOutputTimestamp().setRelative();
      end.withNoOutputTimestamp().set(GlobalWindow.INSTANCE.maxTimestamp());
    }
    long newBytes = sum(waiting, block.bytes().length);
    long newRows = sum(rows.read(), block.count());
    blocks.add(block);
    if (newBytes >= settings.bytes() || newRows >= settings.rows()) {
      flush(blocks, bytes, rows);
    } else {
      bytes.write(newBytes);
      rows.write(newRows);
    }
  }

  @OnTimer("age")
  public void onAge(
      @StateId("blocks") BagState<ChangeBlock> blocks,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("rows") ValueState<Long> rows)
      throws IOException {
    flush(blocks, bytes, rows);
  }

  @OnTimer("end")
  public void onEnd(
      @StateId("blocks") BagState<ChangeBlock> blocks,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("rows") ValueState<Long> rows)
      throws IOException {
    flush(blocks, bytes, rows);
  }

  private void flush(BagState<ChangeBlock> blocks, ValueState<Long> bytes, ValueState<Long> rows)
      throws IOException {
    writer.write(blocks.read());
    blocks.clear();
    bytes.clear();
    rows.clear();
  }

  private static long sum(@Nullable Long soFar, long more) {
    return (soFar == null ? 0 : soFar) + more;
  }
}
