package io.millrace.transforms.join;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Joins two streams of keyed elements by event time: a left and a right element of one key are a
 * pair if the right one's timestamp is in an interval around the left one's (an interval join), or
 * if both are in the same window.
 *
 * <p><b>Order.</b> What goes out depends on the set of elements alone, not on when, in what order
 * and in which bundles they come, as long as none is too late. A pair goes out when the second of
 * the two comes, with the later of their timestamps.
 *
 * <p><b>Outer joins.</b> An element that nothing joined goes out by itself, with its own timestamp,
 * when nothing can come any more that would join it: when the watermark has passed the end of its
 * interval and the allowed lateness. So nothing is ever taken back. It holds the watermark until
 * then, or until something joins it.
 *
 * <p><b>Lateness.</b> An element that is older than the watermark less the allowed lateness (none
 * unless {@link Join#withAllowedLateness} says so) is too late: it joins nothing and goes to {@link
 * JoinedStreams#tooLateLeft} or {@link JoinedStreams#tooLateRight}. One that is not finds all of
 * its pairs. The runner itself drops nothing.
 *
 * <p><b>Duplicates.</b> Each counts, unless {@link Join#identifiedBy} tells them.
 *
 * <p><b>State.</b> An element takes its bytes, 1 to 5 for its time, 1 or 2 for its length, and its
 * id's if there are ids; elements of a key, side and slice of time (a quarter of the interval, or a
 * second) the key's bytes and some 25 more (on a heap some 150), and again in outer joins while one
 * of them waits. A left element is freed when the watermark has passed the end of its interval and
 * the allowed lateness, and a right one likewise, with up to two slices and a quarter of the
 * lateness more. On bounded input, where the watermark waits for the end, all are kept until then.
 * Elements cross the shuffle packed by bucket of keys; the number of buckets, the interval, the
 * lateness and whether there are ids stay as they are for a job's life.
 *
 * <p>Input is in the global window, its keys have a deterministic coder, the same on both sides.
 *
 * <pre>{@code
 * JoinedStreams<String, Order, Shipment> joined =
 *     KeyedStreams.of(orders, shipments)
 *         .apply(
 *             JoinStreams.<String, Order, Shipment>within(Duration.ZERO, Duration.standardDays(2))
 *                 .leftOuter()
 *                 .withAllowedLateness(Duration.standardHours(1)));
 * joined.joined();      // KV<String, Joined<Order, Shipment>>
 * joined.tooLateLeft(); // KV<String, Order>
 * }</pre>
 */
public final class JoinStreams {
  private static final Duration MOST = Duration.standardDays(36_500);

  /**
   * Joins elements whose timestamps are no farther apart than this.
   *
   * @throws IllegalArgumentException if it is more than 36,500 days
   */
  public static <K, L, R> Join<K, L, R> within(Duration difference) {
    return within(difference, difference);
  }

  /**
   * Joins each left element to the right ones from so long before it to so long after it, both
   * included. Where {@code before} is negative the interval begins after the left element, where
   * {@code after} is negative it ends before it; an interval that ends before it begins joins
   * nothing.
   *
   * @throws IllegalArgumentException if one is more than 36,500 days either way
   */
  public static <K, L, R> Join<K, L, R> within(Duration before, Duration after) {
    return of(
        IntervalSpan.difference(
            require("before", before, -MOST.getMillis()),
            require("after", after, -MOST.getMillis())));
  }

  /**
   * Joins elements that are in the same tumbling window of this length, the first of which begins
   * with 1970 (UTC).
   *
   * @throws IllegalArgumentException if it is not positive, or more than 36,500 days
   */
  public static <K, L, R> Join<K, L, R> inWindows(Duration size) {
    return of(IntervalSpan.window(require("size", size, 1)));
  }

  private static <K, L, R> Join<K, L, R> of(IntervalSpan span) {
    return new AutoValue_JoinStreams_Join.Builder<K, L, R>()
        .setSpan(span)
        .setKind(IntervalKind.INNER)
        .setAllowedLateness(Duration.ZERO)
        .setBuckets(Buckets.DEFAULT)
        .setFanout(1)
        .build();
  }

  private static long require(String name, Duration duration, long least) {
    if (duration.getMillis() < least || duration.isLongerThan(MOST)) {
      throw new IllegalArgumentException(
          "%s must be from %s ms to 36500 days, got %s".formatted(name, least, duration));
    }
    return duration.getMillis();
  }

  /** See {@link JoinStreams}; an inner join without lateness unless told otherwise. */
  @AutoValue
  public abstract static class Join<K, L, R>
      extends PTransform<KeyedStreams<K, L, R>, JoinedStreams<K, L, R>> {
    abstract IntervalSpan span();

    abstract IntervalKind kind();

    abstract Duration allowedLateness();

    abstract @Nullable SerializableFunction<L, String> leftId();

    abstract @Nullable SerializableFunction<R, String> rightId();

    abstract int buckets();

    abstract int fanout();

    abstract Builder<K, L, R> toBuilder();

    /** Only pairs: the default. */
    public Join<K, L, R> inner() {
      return toBuilder().setKind(IntervalKind.INNER).build();
    }

    /** Pairs, and left elements that nothing joined. */
    public Join<K, L, R> leftOuter() {
      return toBuilder().setKind(IntervalKind.LEFT_OUTER).build();
    }

    /** Pairs, and right elements that nothing joined. */
    public Join<K, L, R> rightOuter() {
      return toBuilder().setKind(IntervalKind.RIGHT_OUTER).build();
    }

    /** Pairs, and elements of both sides that nothing joined. */
    public Join<K, L, R> fullOuter() {
      return toBuilder().setKind(IntervalKind.FULL_OUTER).build();
    }

    /**
     * How far behind the watermark an element may be and still join all that it should.
     *
     * @throws IllegalArgumentException if it is negative or more than 36,500 days
     */
    public Join<K, L, R> withAllowedLateness(Duration lateness) {
      require("allowedLateness", lateness, 0);
      return toBuilder().setAllowedLateness(lateness).build();
    }

    /**
     * Drops an element if one of its key, side and timestamp has come before with the same id, and
     * counts it as {@code events_repeated}. An element that comes again is known for as long as it
     * is not too late.
     */
    public Join<K, L, R> identifiedBy(
        SerializableFunction<L, String> leftId, SerializableFunction<R, String> rightId) {
      return toBuilder().setLeftId(leftId).setRightId(rightId).build();
    }

    /**
     * Sets the number of buckets of keys, which bounds the parallelism.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Join<K, L, R> withBuckets(int buckets) {
      return toBuilder().setBuckets(Buckets.check(buckets)).build();
    }

    /**
     * Spreads the left elements of each key over several buckets and copies the right ones to all
     * of them, so that a key that has a great part of all elements is work for several workers; in
     * a right outer join the other way round. What is copied is kept so many times. What is too
     * late is told before, in a shuffle of its own. Of duplicates only those are dropped whose
     * bytes are equal. A full outer join cannot have it: of an element that is copied no bucket
     * could tell whether another had something to join it.
     *
     * @param fanout how many buckets, from 1 to the number of buckets; a multiple of the workers
     *     serves best
     * @throws IllegalArgumentException if it is less than 1
     */
    public Join<K, L, R> withHotKeyFanout(int fanout) {
      if (fanout < 1) {
        throw new IllegalArgumentException("hotKeyFanout must be 1 or more, got " + fanout);
      }
      return toBuilder().setFanout(fanout).build();
    }

    @Override
    public JoinedStreams<K, L, R> expand(KeyedStreams<K, L, R> input) {
      GlobalInput.require(input.left(), "JoinStreams");
      GlobalInput.require(input.right(), "JoinStreams");
      if (fanout() > 1 && kind() == IntervalKind.FULL_OUTER) {
        throw new IllegalArgumentException(
            "JoinStreams cannot spread the keys of a full outer join, got hotKeyFanout "
                + fanout()
                + "; use a left or right outer join, or leave it out");
      }
      IntervalRules rules =
          new IntervalRules(span(), kind(), allowedLateness().getMillis(), leftId() != null);
      IntervalTypes<K, L, R> types = IntervalTypes.of(input, leftId(), rightId());
      return new IntervalSteps<>(rules, types, buckets(), fanout()).apply(input);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("kind", kind().name()))
          .add(DisplayData.item("before", Duration.millis(span().before())))
          .add(DisplayData.item("after", Duration.millis(span().after())))
          .addIfNotDefault(
              DisplayData.item("window", Duration.millis(span().window())), Duration.ZERO)
          .add(DisplayData.item("allowedLateness", allowedLateness()))
          .add(DisplayData.item("dropsDuplicates", leftId() != null))
          .add(DisplayData.item("buckets", buckets()))
          .addIfNotDefault(DisplayData.item("hotKeyFanout", fanout()), 1);
    }

    @AutoValue.Builder
    abstract static class Builder<K, L, R> {
      abstract Builder<K, L, R> setSpan(IntervalSpan span);

      abstract Builder<K, L, R> setKind(IntervalKind kind);

      abstract Builder<K, L, R> setAllowedLateness(Duration lateness);

      abstract Builder<K, L, R> setLeftId(@Nullable SerializableFunction<L, String> leftId);

      abstract Builder<K, L, R> setRightId(@Nullable SerializableFunction<R, String> rightId);

      abstract Builder<K, L, R> setBuckets(int buckets);

      abstract Builder<K, L, R> setFanout(int fanout);

      abstract Join<K, L, R> build();
    }
  }

  private JoinStreams() {}
}
