package io.millrace.transforms.service;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a service is treated.
 *
 * @param batch of keys that one call asks for, at most
 * @param concurrency how many calls there are at a time in a JVM, at most
 * @param timeout of a call
 * @param retries of a call that failed, at most
 * @param firstDelay before the first of them; it doubles with each, and a quarter of it is chance
 * @param lastDelay that it does not exceed
 * @param breakerFailures of the last {@code breakerCalls} calls after which no more are made
 * @param breakerDelay until one is tried again
 * @param breakerLimit how long keys wait for that before they fail
 */
record CallPolicy(
    int batch,
    int concurrency,
    Duration timeout,
    int retries,
    Duration firstDelay,
    Duration lastDelay,
    int breakerFailures,
    int breakerCalls,
    Duration breakerDelay,
    Duration breakerLimit)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  static final CallPolicy DEFAULT =
      new CallPolicy(
          100,
          8,
          Duration.ofSeconds(10),
          3,
          Duration.ofMillis(200),
          Duration.ofSeconds(10),
          10,
          20,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));

  CallPolicy {
    require("a batch", batch, 1);
    require("the concurrency", concurrency, 1);
    require("the timeout in milliseconds", timeout.toMillis(), 1);
    require("the number of retries", retries, 0);
    require("the first delay in milliseconds", firstDelay.toMillis(), 1);
    require("the last delay in milliseconds", lastDelay.toMillis(), firstDelay.toMillis() + 1);
    require("the breaker's failures", breakerFailures, 1);
    require("the breaker's calls", breakerCalls, breakerFailures);
    require("the breaker's delay in milliseconds", breakerDelay.toMillis(), 1);
    require("the breaker's limit in milliseconds", breakerLimit.toMillis(), 0);
  }

  private static void require(String what, long number, long least) {
    if (number < least) {
      throw new IllegalArgumentException(what + " must be " + least + " or more, got " + number);
    }
  }

  CallPolicy withBatch(int keys) {
    return new CallPolicy(
        keys,
        concurrency,
        timeout,
        retries,
        firstDelay,
        lastDelay,
        breakerFailures,
        breakerCalls,
        breakerDelay,
        breakerLimit);
  }

  CallPolicy withConcurrency(int calls) {
    return new CallPolicy(
        batch,
        calls,
        timeout,
        retries,
        firstDelay,
        lastDelay,
        breakerFailures,
        breakerCalls,
        breakerDelay,
        breakerLimit);
  }

  CallPolicy withTimeout(Duration time) {
    return new CallPolicy(
        batch,
        concurrency,
        time,
        retries,
        firstDelay,
        lastDelay,
        breakerFailures,
        breakerCalls,
        breakerDelay,
        breakerLimit);
  }

  CallPolicy withRetries(int times, Duration first, Duration last) {
    return new CallPolicy(
        batch,
        concurrency,
        timeout,
        times,
        first,
        last,
        breakerFailures,
        breakerCalls,
        breakerDelay,
        breakerLimit);
  }

  CallPolicy withBreaker(int failures, int calls, Duration delay, Duration limit) {
    return new CallPolicy(
        batch, concurrency, timeout, retries, firstDelay, lastDelay, failures, calls, delay, limit);
  }
}
