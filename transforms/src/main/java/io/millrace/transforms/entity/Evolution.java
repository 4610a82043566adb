package io.millrace.transforms.entity;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What an event makes of an entity. It must be pure: the same entity and event give the same answer
 * always, and neither of them is changed, nor is anything else. It is called again for the same
 * events when a late one comes between them.
 *
 * @param <S> the entity
 * @param <E> the events
 */
@FunctionalInterface
public interface Evolution<S, E> extends Serializable {

  /**
   * Applies an event.
   *
   * @param entity as it was, null if there is none (yet, or any more)
   * @return the entity as it is after the event, null if there is none
   */
  @Nullable S apply(@Nullable S entity, E event);
}
