package io.millrace.transforms.entity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The rules by which an entity's state follows from its events. Times are milliseconds since 1970.
 *
 * <p>Events older than the horizon are folded into the base and forgotten; a new one of that age is
 * too late. All others are kept in order, and the current state is the base and as many of them as
 * were in order when it was needed.
 */
final class Evolver<S, E> implements Serializable {
  private static final long serialVersionUID = 1L;
  static final long NEVER = Long.MAX_VALUE;

  private final Evolution<S, E> evolution;
  private final Coder<S> entityCoder;
  private final EventOrder<E> order;
  private final long horizon;

  /** How long an entity without events lasts; {@link #NEVER} if for ever. */
  private final long idleExpiry;

  Evolver(
      Evolution<S, E> evolution,
      Coder<S> entityCoder,
      EventOrder<E> order,
      long horizon,
      long idleExpiry) {
    this.evolution = evolution;
    this.entityCoder = entityCoder;
    this.order = order;
    this.horizon = horizon;
    this.idleExpiry = idleExpiry;
  }

  /** Whether an event cannot be put in its place any more. */
  boolean isTooLate(EntityState state, KeptEvent event, long watermark) {
    return event.time() < watermark - horizon
        || (order.isBySequence() && event.sequence() <= state.baseSequence());
  }

  /** Keeps events that are not too late; the same state if all have come before. */
  EntityState keep(EntityState state, List<KeptEvent> events) {
    List<KeptEvent> kept = new ArrayList<>(state.kept());
    Map<String, KeptEvent> known = new HashMap<>();
    if (order.hasIds()) {
      kept.forEach(event -> known.put(event.id(), event));
    }
    boolean isChanged = false;
    for (KeptEvent event : events) {
      KeptEvent same = order.hasIds() ? known.get(event.id()) : null;
      if (same != null) {
        // Of several with an id the first in order counts, whichever comes first.
        if (order.compare(same, event) <= 0) {
          continue;
        }
        kept.removeIf(other -> other.id().equals(event.id()));
      }
      known.put(event.id(), event);
      kept.add(event);
      isChanged = true;
    }
    if (!isChanged) {
      return state;
    }
    kept.sort(order);
    boolean isInOrder = samePlaces(state.kept(), kept, state.folded());
    return new EntityState(
        state.revision(),
        true,
        state.base(),
        state.baseSequence(),
        isInOrder ? state.current() : state.base(),
        isInOrder ? state.folded() : 0,
        Collections.unmodifiableList(kept));
  }

  @SuppressWarnings("ReferenceEquality") // They are the same objects, or others.
  private static boolean samePlaces(List<KeptEvent> before, List<KeptEvent> after, int count) {
    for (int i = 0; i < count; i++) {
      if (before.get(i) != after.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Folds all kept events into the current state. */
  EntityState fold(EntityState state) {
    int count = state.kept().size();
    return state.folded() == count
        ? state
        : state.withCurrent(
            fold(state.current(), state.kept().subList(state.folded(), count)), count);
  }

  /** Folds events older than the horizon into the base; the same state if there are none. */
  EntityState trim(EntityState state, long watermark) {
    int old = 0;
    while (old < state.kept().size() && state.kept().get(old).time() < watermark - horizon) {
      old++;
    }
    if (old == 0) {
      return state;
    }
    List<KeptEvent> left =
        Collections.unmodifiableList(
            new ArrayList<>(state.kept().subList(old, state.kept().size())));
    Folded base =
        state.folded() == old ? state.current() : fold(state.base(), state.kept().subList(0, old));
    boolean isAhead = state.folded() > old;
    return new EntityState(
        state.revision(),
        state.isPending(),
        base,
        Math.max(state.baseSequence(), state.kept().get(old - 1).sequence()),
        isAhead ? state.current() : base,
        isAhead ? state.folded() - old : 0,
        left);
  }

  /** When there will be something to trim or to forget; {@link #NEVER} if not. */
  long due(EntityState state) {
    if (!state.kept().isEmpty()) {
      return state.kept().get(0).time() + horizon + 1;
    }
    return idleExpiry == NEVER ? NEVER : state.base().newest() + idleExpiry + horizon + 1;
  }

  /** Whether the entity has ended, and no event that may still come could have prolonged it. */
  boolean isForgotten(EntityState state, long watermark) {
    return state.kept().isEmpty() && !state.isPending() && due(state) <= watermark;
  }

  /** The revision after that of a state. An entity that was forgotten goes on with greater ones. */
  long nextRevision(EntityState state) {
    return state.revision() == 0 && idleExpiry != NEVER
        ? Math.max(1, state.current().newest())
        : state.revision() + 1;
  }

  @Nullable S entity(Folded folded) {
    return folded.entity() == null ? null : decode(entityCoder, folded.entity());
  }

  E event(KeptEvent event) {
    return decode(order.coder(), event.bytes());
  }

  private Folded fold(Folded from, List<KeptEvent> events) {
    S entity = entity(from);
    long count = from.events();
    long newest = from.newest();
    for (KeptEvent kept : events) {
      if (idleExpiry != NEVER && count > 0 && kept.time() - newest > idleExpiry) {
        entity = null;
        count = 0;
      }
      entity = evolution.apply(entity, event(kept));
      count++;
      newest = Math.max(newest, kept.time());
    }
    return new Folded(entity == null ? null : encode(entity), count, newest);
  }

  private byte[] encode(S entity) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      entityCoder.encode(entity, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(entityCoder + " cannot encode the entity " + entity, e);
    }
    return bytes.toByteArray();
  }

  /** Decodes what was encoded among other things, as in a packet. */
  static <T> T decode(Coder<T> coder, byte[] bytes) {
    try {
      return coder.decode(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(coder + " cannot decode what it encoded", e);
    }
  }
}
