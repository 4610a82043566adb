package io.millrace.transforms.entity;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Evolves entities by their events: an entity is what a pure function makes of all events of its
 * key, in their order. (Event sourcing, as <a
 * href="https://martinfowler.com/eaaDev/EventSourcing.html">Fowler</a> describes it.)
 *
 * <p><b>Order.</b> By event time, or by a sequence number; equal ones by id, and by their bytes. So
 * the last state of an entity is a function of the set of its events, in whatever order, bundles
 * and runs they come, as long as each comes within the horizon.
 *
 * <p><b>Lateness.</b> An event that is older than others, but not older than the watermark less the
 * horizon, is put in its place, and the entity is worked out again from there. An older one is too
 * late: it changes nothing and goes to {@link EvolvedEntities#tooLate()}. By sequence, so does one
 * whose number is not beyond all that are older than the horizon.
 *
 * <p><b>Duplicates.</b> With {@link Evolve#identifiedBy} an event is dropped if one with its id is
 * within the horizon, and counted as {@code events_repeated}; of two with one id that differ the
 * first in order counts. Without it every event counts.
 *
 * <p><b>Deletes.</b> Where the function answers null the entity is gone, and what is emitted says
 * so; a later event may begin it anew.
 *
 * <p><b>Emission.</b> For each change ({@link Evolve#perChange}, the default), or at intervals:
 * only entities that have changed, with revisions that grow. An emission's timestamp is that of its
 * newest event, or that of the packet or timer that led to it if that is later.
 *
 * <p><b>State.</b> A key has its entity as of the horizon and as of now, in bytes, some 60 more,
 * and the events of the horizon, each its bytes, its id's and some 10 (on a heap some 80). Events
 * are folded and freed when the watermark has passed them by the horizon and up to a quarter more.
 * An entity is kept for ever unless {@link Evolve#withIdleExpiry} says how long. On bounded input,
 * where the watermark waits for the end, all events are kept until then. Changes cross the shuffle
 * packed by bucket of keys; the number of buckets stays as it is for a job's life.
 *
 * <p><b>Errors.</b> What the function throws ends the run: it should answer the entity as it is for
 * events that make no sense, and what is no event at all belongs to dead letters before. Input is
 * in the global window, and its keys have a deterministic coder.
 *
 * <pre>{@code
 * EvolvedEntities<String, Purchase, Customer> customers =
 *     purchases.apply(
 *         EvolveEntity.<String, Purchase, Customer>by(Customer::after, CustomerCoder.of())
 *             .identifiedBy(Purchase::id)
 *             .within(Duration.standardHours(24)));
 * customers.entities();   // KV<String, Evolved<Customer>>
 * customers.tooLate();    // KV<String, Purchase>
 * }</pre>
 */
public final class EvolveEntity {
  private static final Duration MOST = Duration.standardDays(36_500);

  /**
   * Evolves entities by a function.
   *
   * @param entityCoder of entities, in state and output
   */
  public static <K, E, S> Evolve<K, E, S> by(Evolution<S, E> evolution, Coder<S> entityCoder) {
    return new AutoValue_EvolveEntity_Evolve.Builder<K, E, S>()
        .setEvolution(evolution)
        .setEntityCoder(entityCoder)
        .setBySequence(false)
        .setHorizon(Duration.standardHours(1))
        .setEmission(Emission.PER_CHANGE)
        .setBuckets(Buckets.DEFAULT)
        .build();
  }

  /** See {@link EvolveEntity}; the horizon is an hour unless another is chosen. */
  @AutoValue
  public abstract static class Evolve<K, E, S>
      extends PTransform<PCollection<KV<K, E>>, EvolvedEntities<K, E, S>> {
    abstract Evolution<S, E> evolution();

    abstract Coder<S> entityCoder();

    abstract @Nullable SerializableFunction<E, Instant> time();

    abstract @Nullable SerializableFunction<E, Long> sequence();

    abstract boolean bySequence();

    abstract @Nullable SerializableFunction<E, String> id();

    abstract Duration horizon();

    abstract Emission emission();

    abstract @Nullable Duration idleExpiry();

    abstract int buckets();

    abstract Builder<K, E, S> toBuilder();

    /** Takes the time from the event itself; else it is its timestamp. */
    public Evolve<K, E, S> withTime(SerializableFunction<E, Instant> time) {
      return toBuilder().setTime(time).build();
    }

    /** Orders by sequence number, and only where these are equal by time. */
    public Evolve<K, E, S> orderedBySequence(SerializableFunction<E, Long> sequence) {
      return toBuilder().setSequence(sequence).setBySequence(true).build();
    }

    /** Orders by time, and where times are equal by sequence number. */
    public Evolve<K, E, S> withTiesBySequence(SerializableFunction<E, Long> sequence) {
      return toBuilder().setSequence(sequence).setBySequence(false).build();
    }

    /** Drops events whose id has come before, within the horizon. */
    public Evolve<K, E, S> identifiedBy(SerializableFunction<E, String> id) {
      return toBuilder().setId(id).build();
    }

    /**
     * How far behind the watermark an event may be and still be put in its place.
     *
     * @throws IllegalArgumentException if it is negative or more than 36,500 days
     */
    public Evolve<K, E, S> within(Duration horizon) {
      return toBuilder().setHorizon(require("The horizon", horizon, 0)).build();
    }

    /** Emits each entity that a packet of events has changed, once a packet. */
    public Evolve<K, E, S> perChange() {
      return toBuilder().setEmission(Emission.PER_CHANGE).build();
    }

    /**
     * Emits entities this long after they changed, by the clock, and at the end of bounded input.
     * Can be used beside {@link #everyOfEventTime}. What waits holds the watermark.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Evolve<K, E, S> every(Duration interval) {
      return toBuilder()
          .setEmission(new Emission(require("The interval", interval, 1), emission().time()))
          .build();
    }

    /**
     * Emits entities that have changed when the watermark passes multiples of an interval.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Evolve<K, E, S> everyOfEventTime(Duration interval) {
      return toBuilder()
          .setEmission(new Emission(emission().clock(), require("The interval", interval, 1)))
          .build();
    }

    /**
     * Ends an entity that has had no event for longer than this, by the events' times: the next
     * begins a new one. Nothing is emitted for the end. Its state is freed when the watermark has
     * passed it and the horizon. Revisions then begin with the milliseconds since 1970 of the
     * newest event, so that they grow beyond those of the entity before.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Evolve<K, E, S> withIdleExpiry(Duration idleExpiry) {
      return toBuilder().setIdleExpiry(require("The idle expiry", idleExpiry, 1)).build();
    }

    /**
     * Sets the number of buckets of keys, which bounds the parallelism.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Evolve<K, E, S> withBuckets(int buckets) {
      return toBuilder().setBuckets(Buckets.check(buckets)).build();
    }

    private static Duration require(String name, Duration duration, long least) {
      if (duration.getMillis() < least || duration.isLongerThan(MOST)) {
        throw new IllegalArgumentException(
            "%s must be from %s ms to 36500 days, got %s".formatted(name, least, duration));
      }
      return duration;
    }

    @Override
    public EvolvedEntities<K, E, S> expand(PCollection<KV<K, E>> input) {
      GlobalInput.require(input, "EvolveEntity");
      KvCoder<K, E> coder = (KvCoder<K, E>) input.getCoder();
      Coder<K> keyCoder = PackByKey.checkKeys(coder.getKeyCoder(), "EvolveEntity");
      EventOrder<E> order =
          new EventOrder<>(coder.getValueCoder(), time(), sequence(), bySequence(), id());
      Duration idleExpiry = idleExpiry();
      Evolver<S, E> evolver =
          new Evolver<>(
              evolution(),
              entityCoder(),
              order,
              horizon().getMillis(),
              idleExpiry == null ? Evolver.NEVER : idleExpiry.getMillis());
      TupleTag<KV<K, Evolved<S>>> entities = new TupleTag<>("entities") {};
      TupleTag<KV<K, E>> tooLate = new TupleTag<>("tooLate") {};
      PCollectionTuple evolved =
          input
              .apply("Pack", PackByKey.into(buckets()))
              .apply(
                  "Evolve",
                  ParDo.of(
                          new EvolveEntityFn<>(
                              keyCoder,
                              order,
                              evolver,
                              emission(),
                              horizon().getMillis() / 4 + 1,
                              entities,
                              tooLate))
                      .withOutputTags(entities, TupleTagList.of(tooLate)));
      return new EvolvedEntities<>(
          entities,
          evolved.get(entities).setCoder(KvCoder.of(keyCoder, EvolvedCoder.of(entityCoder()))),
          tooLate,
          evolved.get(tooLate).setCoder(coder));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("horizon", horizon()))
          .add(DisplayData.item("order", bySequence() ? "sequence" : "time"))
          .add(DisplayData.item("dropsDuplicates", id() != null))
          .addIfNotNull(DisplayData.item("every", emission().clock()))
          .addIfNotNull(DisplayData.item("everyOfEventTime", emission().time()))
          .addIfNotNull(DisplayData.item("idleExpiry", idleExpiry()))
          .add(DisplayData.item("buckets", buckets()));
    }

    @AutoValue.Builder
    abstract static class Builder<K, E, S> {
      abstract Builder<K, E, S> setEvolution(Evolution<S, E> evolution);

      abstract Builder<K, E, S> setEntityCoder(Coder<S> entityCoder);

      abstract Builder<K, E, S> setTime(@Nullable SerializableFunction<E, Instant> time);

      abstract Builder<K, E, S> setSequence(@Nullable SerializableFunction<E, Long> sequence);

      abstract Builder<K, E, S> setBySequence(boolean bySequence);

      abstract Builder<K, E, S> setId(@Nullable SerializableFunction<E, String> id);

      abstract Builder<K, E, S> setHorizon(Duration horizon);

      abstract Builder<K, E, S> setEmission(Emission emission);

      abstract Builder<K, E, S> setIdleExpiry(@Nullable Duration idleExpiry);

      abstract Builder<K, E, S> setBuckets(int buckets);

      abstract Evolve<K, E, S> build();
    }
  }

  private EvolveEntity() {}
}
