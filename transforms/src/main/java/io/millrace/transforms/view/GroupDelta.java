package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a group changes: how many rows more it has and, for each aggregate, how many values more that
 * are not null, their sum, and the values themselves where they are kept. Changes are summed up
 * before they cross the shuffle, so that a group with many changes is not many elements.
 *
 * <p>As bytes: the row of the group's columns, with its length; the number of rows (a zigzag
 * varint); for each aggregate, its number (likewise), the sum's unscaled value (a length and bytes)
 * and scale (a zigzag varint), the number of values, and each with its weight and length.
 */
final class GroupDelta {
  private final List<ViewAggregate> aggregates;
  private final byte[] group;
  private long rows;
  private final long[] counts;
  private final BigDecimal[] sums;
  private final List<Map<String, Long>> values = new ArrayList<>();

  GroupDelta(List<ViewAggregate> aggregates, byte[] group) {
    this.aggregates = aggregates;
    this.group = group;
    counts = new long[aggregates.size()];
    sums = new BigDecimal[counts.length];
    for (int i = 0; i < counts.length; i++) {
      sums[i] = BigDecimal.ZERO;
      values.add(new HashMap<>());
    }
  }

  /** The row of the group's columns. */
  byte[] group() {
    return group;
  }

  long rows() {
    return rows;
  }

  long count(int aggregate) {
    return counts[aggregate];
  }

  BigDecimal sum(int aggregate) {
    return sums[aggregate];
  }

  Map<String, Long> values(int aggregate) {
    return values.get(aggregate);
  }

  /** Adds a row, whose value for each aggregate this is. */
  void add(@Nullable Object[] arguments, long weight) {
    rows += weight;
    for (int i = 0; i < counts.length; i++) {
      Object value = arguments[i];
      if (value == null) {
        continue;
      }
      counts[i] += weight;
      switch (aggregates.get(i)) {
        case SUM, AVG ->
            sums[i] = sums[i].add(ViewValues.decimal(value).multiply(BigDecimal.valueOf(weight)));
        case MIN, MAX, DISTINCT ->
            values.get(i).merge(ComparedValue.write(value), weight, Delta::sum);
        case ROWS, COUNT -> {}
      }
    }
  }

  /** Adds what another delta of the same group says. */
  void add(GroupDelta other) {
    rows += other.rows;
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
      sums[i] = sums[i].add(other.sums[i]);
      Map<String, Long> own = values.get(i);
      other.values.get(i).forEach((value, weight) -> own.merge(value, weight, Delta::sum));
    }
  }

  byte[] encode() {
    ByteWriter out = new ByteWriter(64);
    out.writeBytes(group);
    out.writeZigzag(rows);
    for (int i = 0; i < counts.length; i++) {
      out.writeZigzag(counts[i]);
      writeDecimal(sums[i], out);
      out.writeVarint(values.get(i).size());
      values
          .get(i)
          .forEach(
              (value, weight) -> {
                out.writeZigzag(weight);
                out.writeBytes(Delta.bytes(value));
              });
    }
    return out.toByteArray();
  }

  static GroupDelta decode(List<ViewAggregate> aggregates, ByteReader in) {
    GroupDelta delta = new GroupDelta(aggregates, in.readBytes());
    delta.rows = in.readZigzag();
    for (int i = 0; i < delta.counts.length; i++) {
      delta.counts[i] = in.readZigzag();
      delta.sums[i] = readDecimal(in);
      int count = in.readLength();
      for (int value = 0; value < count; value++) {
        long weight = in.readZigzag();
        int length = in.readLength();
        delta.values.get(i).put(Delta.text(in.buffer(), in.skip(length), length), weight);
      }
    }
    return delta;
  }

  static void writeDecimal(BigDecimal decimal, ByteWriter out) {
    out.writeBytes(decimal.unscaledValue().toByteArray());
    out.writeZigzag(decimal.scale());
  }

  static BigDecimal readDecimal(ByteReader in) {
    BigInteger unscaled = new BigInteger(in.readBytes());
    return new BigDecimal(unscaled, (int) in.readZigzag());
  }
}
