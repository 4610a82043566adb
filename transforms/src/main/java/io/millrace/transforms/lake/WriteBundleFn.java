package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeBlock;
import io.millrace.transforms.quality.ChangeCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/**
 * Writes blocks where they were read, and all of them by the end of their bundle, so that nothing
 * has to be shuffled or kept. Bundles of bounded input are large, or last as long as the input.
 */
final class WriteBundleFn extends DoFn<ChangeBlock, KV<String, ChangeCounts>> {
  private static final long serialVersionUID = 1L;

  private final LakeSettings settings;
  private transient LakeWriter writer;
  private transient Map<String, List<ChangeBlock>> waiting;
  private transient long bytes;
  private transient long rows;
  private transient long since;

  WriteBundleFn(LakeSettings settings) {
    this.settings = settings;
  }

  @StartBundle
  public void startBundle() {
    if (writer == null) {
      writer = new LakeWriter(settings);
    }
    writer.tally().clear();
    clear();
  }

  @ProcessElement
  public void process(@Element ChangeBlock block) throws IOException {
    if (writer.holds(block)) {
      return;
    }
    if (waiting.isEmpty()) {
      since = System.nanoTime();
    }
    waiting
        .computeIfAbsent(block.source() + "\n" + block.partition(), key -> new ArrayList<>())
        .add(block);
    bytes += block.bytes().length;
    rows += block.count();
    if (bytes >= settings.bytes() || rows >= settings.rows() || isOld()) {
      flush();
    }
  }

  private boolean isOld() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) >= settings.age().getMillis();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws IOException {
    flush();
    writer
        .tally()
        .take(
            (table, counts) ->
                context.output(
                    KV.of(table, counts),
                    GlobalWindow.INSTANCE.maxTimestamp(),
                    GlobalWindow.INSTANCE));
  }

  private void flush() throws IOException {
    for (List<ChangeBlock> blocks : waiting.values()) {
      writer.write(blocks);
    }
    clear();
  }

  private void clear() {
    waiting = new LinkedHashMap<>();
    bytes = 0;
    rows = 0;
  }
}
