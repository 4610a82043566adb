package io.millrace.transforms.service;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One JVM's access to a service: a client, threads that call it, a breaker. What is called waits in
 * no queue: the caller waits for a place, so that the time of a call is the service's own.
 */
final class ServiceAccess<K, R> implements Closeable {
  /** When a breaker lets through one call at a time to see, others look again after this. */
  private static final Duration LEAST_WAIT = Duration.ofMillis(50);

  private static final double JITTER = 0.25;

  private final ServiceClient<K, R> client;
  private final ExecutorService threads;
  private final Semaphore places;
  private final CallTally tally = new CallTally();
  private final FailsafeExecutor<Map<K, R>> calls;

  ServiceAccess(String name, ServiceClient<K, R> client, CallPolicy policy) {
    this.client = client;
    places = new Semaphore(policy.concurrency());
    threads =
        Executors.newFixedThreadPool(
            policy.concurrency(),
            work -> {
              Thread thread = new Thread(work, "calls " + name);
              thread.setDaemon(true);
              return thread;
            });
    CircuitBreaker<Map<K, R>> breaker = breaker(policy);
    calls =
        Failsafe.with(
                waitForBreaker(breaker, policy.breakerLimit()),
                retry(policy),
                breaker,
                Timeout.<Map<K, R>>builder(policy.timeout()).withInterrupt().build())
            .with(threads)
            .onComplete(event -> places.release());
  }

  private CircuitBreaker<Map<K, R>> breaker(CallPolicy policy) {
    return CircuitBreaker.<Map<K, R>>builder()
        .handleIf(error -> !(error instanceof RefusedCallException))
        .withFailureThreshold(policy.breakerFailures(), policy.breakerCalls())
        .withDelay(policy.breakerDelay())
        .onOpen(event -> tally.breakerOpened())
        .build();
  }

  private RetryPolicy<Map<K, R>> retry(CallPolicy policy) {
    return RetryPolicy.<Map<K, R>>builder()
        .handleIf(
            error ->
                !(error instanceof RefusedCallException
                    || error instanceof CircuitBreakerOpenException))
        .withMaxRetries(policy.retries())
        .withBackoff(policy.firstDelay(), policy.lastDelay())
        .withJitter(JITTER)
        .onRetry(event -> tally.retried())
        .build();
  }

  private RetryPolicy<Map<K, R>> waitForBreaker(CircuitBreaker<Map<K, R>> breaker, Duration limit) {
    var policy = RetryPolicy.<Map<K, R>>builder().handle(CircuitBreakerOpenException.class);
    return limit.isZero()
        ? policy.withMaxRetries(0).build()
        : policy
            .withMaxRetries(-1)
            .withMaxDuration(limit)
            .withDelayFn(
                context -> {
                  Duration left = breaker.getRemainingDelay();
                  return left.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : left;
                })
            .build();
  }

  CallTally tally() {
    return tally;
  }

  /** Calls for keys as soon as there is a place. */
  CompletableFuture<Map<K, R>> call(List<K> keys) throws InterruptedException {
    places.acquire();
    return calls.getAsync(() -> callOnce(keys));
  }

  private Map<K, R> callOnce(List<K> keys) throws Exception {
    long start = System.nanoTime();
    try {
      return client.call(keys);
    } catch (Exception e) {
      tally.failed();
      throw e;
    } finally {
      tally.called(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    client.close();
  }
}
