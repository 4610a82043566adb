package io.millrace.transforms.view;

import io.millrace.transforms.block.PacketReader;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Joins changes of both sides with what is there of the other, by packets of {@link Delta}s under
 * what is compared. What it hands over sums up to the join of what came, whatever the order.
 */
final class JoinFn extends DoFn<KV<Integer, byte[]>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  /** The side of packets of rows that were joined before. */
  static final int LEFT = 1;

  /** The side of packets of rows of the table that is joined. */
  static final int RIGHT = 2;

  private static final String LEFT_ROWS = "l";
  private static final String RIGHT_ROWS = "r";

  /** {@link StoredZSet}s of both sides by what is compared. */
  @StateId("rows")
  private final StateSpec<MapState<String, byte[]>> rowsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  private final ViewPlan plan;
  private final int join;

  JoinFn(ViewPlan plan, int join) {
    this.plan = plan;
    this.join = join;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("rows") MapState<String, byte[]> rows,
      OutputReceiver<KV<byte[], byte[]>> out) {
    PacketReader reader = new PacketReader(packet.getValue());
    boolean isLeft = reader.side() == LEFT;
    for (Map.Entry<String, Map<String, Long>> deltas : Delta.read(reader).entrySet()) {
      if (deltas.getValue().isEmpty()) {
        continue;
      }
      if (NextJoin.isNull(deltas.getKey())) {
        deltas.getValue().forEach((row, weight) -> output(alone(row, isLeft), weight, out));
        continue;
      }
      StoredZSet own = new StoredZSet(rows, (isLeft ? LEFT_ROWS : RIGHT_ROWS) + deltas.getKey());
      StoredZSet other = new StoredZSet(rows, (isLeft ? RIGHT_ROWS : LEFT_ROWS) + deltas.getKey());
      join(deltas.getValue(), own, other, isLeft, out);
    }
  }

  private void join(
      Map<String, Long> deltas,
      StoredZSet own,
      StoredZSet other,
      boolean isLeft,
      OutputReceiver<KV<byte[], byte[]>> out) {
    ViewPlan.Kind kind = plan.joins().get(join).kind();
    boolean keepsOwn = isLeft ? kind.keepsLeft() : kind.keepsRight();
    boolean keepsOther = isLeft ? kind.keepsRight() : kind.keepsLeft();
    boolean wasEmpty = own.isEmpty();
    own.add(deltas);
    if (other.isEmpty()) {
      if (keepsOwn) {
        deltas.forEach((row, weight) -> output(alone(row, isLeft), weight, out));
      }
      return;
    }
    // Those of the other side lose their only match, or find their first.
    int alone = !keepsOther || wasEmpty == own.isEmpty() ? 0 : wasEmpty ? -1 : 1;
    other.forEach(
        (otherRow, otherWeight) -> {
          deltas.forEach(
              (row, weight) ->
                  output(
                      isLeft ? concat(row, otherRow) : concat(otherRow, row),
                      weight * otherWeight,
                      out));
          if (alone != 0) {
            output(alone(otherRow, !isLeft), alone * otherWeight, out);
          }
        });
  }

  private static byte[] concat(String left, String right) {
    return JoinedRow.concat(Delta.bytes(left), Delta.bytes(right));
  }

  private byte[] alone(String row, boolean isLeft) {
    return isLeft
        ? JoinedRow.concat(Delta.bytes(row), JoinedRow.none(1))
        : JoinedRow.concat(JoinedRow.none(join + 1), Delta.bytes(row));
  }

  private void output(byte[] joined, long weight, OutputReceiver<KV<byte[], byte[]>> out) {
    NextJoin.outputLeft(plan, join + 1, joined, weight, out);
  }
}
