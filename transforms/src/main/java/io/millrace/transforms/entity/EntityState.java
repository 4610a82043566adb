package io.millrace.transforms.entity;

import java.util.List;

/**
 * What is kept of an entity. It never changes; each change makes another, since a runner may still
 * hold the old one.
 *
 * @param revision the last that was said, 0 before the first
 * @param isPending whether there are events of which nothing was said yet
 * @param base the entity as of all events that are not kept any more
 * @param baseSequence the greatest sequence number among those
 * @param current the entity as of the base and some of the events that are kept
 * @param folded how many of these
 * @param kept the events within the horizon, in order
 */
record EntityState(
    long revision,
    boolean isPending,
    Folded base,
    long baseSequence,
    Folded current,
    int folded,
    List<KeptEvent> kept) {
  static final EntityState NEW =
      new EntityState(0, false, Folded.NONE, Long.MIN_VALUE, Folded.NONE, 0, List.of());

  /** Whether this is that state, unchanged. */
  @SuppressWarnings("ReferenceEquality")
  boolean is(EntityState state) {
    return this == state;
  }

  /** With another current state, of so many of the events. */
  EntityState withCurrent(Folded current, int folded) {
    return new EntityState(revision, isPending, base, baseSequence, current, folded, kept);
  }

  /** With this revision said. */
  EntityState said(long revision) {
    return new EntityState(revision, false, base, baseSequence, current, folded, kept);
  }
}
