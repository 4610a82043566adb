package io.millrace.transforms.read;

import java.io.Serializable;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where a log is.
 *
 * @param landings directories of what was landed of it, the first of which goes before the others
 * @param topics the topics that it goes on in; null if it ends with what was landed
 * @param selection which of its topics are read
 */
record LogSettings(
    List<String> landings, ReadTopics.@Nullable Records topics, TopicSelection selection)
    implements Serializable {

  LogSettings {
    landings = List.copyOf(landings);
  }
}
