package io.millrace.transforms.enrich;

import io.millrace.transforms.block.Buckets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The rows that a packet of versions has changed for facts that the watermark has passed. */
final class Corrections<K, D> {
  private static final int HASHES = 1 << 16;

  /** A row as it was before, and as it is now. */
  record Row<K, D>(KnownRow<K, D> now, Versions before) {}

  private final AsOfRules rules;
  private final long watermark;
  private final Map<String, Row<K, D>> rows = new HashMap<>();
  private final BitSet hashes = new BitSet(HASHES);
  private long from = Long.MAX_VALUE;
  private long to = Long.MIN_VALUE;

  Corrections(AsOfRules rules, long watermark) {
    this.rules = rules;
    this.watermark = watermark;
  }

  /** Adds a row that these versions have changed. */
  void add(KnownRow<K, D> row, Versions before, List<Version> added) {
    long rowFrom = Long.MAX_VALUE;
    for (Version version : added) {
      rowFrom = Math.min(rowFrom, earliest(version, before.firstTime()));
    }
    if (rowFrom >= watermark) {
      return;
    }
    for (Version version : added) {
      to = Math.max(to, row.versions().nextAfter(version.time()));
    }
    from = Math.min(from, rowFrom);
    rows.put(row.key, new Row<>(row, before));
    hashes.set(hash(row.key) & (HASHES - 1));
  }

  /** The earliest time of a fact that a version may hold for. */
  private long earliest(Version version, long firstTime) {
    if (firstTime <= version.time() && firstTime <= watermark - rules.reach()) {
      return version.time();
    }
    if (version.isSnapshot()) {
      return Long.MIN_VALUE;
    }
    // One of the same time may be the first by its position.
    return firstTime < version.time() ? version.time() : version.time() - rules.patience();
  }

  private static int hash(String key) {
    int hash = 1;
    for (int i = 0; i < key.length(); i++) {
      hash = 31 * hash + (byte) key.charAt(i);
    }
    return hash;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Whether there may be facts in a chunk that are touched. */
  boolean mayTouch(FactChunk chunk) {
    return chunk.kind() != FactKind.AHEAD && chunk.last() >= from && chunk.first() < to;
  }

  /** The row of a fact, if it has changed and the fact may still be corrected. */
  @Nullable Row<K, D> row(Fact fact) {
    int hash = Buckets.hash(fact.buffer(), fact.keyOffset(), fact.keyLength());
    return hashes.get(hash & (HASHES - 1)) ? rows.get(fact.key()) : null;
  }
}
