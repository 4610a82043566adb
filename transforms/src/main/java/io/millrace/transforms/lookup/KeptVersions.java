package io.millrace.transforms.lookup;

import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/** Versions of a table that is kept by its changes. */
final class KeptVersions<K, R> implements TableVersions<K, R> {
  private final PCollection<KV<K, R>> changes;
  private final Duration interval;

  private KeptVersions(PCollection<KV<K, R>> changes, Duration interval) {
    this.changes = changes;
    this.interval = interval;
  }

  static <K, R> KeptVersions<K, R> of(PCollection<KV<K, R>> changes) {
    GlobalInput.require(changes, "LookUp.in");
    return new KeptVersions<>(changes, Duration.standardSeconds(1));
  }

  @Override
  public TableVersions<K, R> every(Duration time) {
    return new KeptVersions<>(changes, time);
  }

  @Override
  public TableVersions<K, R> by(PCollection<?> signals) {
    throw new IllegalStateException(
        "a table that is kept by its changes is not read again; leave refreshedBy out");
  }

  @Override
  public Coder<R> rowCoder() {
    return coder().getValueCoder();
  }

  private KvCoder<K, R> coder() {
    return (KvCoder<K, R>) changes.getCoder();
  }

  @Override
  public PCollection<byte[]> of(PCollection<?> input, Coder<K> keyCoder, SizeLimit limit) {
    if (!coder().getKeyCoder().equals(keyCoder)) {
      throw new IllegalArgumentException(
          "the keys of elements and of a table's changes must have the same coder, got "
              + keyCoder
              + " and "
              + coder().getKeyCoder());
    }
    return changes
        .apply("Pack", PackByKey.into(1))
        .apply("Keep", ParDo.of(new KeepTableFn<>(changes.getName(), rowCoder(), interval, limit)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("table", changes.getName()))
        .add(DisplayData.item("versionEvery", interval));
  }
}
