package io.millrace.transforms.entity;

import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * An entity as of its newest event.
 *
 * @param entity null if it is gone
 * @param revision grows from one to the next of a key; the greater is the truer, whatever its time
 * @param asOf the time of the newest event that is in it
 * @param events how many events are in it, those before it was gone among them
 */
public record Evolved<S>(@Nullable S entity, long revision, Instant asOf, long events) {

  /** Whether the events ended in there being no entity. */
  public boolean isGone() {
    return entity == null;
  }
}
