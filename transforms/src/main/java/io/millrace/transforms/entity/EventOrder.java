package io.millrace.transforms.entity;

import io.millrace.transforms.block.PacketReader;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Puts events in order: by time and then sequence, or by sequence and then time; equal ones by id
 * and bytes, so that there is one order only.
 */
final class EventOrder<E> implements Comparator<KeptEvent>, Serializable {
  private static final long serialVersionUID = 1L;

  private final Coder<E> coder;
  private final @Nullable SerializableFunction<E, Instant> time;
  private final @Nullable SerializableFunction<E, Long> sequence;
  private final boolean isBySequence;
  private final @Nullable SerializableFunction<E, String> id;

  EventOrder(
      Coder<E> coder,
      @Nullable SerializableFunction<E, Instant> time,
      @Nullable SerializableFunction<E, Long> sequence,
      boolean isBySequence,
      @Nullable SerializableFunction<E, String> id) {
    this.coder = coder;
    this.time = time;
    this.sequence = sequence;
    this.isBySequence = isBySequence;
    this.id = id;
  }

  Coder<E> coder() {
    return coder;
  }

  boolean isBySequence() {
    return isBySequence;
  }

  boolean hasIds() {
    return id != null;
  }

  /** The event at which a reader is. */
  KeptEvent read(PacketReader reader) {
    byte[] bytes = reader.copyValue();
    if (time == null && sequence == null && id == null) {
      return new KeptEvent(reader.timestamp(), 0, "", bytes);
    }
    E event = reader.value(coder);
    return new KeptEvent(
        time == null ? reader.timestamp() : time.apply(event).getMillis(),
        sequence == null ? 0 : sequence.apply(event),
        id == null ? "" : id.apply(event),
        bytes);
  }

  @Override
  public int compare(KeptEvent one, KeptEvent other) {
    int byTime = Long.compare(one.time(), other.time());
    int bySequence = Long.compare(one.sequence(), other.sequence());
    int first = isBySequence ? bySequence : byTime;
    if (first != 0) {
      return first;
    }
    int second = isBySequence ? byTime : bySequence;
    if (second != 0) {
      return second;
    }
    int byId = one.id().compareTo(other.id());
    return byId != 0 ? byId : Arrays.compareUnsigned(one.bytes(), other.bytes());
  }
}
