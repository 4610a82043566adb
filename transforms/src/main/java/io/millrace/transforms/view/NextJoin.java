package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Hands changes of rows to a join, under what is compared there. A row of which a part of that is
 * null finds nothing: it is left out if the join leaves it out, and else goes under a key that
 * tells, and that is not the same for all of them.
 */
final class NextJoin {
  private static final byte[] NO_KEY = {};
  private static final int NULL = 0;

  /**
   * Hands over rows that were joined, to the join of this place or, after the last, as they are.
   */
  static void outputLeft(
      ViewPlan plan, int join, byte[] joined, long weight, OutputReceiver<KV<byte[], byte[]>> out) {
    if (join == plan.joins().size()) {
      out.output(KV.of(NO_KEY, Delta.of(weight, joined)));
    } else {
      ViewPlan.Join next = plan.joins().get(join);
      output(next.left(), next.kind().keepsLeft(), joined, weight, out);
    }
  }

  /** Hands over rows of the table that is joined at this place. */
  static void outputRight(
      ViewPlan plan, int join, byte[] row, long weight, OutputReceiver<KV<byte[], byte[]>> out) {
    ViewPlan.Join next = plan.joins().get(join);
    output(next.right(), next.kind().keepsRight(), row, weight, out);
  }

  private static void output(
      List<ViewPlan.Slot> slots,
      boolean keeps,
      byte[] row,
      long weight,
      OutputReceiver<KV<byte[], byte[]>> out) {
    byte @Nullable [] key = JoinedRow.key(row, slots);
    if (key != null) {
      out.output(KV.of(key, Delta.of(weight, row)));
    } else if (keeps) {
      out.output(KV.of(nullKey(row), Delta.of(weight, row)));
    }
  }

  private static byte[] nullKey(byte[] row) {
    ByteWriter key = new ByteWriter(5);
    key.writeByte(NULL);
    key.writeInt(Arrays.hashCode(row));
    return key.toByteArray();
  }

  /** Whether a key is of a row that finds nothing. Others begin with a length. */
  static boolean isNull(String key) {
    return key.charAt(0) == NULL;
  }

  private NextJoin() {}
}
