package io.millrace.transforms.join;

import io.millrace.transforms.block.PackByKey;
import io.millrace.transforms.block.PacketReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Makes elements of bytes, for the outputs of a join. */
record IntervalTypes<K, L, R>(
    Coder<K> keyCoder,
    Coder<L> leftCoder,
    Coder<R> rightCoder,
    @Nullable SerializableFunction<L, String> leftId,
    @Nullable SerializableFunction<R, String> rightId,
    TupleTag<KV<K, Joined<L, R>>> joined,
    TupleTag<KV<K, L>> tooLateLeft,
    TupleTag<KV<K, R>> tooLateRight)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * The types of two streams.
   *
   * @throws IllegalArgumentException if their keys are of two coders, or of one that is not
   *     deterministic
   */
  static <K, L, R> IntervalTypes<K, L, R> of(
      KeyedStreams<K, L, R> input,
      @Nullable SerializableFunction<L, String> leftId,
      @Nullable SerializableFunction<R, String> rightId) {
    KvCoder<K, L> left = (KvCoder<K, L>) input.left().getCoder();
    KvCoder<K, R> right = (KvCoder<K, R>) input.right().getCoder();
    PackByKey.checkKeys(left.getKeyCoder(), "JoinStreams");
    if (!left.getKeyCoder().equals(right.getKeyCoder())) {
      throw new IllegalArgumentException(
          "JoinStreams needs keys with the same coder on both sides, got "
              + left.getKeyCoder()
              + " and "
              + right.getKeyCoder()
              + "; set one of the coders");
    }
    return new IntervalTypes<>(
        left.getKeyCoder(),
        left.getValueCoder(),
        right.getValueCoder(),
        leftId,
        rightId,
        new TupleTag<>("joined") {},
        new TupleTag<>("tooLateLeft") {},
        new TupleTag<>("tooLateRight") {});
  }

  /** The element at which a reader is. */
  IntervalArrival arrival(PacketReader reader, IntervalSide side) {
    String id = id(reader, side);
    return new IntervalArrival(
        reader.timestamp(),
        reader.buffer(),
        reader.valueOffset(),
        reader.valueLength(),
        id == null ? null : id.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable String id(PacketReader reader, IntervalSide side) {
    if (side == IntervalSide.LEFT) {
      return leftId == null ? null : leftId.apply(reader.value(leftCoder));
    }
    return rightId == null ? null : rightId.apply(reader.value(rightCoder));
  }

  /** Hands over the element at which a reader is. */
  void tooLate(PacketReader reader, IntervalSide side, MultiOutputReceiver out) {
    K key = reader.key(keyCoder);
    Instant time = Instant.ofEpochMilli(reader.timestamp());
    if (side == IntervalSide.LEFT) {
      out.get(tooLateLeft).outputWithTimestamp(KV.of(key, reader.value(leftCoder)), time);
    } else {
      out.get(tooLateRight).outputWithTimestamp(KV.of(key, reader.value(rightCoder)), time);
    }
  }

  IntervalOutput output(OutputReceiver<KV<K, Joined<L, R>>> out) {
    return new IntervalOutput() {
      @Override
      public void pair(
          String key, IntervalSide side, IntervalArrival arrival, IntervalElements kept) {
        IntervalElement left = side == IntervalSide.LEFT ? arrival : kept;
        IntervalElement right = side == IntervalSide.LEFT ? kept : arrival;
        Instant leftTime = Instant.ofEpochMilli(left.time());
        Instant rightTime = Instant.ofEpochMilli(right.time());
        out.outputWithTimestamp(
            KV.of(
                key(key),
                Joined.of(decode(leftCoder, left), leftTime, decode(rightCoder, right), rightTime)),
            leftTime.isAfter(rightTime) ? leftTime : rightTime);
      }

      @Override
      public void unmatched(String key, IntervalSide side, IntervalElement element) {
        Instant time = Instant.ofEpochMilli(element.time());
        Joined<L, R> joined =
            side == IntervalSide.LEFT
                ? Joined.leftOnly(decode(leftCoder, element), time)
                : Joined.rightOnly(decode(rightCoder, element), time);
        out.outputWithTimestamp(KV.of(key(key), joined), time);
      }
    };
  }

  private K key(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    return decode(keyCoder, bytes, 0, bytes.length);
  }

  private static <T> T decode(Coder<T> coder, IntervalElement element) {
    return decode(coder, element.buffer(), element.offset(), element.length());
  }

  private static <T> T decode(Coder<T> coder, byte[] bytes, int offset, int length) {
    try {
      return coder.decode(new ByteArrayInputStream(bytes, offset, length));
    } catch (IOException e) {
      throw new UncheckedIOException(coder + " cannot decode what it encoded", e);
    }
  }
}
