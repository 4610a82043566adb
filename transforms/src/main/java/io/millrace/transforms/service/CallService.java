package io.millrace.transforms.service;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import java.util.UUID;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;

/**
 * Asks a service for what belongs to each element's key, through any {@link ServiceClient}.
 *
 * <p><b>It races.</b> The answer is the service's at the time of the call, or what it was up to a
 * time to live ago: another run may get another. The laws of convergence, of batch as a bounded
 * stream and of runner independence do not apply.
 *
 * <p><b>Calls.</b> The keys of a bundle are asked for in batches, each key once, many batches at a
 * time, but never more than {@link #withConcurrency} in a JVM, whatever the number of its threads.
 * A call that takes longer than {@link #withTimeout} is interrupted. A call that failed is repeated
 * ({@link #withRetries}), ever later, each time by chance a little earlier or later; but not one
 * that the service refused ({@link RefusedCallException}). When too many calls fail, a breaker
 * opens ({@link #withBreaker}) and none are made for a while; what waits for one longer than the
 * limit fails.
 *
 * <p><b>Answers.</b> Each JVM remembers them for a time to live, also that a key has none ({@link
 * #withCache}). Elements without an answer go on with null, or with {@link #inner} not at all.
 *
 * <p><b>Failures</b> do not fail the run: elements go to {@link CalledService#failed()} with the
 * reason. If there can be no client, the run fails with a {@link ServiceException}.
 *
 * <p>Order: as answers come, within a bundle. Duplicates are elements like others. Timestamps stay;
 * the watermark waits for calls. A bundle that is repeated asks again for what is not remembered,
 * and nothing else comes of it. No state. Input is in the global window, and its keys have a
 * deterministic coder. The namespace {@code millrace} has the counters {@code service_calls},
 * {@code _calls_failed}, {@code _calls_retried}, {@code _breaker_opened}, {@code _cache_hits},
 * {@code _cache_absent_hits}, {@code _cache_misses}, {@code _elements_without_answer}, {@code
 * _elements_failed}, and the distribution {@code service_call_millis}.
 *
 * <pre>{@code
 * CalledService<Long, Order, Customer> called =
 *     orders.apply(CallService.<Long, Order, Customer>at(customers, CustomerCoder.of()));
 * called.answered();   // KV<Long, Answered<Order, Customer>>
 * called.failed();     // FailedCall<KV<Long, Order>>
 * }</pre>
 */
@AutoValue
public abstract class CallService<K, V, R>
    extends PTransform<PCollection<KV<K, V>>, CalledService<K, V, R>> {
  abstract ServiceConnector<K, R> connector();

  abstract Coder<R> answerCoder();

  abstract CallPolicy calls();

  abstract CachePolicy caching();

  abstract boolean isInner();

  abstract Builder<K, V, R> toBuilder();

  /**
   * Asks a service.
   *
   * @param answerCoder of its answers
   */
  public static <K, V, R> CallService<K, V, R> at(
      ServiceConnector<K, R> connector, Coder<R> answerCoder) {
    return new AutoValue_CallService.Builder<K, V, R>()
        .setConnector(connector)
        .setAnswerCoder(answerCoder)
        .setCalls(CallPolicy.DEFAULT)
        .setCaching(CachePolicy.DEFAULT)
        .setIsInner(false)
        .build();
  }

  /** Leaves out elements for whose key the service has no answer; else they go on with null. */
  public CallService<K, V, R> inner() {
    return toBuilder().setIsInner(true).build();
  }

  /**
   * Asks for so many keys in one call at most; 100 if not said.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public CallService<K, V, R> withBatch(int keys) {
    return with(calls().withBatch(keys));
  }

  /**
   * Makes so many calls at a time in a JVM at most; 8 if not said. A call that is to be repeated
   * keeps its place.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public CallService<K, V, R> withConcurrency(int calls) {
    return with(calls().withConcurrency(calls));
  }

  /**
   * Interrupts a call that takes longer; 10 seconds if not said.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CallService<K, V, R> withTimeout(Duration timeout) {
    return with(calls().withTimeout(java(timeout)));
  }

  /**
   * Repeats a call that failed up to so many times: 3 if not said, after 200 ms and then ever
   * later, up to 10 seconds.
   *
   * @throws IllegalArgumentException if the times are negative, the first delay not positive, or
   *     the last not longer
   */
  public CallService<K, V, R> withRetries(int times, Duration firstDelay, Duration lastDelay) {
    return with(calls().withRetries(times, java(firstDelay), java(lastDelay)));
  }

  /**
   * Makes no more calls for a while if many fail: if not said, for 5 seconds after 10 of the last
   * 20 failed, while elements wait for up to a minute.
   *
   * @param failures of the last {@code calls} calls that open the breaker
   * @param delay until a call is made to see; if it succeeds the breaker closes
   * @param limit how long an element waits for the breaker before it fails
   * @throws IllegalArgumentException if there are less calls than failures or less than one, the
   *     delay is not positive, or the limit negative
   */
  public CallService<K, V, R> withBreaker(int failures, int calls, Duration delay, Duration limit) {
    return with(calls().withBreaker(failures, calls, java(delay), java(limit)));
  }

  /**
   * Remembers answers: if not said, 100,000 in a JVM, for 10 minutes, and for a minute that a key
   * has none.
   *
   * @param timeToLive zero if answers are not to be remembered
   * @param absentTimeToLive zero if it is not to be remembered that a key has none
   * @throws IllegalArgumentException if one is negative
   */
  public CallService<K, V, R> withCache(long most, Duration timeToLive, Duration absentTimeToLive) {
    return toBuilder()
        .setCaching(new CachePolicy(most, java(timeToLive), java(absentTimeToLive)))
        .build();
  }

  private CallService<K, V, R> with(CallPolicy calls) {
    return toBuilder().setCalls(calls).build();
  }

  private static java.time.Duration java(Duration duration) {
    return java.time.Duration.ofMillis(duration.getMillis());
  }

  @Override
  public CalledService<K, V, R> expand(PCollection<KV<K, V>> input) {
    GlobalInput.require(input, "CallService");
    KvCoder<K, V> coder = (KvCoder<K, V>) input.getCoder();
    Coder<K> keyCoder = PackByKey.checkKeys(coder.getKeyCoder(), "CallService");
    TupleTag<KV<K, Answered<V, R>>> answered = new TupleTag<>("answered") {};
    TupleTag<FailedCall<KV<K, V>>> failed = new TupleTag<>("failed") {};
    PCollectionTuple called =
        input.apply(
            "Call",
            ParDo.of(
                    new CallServiceFn<>(
                        UUID.randomUUID().toString(),
                        connector(),
                        calls(),
                        caching(),
                        isInner(),
                        keyCoder,
                        answered,
                        failed))
                .withOutputTags(answered, TupleTagList.of(failed)));
    return new CalledService<>(
        answered,
        called
            .get(answered)
            .setCoder(KvCoder.of(keyCoder, AnsweredCoder.of(coder.getValueCoder(), answerCoder()))),
        failed,
        called.get(failed).setCoder(FailedCallCoder.of(coder)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("service", connector().toString()))
        .add(DisplayData.item("batch", calls().batch()))
        .add(DisplayData.item("concurrency", calls().concurrency()))
        .add(DisplayData.item("timeoutMillis", calls().timeout().toMillis()))
        .add(DisplayData.item("retries", calls().retries()))
        .add(DisplayData.item("cacheMost", caching().most()))
        .add(DisplayData.item("cacheTimeToLiveMillis", caching().timeToLive().toMillis()))
        .add(
            DisplayData.item(
                "cacheAbsentTimeToLiveMillis", caching().absentTimeToLive().toMillis()))
        .add(DisplayData.item("inner", isInner()));
  }

  @AutoValue.Builder
  abstract static class Builder<K, V, R> {
    abstract Builder<K, V, R> setConnector(ServiceConnector<K, R> connector);

    abstract Builder<K, V, R> setAnswerCoder(Coder<R> coder);

    abstract Builder<K, V, R> setCalls(CallPolicy calls);

    abstract Builder<K, V, R> setCaching(CachePolicy caching);

    abstract Builder<K, V, R> setIsInner(boolean isInner);

    abstract CallService<K, V, R> build();
  }
}
