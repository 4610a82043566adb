package io.millrace.transforms.cdc;

import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunCounter;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/** Counts what becomes of a bundle's changes, and hands the counts over when it ends. */
public final class MergeTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RunCounter accepted = RunCounter.named("changes_accepted");
  private final RunCounter superseded = RunCounter.named("changes_superseded");
  private final RunCounter duplicate = RunCounter.named("changes_duplicate");
  private transient Map<String, OutcomeCounts> tables;

  /** Begins a bundle, of which nothing is counted yet. */
  public void startBundle() {
    tables = new HashMap<>();
  }

  /** The counts of a table in this bundle, to be added to. */
  public OutcomeCounts table(String table) {
    return tables.computeIfAbsent(table, key -> new OutcomeCounts());
  }

  /** Hands over what was counted, by table. */
  public void finishBundle(BiConsumer<String, ChangeCounts> out) {
    tables.forEach(
        (table, counts) -> {
          accepted.add(counts.accepted());
          superseded.add(counts.superseded());
          duplicate.add(counts.duplicate());
          out.accept(table, counts.toCounts());
        });
  }

  void finishBundle(DoFn<?, KV<byte[], byte[]>>.FinishBundleContext context) {
    finishBundle(
        (table, counts) ->
            context.output(
                MergeChanges.Result.COUNTS,
                KV.of(table, counts),
                GlobalWindow.INSTANCE.maxTimestamp(),
                GlobalWindow.INSTANCE));
  }
}
