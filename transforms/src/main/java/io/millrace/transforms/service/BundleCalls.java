package io.millrace.transforms.service;

import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.TimeoutExceededException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.coders.Coder;
import org.joda.time.Instant;

/**
 * The elements of a bundle, until they are answered: keys are gathered into batches, each key once,
 * and batches are called while others are gathered. All is done by the bundle's thread but the
 * calls themselves.
 */
final class BundleCalls<K, V, R> {
  private final Coder<K> keyCoder;
  private final int batchKeys;
  private final ServiceAccess<K, R> service;
  private final AnswerCache<R> cache;
  private final Output<K, V, R> out;

  /** What is asked for and not yet answered, by key. */
  private final Map<Object, Waiting<K, V>> waiting = new LinkedHashMap<>();

  private final Deque<Batch<K, R>> calls = new ArrayDeque<>();
  private List<K> gathered = new ArrayList<>();

  long cacheHits;
  long absentHits;
  long cacheMisses;

  /** Takes elements with their answers, or why there are none. */
  interface Output<K, V, R> {
    void answer(K key, V element, Instant timestamp, Optional<R> answer);

    void fail(K key, V element, Instant timestamp, FailedCall.Reason reason, String message);
  }

  private record Waiting<K, V>(K key, List<V> elements, List<Instant> timestamps) {}

  private record Batch<K, R>(List<K> keys, CompletableFuture<Map<K, R>> answers) {}

  BundleCalls(
      Coder<K> keyCoder,
      int batchKeys,
      ServiceAccess<K, R> service,
      AnswerCache<R> cache,
      Output<K, V, R> out) {
    this.keyCoder = keyCoder;
    this.batchKeys = batchKeys;
    this.service = service;
    this.cache = cache;
    this.out = out;
  }

  /** Answers an element if its key's answer is known, and else has it asked for. */
  void add(K key, V element, Instant timestamp) throws InterruptedException {
    Object id = keyCoder.structuralValue(key);
    Optional<R> known = cache.find(id);
    if (known != null) {
      cacheHits++;
      absentHits += known.isEmpty() ? 1 : 0;
      out.answer(key, element, timestamp, known);
      return;
    }
    Waiting<K, V> others = waiting.get(id);
    if (others == null) {
      cacheMisses++;
      others = new Waiting<>(key, new ArrayList<>(), new ArrayList<>());
      waiting.put(id, others);
      gathered.add(key);
    }
    others.elements().add(element);
    others.timestamps().add(timestamp);
    if (gathered.size() >= batchKeys) {
      send();
      while (!calls.isEmpty() && calls.peek().answers().isDone()) {
        settle(calls.remove());
      }
    }
  }

  /** Waits for all that was asked for. */
  void finish() throws InterruptedException {
    if (!gathered.isEmpty()) {
      send();
    }
    while (!calls.isEmpty()) {
      settle(calls.remove());
    }
  }

  /** Gives up what a bundle that failed has left. */
  void abandon() {
    calls.forEach(call -> call.answers().cancel(true));
    calls.clear();
    waiting.clear();
    gathered = new ArrayList<>();
  }

  private void send() throws InterruptedException {
    send(gathered);
    gathered = new ArrayList<>();
  }

  private void send(List<K> keys) throws InterruptedException {
    calls.add(new Batch<>(keys, service.call(List.copyOf(keys))));
  }

  private void settle(Batch<K, R> batch) throws InterruptedException {
    try {
      answer(batch.keys(), batch.answers().get());
    } catch (ExecutionException e) {
      Throwable error = e.getCause();
      if (error instanceof RefusedCallException && batch.keys().size() > 1) {
        int half = batch.keys().size() / 2;
        send(batch.keys().subList(0, half));
        send(batch.keys().subList(half, batch.keys().size()));
        return;
      }
      batch.keys().forEach(key -> fail(key, error));
    }
  }

  private void answer(List<K> keys, Map<K, R> answers) {
    Map<Object, R> byId = new LinkedHashMap<>();
    answers.forEach((key, answer) -> byId.put(keyCoder.structuralValue(key), answer));
    for (K key : keys) {
      Object id = keyCoder.structuralValue(key);
      Optional<R> answer = Optional.ofNullable(byId.get(id));
      cache.remember(id, answer);
      Waiting<K, V> answered = waiting.remove(id);
      for (int i = 0; i < answered.elements().size(); i++) {
        out.answer(
            answered.key(), answered.elements().get(i), answered.timestamps().get(i), answer);
      }
    }
  }

  private void fail(K key, Throwable error) {
    FailedCall.Reason reason = reason(error);
    Waiting<K, V> failed = waiting.remove(keyCoder.structuralValue(key));
    for (int i = 0; i < failed.elements().size(); i++) {
      out.fail(
          failed.key(),
          failed.elements().get(i),
          failed.timestamps().get(i),
          reason,
          message(reason, error));
    }
  }

  private static FailedCall.Reason reason(Throwable error) {
    if (error instanceof RefusedCallException) {
      return FailedCall.Reason.REFUSED;
    }
    if (error instanceof CircuitBreakerOpenException) {
      return FailedCall.Reason.UNAVAILABLE;
    }
    return error instanceof TimeoutExceededException
        ? FailedCall.Reason.TIMED_OUT
        : FailedCall.Reason.FAILED;
  }

  private static String message(FailedCall.Reason reason, Throwable error) {
    return switch (reason) {
      case UNAVAILABLE -> "the service failed so often that it was not asked any more";
      case TIMED_OUT -> "the call took too long";
      case FAILED, REFUSED -> error.toString();
    };
  }
}
