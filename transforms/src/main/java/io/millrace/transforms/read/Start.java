package io.millrace.transforms.read;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Where a topic's partition is read from at first: by a job without a checkpoint, and by a consumer
 * group that has not committed an offset of the partition. Afterwards reading goes on where it
 * stopped.
 */
public final class Start implements Serializable {
  private static final long serialVersionUID = 1L;

  private enum Kind {
    EARLIEST,
    LATEST,
    TIME
  }

  private final Kind kind;
  private final long millis;

  /** Where reading begins whatever the kind; null in checkpoints from before there was this. */
  private final @Nullable HashMap<String, Map<Integer, Long>> offsets;

  private Start(Kind kind, long millis, Map<String, Map<Integer, Long>> offsets) {
    this.kind = kind;
    this.millis = millis;
    this.offsets = new HashMap<>(offsets);
  }

  /** The first record that the partition still holds. */
  public static Start earliest() {
    return new Start(Kind.EARLIEST, 0, Map.of());
  }

  /**
   * The partition's end when its reader first starts. A job that fails before its first checkpoint
   * starts anew, so what came in the meantime is not read.
   */
  public static Start latest() {
    return new Start(Kind.LATEST, 0, Map.of());
  }

  /**
   * The first record whose Kafka timestamp is at or after a time; the partition's end if there is
   * none.
   */
  public static Start at(Instant time) {
    return new Start(Kind.TIME, time.getMillis(), Map.of());
  }

  /** The same where these offsets, by topic and partition, say nothing; else at these. */
  Start orAt(Map<String, Map<Integer, Long>> known) {
    return new Start(kind, millis, known);
  }

  /** The offset of a partition that was given, whatever a group has committed; null if none was. */
  @Nullable Long known(TopicPartition partition) {
    return offsets == null
        ? null
        : offsets.getOrDefault(partition.topic(), Map.of()).get(partition.partition());
  }

  /** The offset this stands for now, where none was given. */
  long offset(Consumer<?, ?> consumer, TopicPartition partition) {
    Collection<TopicPartition> partitions = Set.of(partition);
    return switch (kind) {
      case EARLIEST -> consumer.beginningOffsets(partitions).get(partition);
      case LATEST -> consumer.endOffsets(partitions).get(partition);
      case TIME -> {
        @Nullable OffsetAndTimestamp found =
            consumer.offsetsForTimes(Map.of(partition, millis)).get(partition);
        yield found == null ? consumer.endOffsets(partitions).get(partition) : found.offset();
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Start that
        && kind == that.kind
        && millis == that.millis
        && Objects.equals(offsets, that.offsets);
  }

  @Override
  public int hashCode() {
    return kind.hashCode() + Long.hashCode(millis);
  }

  /** {@code earliest}, {@code latest}, or the time as ISO 8601. */
  @Override
  public String toString() {
    return switch (kind) {
      case EARLIEST -> "earliest";
      case LATEST -> "latest";
      case TIME -> Instant.ofEpochMilli(millis).toString();
    };
  }
}
