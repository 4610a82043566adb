package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.transforms.quality.RunCounter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * Keeps the blocks of a partition in state until there is enough for files, since the runner takes
 * what left a bundle as done.
 */
final class LandBufferFn extends DoFn<KV<String, RecordBlock>, Void> {
  private static final long serialVersionUID = 1L;

  /** How many times the bytes of a file wait for something that is missing. */
  private static final int PATIENCE = 4;

  @StateId("blocks")
  private final StateSpec<BagState<RecordBlock>> blocksSpec = StateSpecs.bag(RecordBlockCoder.of());

  @StateId("bytes")
  private final StateSpec<ValueState<Long>> bytesSpec = StateSpecs.value();

  @TimerId("age")
  private final TimerSpec ageSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /** On input that ends, the other timer may never fire. */
  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final LandingSettings settings;
  private final RunCounter known = RunCounter.named("landing_blocks_known");
  private transient @Nullable LandingWriter writer;

  LandBufferFn(LandingSettings settings) {
    this.settings = settings;
  }

  @StartBundle
  public void startBundle() throws IOException {
    if (writer == null) {
      writer = new LandingWriter(settings);
    }
  }

  @ProcessElement
  public void process(
      @Element KV<String, RecordBlock> element,
      @StateId("blocks") BagState<RecordBlock> blocks,
      @StateId("bytes") ValueState<Long> bytes,
      @TimerId("age") Timer age,
      @TimerId("end") Timer end)
      throws IOException {
    RecordBlock block = element.getValue();
    Long waiting = bytes.read();
    if (waiting == null) {
      writer.begin(block);
    }
    if (writer.holds(block)) {
      known.add(1);
      return;
    }
    if (waiting == null) {
      age.offset(settings.age()).withNoOutputTimestamp().setRelative();
      end.withNoOutputTimestamp().set(GlobalWindow.INSTANCE.maxTimestamp());
    }
    blocks.add(block);
    long newBytes = (waiting == null ? 0 : waiting) + block.bytes().length;
    bytes.write(newBytes);
    if (newBytes >= settings.bytes()) {
      flush(blocks, bytes, age, newBytes < PATIENCE * settings.bytes());
    }
  }

  @OnTimer("age")
  public void onAge(
      @StateId("blocks") BagState<RecordBlock> blocks,
      @StateId("bytes") ValueState<Long> bytes,
      @TimerId("age") Timer age)
      throws IOException {
    flush(blocks, bytes, age, false);
  }

  @OnTimer("end")
  public void onEnd(
      @StateId("blocks") BagState<RecordBlock> blocks, @StateId("bytes") ValueState<Long> bytes)
      throws IOException {
    List<RecordBlock> left = writer.write(blocks.read());
    if (!left.isEmpty()) {
      throw gap(left);
    }
    blocks.clear();
    bytes.clear();
  }

  /**
   * Lands what is waiting. What does not follow what is landed waits on.
   *
   * @param patient whether it may be that nothing at all follows: what is missing may yet come
   */
  private void flush(
      BagState<RecordBlock> blocks, ValueState<Long> bytes, Timer age, boolean patient)
      throws IOException {
    List<RecordBlock> waiting = new ArrayList<>();
    blocks.read().forEach(waiting::add);
    List<RecordBlock> left = writer.write(waiting);
    if (!left.isEmpty() && left.size() == waiting.size()) {
      if (patient) {
        return;
      }
      throw gap(left);
    }
    blocks.clear();
    bytes.clear();
    if (!left.isEmpty()) {
      left.forEach(blocks::add);
      bytes.write(left.stream().mapToLong(block -> block.bytes().length).sum());
      age.offset(settings.age()).withNoOutputTimestamp().setRelative();
    }
  }

  private LandingException gap(List<RecordBlock> left) throws IOException {
    RecordBlock next = left.get(0);
    return new LandingException(
        String.format(
            Locale.ROOT,
            "The landing of %s-%d ends at offset %d, and what came next begins at %d: the records"
                + " between are missing. Start the job without its checkpoint, so that it reads on"
                + " where the landing ends; if the topic has them no longer, give another"
                + " directory.",
            next.source(),
            next.partition(),
            writer.end(next),
            next.from()));
  }
}
