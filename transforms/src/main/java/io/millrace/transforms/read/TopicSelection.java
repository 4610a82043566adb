package io.millrace.transforms.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.internals.Topic;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which topics to read.
 *
 * @param names the topics, none if there is a pattern
 * @param pattern that a topic's whole name matches; Kafka's internal topics are never taken
 */
record TopicSelection(String bootstrapServers, List<String> names, @Nullable String pattern)
    implements Serializable {
  private static final int SHOWN = 10;

  /**
   * The topics to read, of all there are.
   *
   * @throws SourceException if a topic is not there, or none matches the pattern
   */
  SortedMap<String, List<PartitionInfo>> select(Map<String, List<PartitionInfo>> all) {
    SortedMap<String, List<PartitionInfo>> selected = new TreeMap<>();
    for (String name : names) {
      selected.put(name, checkFound(name, all.get(name)));
    }
    if (pattern == null) {
      return selected;
    }
    Pattern compiled = Pattern.compile(pattern);
    all.forEach(
        (name, partitions) -> {
          if (!Topic.isInternal(name) && compiled.matcher(name).matches()) {
            selected.put(name, partitions);
          }
        });
    if (selected.isEmpty()) {
      throw SourceException.input(
          "No topic at " + bootstrapServers + " matches " + pattern + "; there are " + shown(all));
    }
    return selected;
  }

  /** Whether a topic of this name is to be read; without names and pattern each is. */
  boolean takes(String topic) {
    if (pattern != null) {
      return !Topic.isInternal(topic) && Pattern.compile(pattern).matcher(topic).matches();
    }
    return names.isEmpty() || names.contains(topic);
  }

  /**
   * The topic's partitions.
   *
   * @throws SourceException if it has none
   */
  List<PartitionInfo> checkFound(String topic, @Nullable List<PartitionInfo> partitions) {
    if (partitions == null || partitions.isEmpty()) {
      throw SourceException.input(
          "There is no topic " + topic + " at " + bootstrapServers + ", or it may not be read");
    }
    return partitions;
  }

  private static String shown(Map<String, List<PartitionInfo>> all) {
    List<String> names = new ArrayList<>(new TreeSet<>(all.keySet()));
    names.removeIf(Topic::isInternal);
    if (names.isEmpty()) {
      return "no topics";
    }
    String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? first + " and " + (names.size() - SHOWN) + " more" : first;
  }
}
