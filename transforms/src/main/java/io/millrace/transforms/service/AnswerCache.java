package io.millrace.transforms.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The answers that a JVM remembers, also that there is none. */
final class AnswerCache<R> {
  private final CachePolicy policy;
  private final Cache<Object, Optional<R>> answers;

  AnswerCache(CachePolicy policy, Ticker ticker) {
    this.policy = policy;
    answers =
        Caffeine.newBuilder()
            .maximumSize(policy.most())
            .expireAfter(Expiry.<Object, Optional<R>>writing((key, answer) -> timeToLive(answer)))
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** What is remembered of a key; null if nothing is. */
  @SuppressWarnings("NullableOptional") // Known to have no answer is not the same as not known.
  @Nullable Optional<R> find(Object key) {
    return answers.getIfPresent(key);
  }

  void remember(Object key, Optional<R> answer) {
    if (!timeToLive(answer).isZero()) {
      answers.put(key, answer);
    }
  }

  private Duration timeToLive(Optional<R> answer) {
    return answer.isPresent() ? policy.timeToLive() : policy.absentTimeToLive();
  }
}
