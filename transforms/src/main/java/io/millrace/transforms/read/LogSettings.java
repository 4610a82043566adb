package io.millrace.transforms.read;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where a log is.
 *
 * @param landing the directory of what was landed of it; null if nothing was
 * @param topics the topics that it goes on in; null if it ends with what was landed
 * @param selection which of its topics are read
 */
record LogSettings(
    @Nullable String landing, ReadTopics.@Nullable Records topics, TopicSelection selection)
    implements Serializable {}
