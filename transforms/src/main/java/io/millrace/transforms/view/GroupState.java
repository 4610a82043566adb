package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.state.MapState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is kept of a group. As bytes: a version (1), the revision, the number of rows (zigzag), and
 * of each aggregate the number of values (zigzag), the sum (see {@link GroupDelta}), the number of
 * different values, and the least or greatest, with its length.
 */
final class GroupState {
  private static final int VERSION = 1;
  private static final String NONE = "";

  private final List<ViewAggregate> aggregates;
  private long revision;
  private long rows;
  private final long[] counts;
  private final BigDecimal[] sums;
  private final long[] different;
  private final String[] extremes;

  GroupState(List<ViewAggregate> aggregates, byte @Nullable [] encoded) {
    this.aggregates = aggregates;
    counts = new long[aggregates.size()];
    sums = new BigDecimal[counts.length];
    different = new long[counts.length];
    extremes = new String[counts.length];
    java.util.Arrays.fill(sums, BigDecimal.ZERO);
    java.util.Arrays.fill(extremes, NONE);
    if (encoded != null) {
      read(new ByteReader(encoded));
    }
  }

  private void read(ByteReader in) {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "A group of a view has version " + version + ", which this code does not know");
    }
    revision = in.readVarint();
    rows = in.readZigzag();
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.readZigzag();
      sums[i] = GroupDelta.readDecimal(in);
      different[i] = in.readVarint();
      int length = in.readLength();
      extremes[i] = Delta.text(in.buffer(), in.skip(length), length);
    }
  }

  byte[] encode() {
    ByteWriter out = new ByteWriter(64);
    out.writeByte(VERSION);
    out.writeVarint(revision);
    out.writeZigzag(rows);
    for (int i = 0; i < counts.length; i++) {
      out.writeZigzag(counts[i]);
      GroupDelta.writeDecimal(sums[i], out);
      out.writeVarint(different[i]);
      out.writeBytes(Delta.bytes(extremes[i]));
    }
    return out.toByteArray();
  }

  /** The next revision, which is the group's from now on. */
  long nextRevision() {
    return ++revision;
  }

  /** Whether there is such a group. */
  boolean isThere() {
    return rows > 0;
  }

  /**
   * Takes in how the group changes.
   *
   * @param name of the group, under which values are kept
   */
  void add(GroupDelta delta, String name, MapState<String, byte[]> values) {
    rows += delta.rows();
    for (int i = 0; i < counts.length; i++) {
      counts[i] += delta.count(i);
      sums[i] = sums[i].add(delta.sum(i));
      if (aggregates.get(i).keepsValues() && !delta.values(i).isEmpty()) {
        keep(i, delta.values(i), new StoredZSet(values, (char) i + name));
      }
    }
  }

  private void keep(int i, Map<String, Long> deltas, StoredZSet values) {
    boolean lost = false;
    String extreme = extremes[i];
    for (Map.Entry<String, Long> delta : deltas.entrySet()) {
      long before = values.weight(delta.getKey());
      long after = before + delta.getValue();
      if (before <= 0 && after > 0) {
        different[i]++;
        extreme = better(i, extreme, delta.getKey());
      } else if (before > 0 && after <= 0) {
        different[i]--;
        lost |= delta.getKey().equals(extremes[i]);
      }
    }
    values.add(deltas);
    extremes[i] = lost && aggregates.get(i) != ViewAggregate.DISTINCT ? find(i, values) : extreme;
  }

  private String find(int i, StoredZSet values) {
    String[] best = {NONE};
    values.forEach(
        (value, weight) -> {
          if (weight > 0) {
            best[0] = better(i, best[0], value);
          }
        });
    return best[0];
  }

  private String better(int i, String one, String other) {
    if (aggregates.get(i) == ViewAggregate.DISTINCT) {
      return NONE;
    }
    if (one.isEmpty()) {
      return other;
    }
    int order = ComparedValue.compare(one, other);
    return (aggregates.get(i) == ViewAggregate.MIN ? order <= 0 : order >= 0) ? one : other;
  }

  /** An aggregate's value, null if none of its group is not null. */
  @Nullable Object value(int i) {
    return switch (aggregates.get(i)) {
      case ROWS -> rows;
      case COUNT -> counts[i];
      case SUM -> counts[i] == 0 ? null : sums[i];
      case AVG ->
          counts[i] == 0
              ? null
              : sums[i].divide(BigDecimal.valueOf(counts[i]), MathContext.DECIMAL128);
      case MIN, MAX -> extremes[i].isEmpty() ? null : ComparedValue.read(extremes[i]);
      case DISTINCT -> different[i];
    };
  }
}
