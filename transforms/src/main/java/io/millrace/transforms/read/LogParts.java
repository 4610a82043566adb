package io.millrace.transforms.read;

import io.millrace.transforms.landing.LandedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds the parts of a log that are to be read, by what was landed and what the topics have. */
final class LogParts {
  private final LogSettings settings;
  private final Start from;
  private final @Nullable Start to;
  private final @Nullable BlockConsumer consumer;

  /**
   * Looks at one log.
   *
   * @param to before what it ends; null if it goes on with its topics
   * @param consumer of its topics, if it has some
   */
  LogParts(LogSettings settings, Start from, @Nullable Start to, @Nullable BlockConsumer consumer) {
    this.settings = settings;
    this.from = from;
    this.to = to;
    this.consumer = consumer;
  }

  /**
   * A part for each partition, from where it begins; of a log that ends, one for each landed file,
   * since they can be read at the same time.
   *
   * @throws SourceException if a topic is nowhere, or offsets that are to be read
   */
  List<LogPart> find() {
    SortedMap<String, SortedSet<Integer>> inTopics = inTopics();
    List<LogPart> parts = new ArrayList<>();
    for (Map.Entry<String, SortedSet<Integer>> topic : partitions(inTopics).entrySet()) {
      for (int partition : topic.getValue()) {
        boolean isInTopic =
            inTopics.getOrDefault(topic.getKey(), new TreeSet<>()).contains(partition);
        parts.addAll(find(topic.getKey(), partition, isInTopic));
      }
    }
    return parts;
  }

  /** The topics that are read, and their partitions: landed, there now, or both. */
  private SortedMap<String, SortedSet<Integer>> partitions(
      SortedMap<String, SortedSet<Integer>> inTopics) {
    SortedMap<String, SortedSet<Integer>> all = new TreeMap<>();
    inTopics.forEach((topic, partitions) -> all.put(topic, new TreeSet<>(partitions)));
    LandedLog.partitions(settings.landings())
        .forEach(
            (topic, partitions) -> {
              if (settings.selection().takes(topic)) {
                all.computeIfAbsent(topic, key -> new TreeSet<>()).addAll(partitions);
              }
            });
    for (String name : settings.selection().names()) {
      if (!all.containsKey(name)) {
        throw SourceException.input(
            "There is no topic "
                + name
                + (settings.landings().isEmpty() ? "" : " in " + named())
                + (consumer == null
                    ? ""
                    : " or at "
                        + settings.selection().bootstrapServers()
                        + ", or it may not be read"));
      }
    }
    if (all.isEmpty()) {
      throw SourceException.input(
          "Nothing was landed in "
              + named()
              + (settings.selection().pattern() == null
                  ? ""
                  : " of topics that match " + settings.selection().pattern()));
    }
    return all;
  }

  private String named() {
    return String.join(",", settings.landings());
  }

  private SortedMap<String, SortedSet<Integer>> inTopics() {
    SortedMap<String, SortedSet<Integer>> found = new TreeMap<>();
    if (consumer == null) {
      return found;
    }
    for (Map.Entry<String, List<PartitionInfo>> topic : consumer.allTopics().entrySet()) {
      if (settings.selection().takes(topic.getKey())) {
        SortedSet<Integer> partitions = new TreeSet<>();
        topic.getValue().forEach(info -> partitions.add(info.partition()));
        found.put(topic.getKey(), partitions);
      }
    }
    return found;
  }

  private List<LogPart> find(String topic, int partition, boolean isInTopic) {
    LandedLog landed = LandedLog.of(settings.landings(), topic, partition);
    TopicPartition key = new TopicPartition(topic, partition);
    Ends inTopic =
        isInTopic
            ? new Ends(
                consumer.beginningOffsets(Set.of(key)).get(key),
                consumer.endOffsets(Set.of(key)).get(key))
            : null;
    if (landed.isEmpty() && inTopic == null) {
      return List.of();
    }
    long begin = offset(from, key, landed, inTopic);
    long end = end(key, landed, inTopic);
    if (begin >= end) {
      return List.of();
    }
    checkThere(key, begin, landed, inTopic, end);
    checkCompacted(key, begin, landed, end);
    LogPart whole = new LogPart(topic, partition, begin, end);
    return to == null && consumer != null ? List.of(whole) : split(whole, landed);
  }

  /** The offsets that a topic has. */
  private record Ends(long begin, long end) {}

  private long end(TopicPartition key, LandedLog landed, @Nullable Ends inTopic) {
    if (to != null && (to.time() != null || to.known(key) != null)) {
      return offset(to, key, landed, inTopic);
    }
    if (to == null && inTopic != null) {
      return LogPart.OPEN;
    }
    return last(landed, inTopic);
  }

  private static long last(LandedLog landed, @Nullable Ends inTopic) {
    long end = landed.isEmpty() ? 0 : landed.end();
    return inTopic == null ? end : Math.max(end, inTopic.end());
  }

  private static long first(LandedLog landed, @Nullable Ends inTopic) {
    if (landed.isEmpty()) {
      return inTopic.begin();
    }
    return inTopic == null ? landed.begin() : Math.min(landed.begin(), inTopic.begin());
  }

  private long offset(Start bound, TopicPartition key, LandedLog landed, @Nullable Ends inTopic) {
    Long given = bound.known(key);
    if (given != null) {
      if (given < first(landed, inTopic) || given > last(landed, inTopic)) {
        throw SourceException.input(
            String.format(
                "%s has offsets %d to %d, and offset %d is asked for",
                key, first(landed, inTopic), last(landed, inTopic), given));
      }
      return given;
    }
    if (bound.isLatest()) {
      return last(landed, inTopic);
    }
    if (bound.time() == null) {
      return first(landed, inTopic);
    }
    OptionalLong inLanding = landed.offsetAt(bound.time().getMillis());
    if (inLanding.isPresent()) {
      return inLanding.getAsLong();
    }
    return inTopic == null
        ? landed.end()
        : Math.max(bound.offset(consumer, key), landed.isEmpty() ? 0 : landed.end());
  }

  /** All of a part is landed, in the topic, or both in turn. */
  private void checkThere(
      TopicPartition key, long begin, LandedLog landed, @Nullable Ends inTopic, long end) {
    long position = begin;
    while (position < end) {
      LandedLog.Span file = landed.span(position);
      if (file != null) {
        position = file.to();
      } else if (inTopic != null && inTopic.begin() <= position) {
        return;
      } else if (inTopic == null && position >= landed.end()) {
        return;
      } else {
        throw SourceException.world(
            String.format(
                "%s@%d was not landed, and is not in the topic any more%s. Begin behind it with"
                    + " --from, and with a new snapshot of the source.",
                key,
                position,
                inTopic == null ? "" : ", which begins at offset " + inTopic.begin()));
      }
    }
  }

  /** What was compacted is right only as a whole: it lacks what its later records make needless. */
  private void checkCompacted(TopicPartition key, long begin, LandedLog landed, long end) {
    if (landed.compactedEnd().isEmpty()) {
      return;
    }
    long compactedEnd = landed.compactedEnd().getAsLong();
    if (end < compactedEnd || (begin > landed.begin() && begin < compactedEnd)) {
      throw SourceException.input(
          String.format(
              "%s was compacted up to offset %d, and is to be read from %d to %d; leave the compacted"
                  + " landing out of %s, or read all of it",
              key, compactedEnd, begin, end, named()));
    }
  }

  private static List<LogPart> split(LogPart whole, LandedLog landed) {
    List<LogPart> parts = new ArrayList<>();
    long position = whole.from();
    while (position < whole.to()) {
      LandedLog.Span file = landed.span(position);
      long end = file == null ? whole.to() : Math.min(file.to(), whole.to());
      parts.add(new LogPart(whole.topic(), whole.partition(), position, end));
      position = end;
    }
    return parts;
  }
}
