package io.millrace.transforms.lookup;

import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Looks up the row of each element's key. It looks at the side input once a bundle: some runners
 * rebuild it whenever they are asked.
 */
final class LookUpFn<K, V, R> extends DoFn<KV<K, V>, KV<K, LookedUp<V, R>>> {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final PCollectionView<Iterable<byte[]>> versions;
  private final Coder<K> keyCoder;
  private final Coder<R> rowCoder;
  private final RunCounter decoded = RunCounter.named("lookup_tables_decoded");
  private final RunCounter found = RunCounter.named("lookup_rows_found");
  private final RunCounter missing = RunCounter.named("lookup_rows_missing");

  private transient Snapshot<K, R> table;
  private transient boolean isCurrent;
  private transient long bundleFound;
  private transient long bundleMissing;

  /**
   * @param id of the lookup, by which the threads of a JVM share its table
   */
  LookUpFn(
      String id, PCollectionView<Iterable<byte[]>> versions, Coder<K> keyCoder, Coder<R> rowCoder) {
    this.id = id;
    this.versions = versions;
    this.keyCoder = keyCoder;
    this.rowCoder = rowCoder;
  }

  @Setup
  public void setup() {
    table = Snapshot.empty(keyCoder);
  }

  @StartBundle
  public void startBundle() {
    isCurrent = false;
    bundleFound = 0;
    bundleMissing = 0;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    if (!isCurrent) {
      table = newest(context.sideInput(versions));
      isCurrent = true;
    }
    K key = context.element().getKey();
    R row = table.find(key);
    if (row == null) {
      bundleMissing++;
    } else {
      bundleFound++;
    }
    long age = table.version() == 0 ? 0 : Math.max(0, System.currentTimeMillis() - table.version());
    context.output(
        KV.of(key, new LookedUp<>(context.element().getValue(), row, table.version(), age)));
  }

  /** The newest version that there is or was, and of those that there are only this one decoded. */
  private Snapshot<K, R> newest(Iterable<byte[]> all) {
    byte @Nullable [] newest = null;
    long version = table.version();
    for (byte[] bytes : all) {
      long other = Snapshot.version(bytes);
      if (other > version) {
        version = other;
        newest = bytes;
      }
    }
    byte[] bytes = newest;
    return bytes == null ? table : LoadedTables.get(id, version, () -> decode(bytes));
  }

  private Snapshot<K, R> decode(byte[] bytes) {
    decoded.add(1);
    return Snapshot.decode(bytes, keyCoder, rowCoder);
  }

  @FinishBundle
  public void finishBundle() {
    found.add(bundleFound);
    missing.add(bundleMissing);
  }
}
