package io.millrace.transforms.service;

import java.io.Serializable;
import java.time.Duration;

/**
 * Which answers a JVM remembers.
 *
 * @param most of them
 * @param timeToLive of an answer; zero if none is remembered
 * @param absentTimeToLive of what has no answer; zero if it is not remembered
 */
record CachePolicy(long most, Duration timeToLive, Duration absentTimeToLive)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  static final CachePolicy DEFAULT =
      new CachePolicy(100_000, Duration.ofMinutes(10), Duration.ofMinutes(1));

  CachePolicy {
    if (most < 0 || timeToLive.isNegative() || absentTimeToLive.isNegative()) {
      throw new IllegalArgumentException(
          "a cache's size and times to live must be 0 or more, got %s, %s and %s"
              .formatted(most, timeToLive, absentTimeToLive));
    }
  }
}
