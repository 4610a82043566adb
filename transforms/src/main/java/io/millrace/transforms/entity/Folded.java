package io.millrace.transforms.entity;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What some events made of an entity.
 *
 * @param entity encoded; null if there is none
 * @param events how many there were
 * @param newest the time of the newest, in milliseconds since 1970
 */
@SuppressWarnings("ArrayRecordComponent")
record Folded(byte @Nullable [] entity, long events, long newest) {
  static final Folded NONE = new Folded(null, 0, Long.MIN_VALUE);
}
