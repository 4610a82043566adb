package io.millrace.transforms.enrich;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.state.MapState;

/** The rows of a bucket during one call: the versions of each are read once. */
final class KnownRows<K, D> {
  /** Bounds what one call holds beside state. */
  private static final int MOST = 10_000;

  /** The fewest versions that are worth looking through all. */
  private static final int FEW = 256;

  private final MapState<String, byte[]> state;
  private final Map<String, KnownRow<K, D>> known = new HashMap<>();
  private long count;
  private long swept;

  KnownRows(MapState<String, byte[]> state, BucketState bucket) {
    this.state = state;
    this.count = bucket.versions();
    this.swept = bucket.swept();
  }

  /** How many versions there are. */
  long count() {
    return count;
  }

  /** How many there were when all had been looked through. */
  long swept() {
    return swept;
  }

  KnownRow<K, D> get(String key) {
    KnownRow<K, D> row = known.get(key);
    if (row == null) {
      if (known.size() >= MOST) {
        known.clear();
      }
      byte[] bytes = state.get(key).read();
      row = new KnownRow<>(key, bytes == null ? Versions.EMPTY : new Versions(bytes));
      known.put(key, row);
    }
    return row;
  }

  /** Keeps these versions of a key instead of those that were known. */
  void put(KnownRow<K, D> row, Versions versions) {
    count += versions.count() - row.versions().count();
    row.setVersions(versions);
    state.put(row.key, versions.bytes());
  }

  /**
   * Frees versions that hold for no fact of this time or later, once there are a quarter more than
   * after the last time.
   */
  void sweep(long time) {
    if (count < swept + swept / 4 + FEW) {
      return;
    }
    List<Map.Entry<String, byte[]>> all = new ArrayList<>();
    state.entries().read().forEach(all::add);
    known.clear();
    count = 0;
    for (Map.Entry<String, byte[]> entry : all) {
      Versions versions = new Versions(entry.getValue());
      Versions since = versions.since(time);
      count += since.count();
      if (!since.is(versions)) {
        state.put(entry.getKey(), since.bytes());
      }
    }
    swept = count;
  }
}
