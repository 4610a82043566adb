package io.millrace.transforms.service;

import io.millrace.transforms.quality.RunCounter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.metrics.Distribution;

/**
 * What the calls of a JVM came to, by whichever thread; a bundle's thread hands it to the metrics,
 * which count for none but such.
 */
final class CallTally {
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();
  private final AtomicLong breakerOpened = new AtomicLong();
  private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();

  void called(long millis) {
    calls.incrementAndGet();
    latencies.add(millis);
  }

  void failed() {
    failures.incrementAndGet();
  }

  void retried() {
    retries.incrementAndGet();
  }

  void breakerOpened() {
    breakerOpened.incrementAndGet();
  }

  /** Hands over what was counted since the last time. */
  void handOver(Distribution latency) {
    RunCounter.named("service_calls").add(calls.getAndSet(0));
    RunCounter.named("service_calls_failed").add(failures.getAndSet(0));
    RunCounter.named("service_calls_retried").add(retries.getAndSet(0));
    RunCounter.named("service_breaker_opened").add(breakerOpened.getAndSet(0));
    for (Long millis = latencies.poll(); millis != null; millis = latencies.poll()) {
      latency.update(millis);
    }
  }
}
