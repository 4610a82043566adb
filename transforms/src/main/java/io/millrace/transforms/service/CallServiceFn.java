package io.millrace.transforms.service;

import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.quality.RunCounter;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Asks a service for the keys of each bundle, and hands on all of it before the bundle ends. */
final class CallServiceFn<K, V, R> extends DoFn<KV<K, V>, KV<K, Answered<V, R>>> {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final ServiceConnector<K, R> connector;
  private final CallPolicy calls;
  private final CachePolicy caching;
  private final boolean isInner;
  private final Coder<K> keyCoder;
  private final TupleTag<KV<K, Answered<V, R>>> answeredTag;
  private final TupleTag<FailedCall<KV<K, V>>> failedTag;
  private final RunCounter hits = RunCounter.named("service_cache_hits");
  private final RunCounter absentHits = RunCounter.named("service_cache_absent_hits");
  private final RunCounter misses = RunCounter.named("service_cache_misses");
  private final RunCounter unanswered = RunCounter.named("service_elements_without_answer");
  private final RunCounter failed = RunCounter.named("service_elements_failed");
  private final Distribution latency =
      Metrics.distribution(RunCounter.NAMESPACE, "service_call_millis");

  private transient SharedAccess<K, R> shared;
  private transient BundleCalls<K, V, R> bundle;
  private transient Sink<K, V, R> sink;
  private transient long bundleUnanswered;
  private transient long bundleFailed;

  /** Where the runner takes elements at the moment: while one comes, or at the bundle's end. */
  private interface Sink<K, V, R> {
    void answered(KV<K, Answered<V, R>> element, Instant timestamp);

    void failed(FailedCall<KV<K, V>> element, Instant timestamp);
  }

  CallServiceFn(
      String id,
      ServiceConnector<K, R> connector,
      CallPolicy calls,
      CachePolicy caching,
      boolean isInner,
      Coder<K> keyCoder,
      TupleTag<KV<K, Answered<V, R>>> answeredTag,
      TupleTag<FailedCall<KV<K, V>>> failedTag) {
    this.id = id;
    this.connector = connector;
    this.calls = calls;
    this.caching = caching;
    this.isInner = isInner;
    this.keyCoder = keyCoder;
    this.answeredTag = answeredTag;
    this.failedTag = failedTag;
  }

  @Setup
  public void setup() {
    shared = SharedAccess.acquire(id, connector, calls, caching);
  }

  @StartBundle
  public void startBundle() {
    if (bundle != null) {
      bundle.abandon();
    }
    bundle =
        new BundleCalls<>(
            keyCoder, calls.batch(), shared.service(), shared.cache(), new Outcomes());
    bundleUnanswered = 0;
    bundleFailed = 0;
  }

  @ProcessElement
  public void process(
      @Element KV<K, V> element, @Timestamp Instant timestamp, MultiOutputReceiver out)
      throws InterruptedException {
    sink =
        new Sink<>() {
          @Override
          public void answered(KV<K, Answered<V, R>> answered, Instant time) {
            out.get(answeredTag).outputWithTimestamp(answered, time);
          }

          @Override
          public void failed(FailedCall<KV<K, V>> call, Instant time) {
            out.get(failedTag).outputWithTimestamp(call, time);
          }
        };
    bundle.add(element.getKey(), element.getValue(), timestamp);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws InterruptedException {
    sink =
        new Sink<>() {
          @Override
          public void answered(KV<K, Answered<V, R>> answered, Instant time) {
            context.output(answeredTag, answered, time, GlobalWindow.INSTANCE);
          }

          @Override
          public void failed(FailedCall<KV<K, V>> call, Instant time) {
            context.output(failedTag, call, time, GlobalWindow.INSTANCE);
          }
        };
    bundle.finish();
    hits.add(bundle.cacheHits);
    absentHits.add(bundle.absentHits);
    misses.add(bundle.cacheMisses);
    unanswered.add(bundleUnanswered);
    failed.add(bundleFailed);
    shared.service().tally().handOver(latency);
    bundle = null;
  }

  @Teardown
  public void teardown() {
    if (bundle != null) {
      bundle.abandon();
    }
    if (shared != null) {
      shared.release();
    }
  }

  private final class Outcomes implements BundleCalls.Output<K, V, R> {
    @Override
    public void answer(K key, V element, Instant timestamp, Optional<R> answer) {
      bundleUnanswered += answer.isEmpty() ? 1 : 0;
      if (answer.isPresent() || !isInner) {
        sink.answered(KV.of(key, new Answered<>(element, answer.orElse(null))), timestamp);
      }
    }

    @Override
    public void fail(
        K key, V element, Instant timestamp, FailedCall.Reason reason, String message) {
      bundleFailed++;
      sink.failed(new FailedCall<>(KV.of(key, element), reason, message), timestamp);
    }
  }

  /** Elements wait within their bundle, while which the runner holds its watermark. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
