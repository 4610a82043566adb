package io.millrace.transforms.read;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern OFFSET =
      Pattern.compile("([a-zA-Z0-9._-]{1,249})/(\\d{1,9})=(\\d{1,18})");

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

  /**
   * Reads {@code earliest}, {@code latest}, a time in ISO 8601 with its offset, or offsets such as
   * {@code orders/0=1200,orders/1=1187}; a partition that they do not name begins with the first
   * record.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static Start parse(String text) {
    if (text.equalsIgnoreCase("earliest")) {
      return earliest();
    }
    if (text.equalsIgnoreCase("latest")) {
      return latest();
    }
    if (text.indexOf('=') >= 0) {
      return earliest().orAt(offsets(text));
    }
    try {
      return at(Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli()));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "must be earliest, latest, a time with its offset such as 2026-05-01T00:00:00Z, or offsets"
              + " such as orders/0=1200,orders/1=1187, got '"
              + text
              + "'",
          e);
    }
  }

  private static Map<String, Map<Integer, Long>> offsets(String text) {
    Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = OFFSET.matcher(part.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "must have offsets as TOPIC/PARTITION=OFFSET, separated by commas, got '" + part + "'");
      }
      Long twice =
          offsets
              .computeIfAbsent(matcher.group(1), topic -> new TreeMap<>())
              .put(Integer.valueOf(matcher.group(2)), Long.valueOf(matcher.group(3)));
      if (twice != null) {
        throw new IllegalArgumentException(
            "must have one offset of each partition, got two of "
                + matcher.group(1)
                + "/"
                + matcher.group(2));
      }
    }
    return offsets;
  }

  boolean isEarliest() {
    return kind == Kind.EARLIEST && !hasOffsets();
  }

  boolean isLatest() {
    return kind == Kind.LATEST;
  }

  boolean hasOffsets() {
    return offsets != null && !offsets.isEmpty();
  }

  /** The time it stands for, or null. */
  @Nullable Instant time() {
    return kind == Kind.TIME ? Instant.ofEpochMilli(millis) : null;
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

  /** As {@link #parse} reads it, but for offsets beside another start, which come behind it. */
  @Override
  public String toString() {
    String told =
        switch (kind) {
          case EARLIEST -> "earliest";
          case LATEST -> "latest";
          case TIME -> Instant.ofEpochMilli(millis).toString();
        };
    if (!hasOffsets()) {
      return told;
    }
    StringJoiner all = new StringJoiner(",");
    if (kind != Kind.EARLIEST) {
      all.add(told);
    }
    new TreeMap<>(offsets)
        .forEach(
            (topic, partitions) ->
                new TreeMap<>(partitions)
                    .forEach(
                        (partition, offset) -> all.add(topic + "/" + partition + "=" + offset)));
    return all.toString();
  }
}
