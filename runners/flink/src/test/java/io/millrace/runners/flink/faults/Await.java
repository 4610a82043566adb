package io.millrace.runners.flink.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what can be seen, never for time to pass. */
final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(100);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** A look at the world. */
  interface Look {
    /** What is there instead of what is awaited; empty once that is there. */
    Optional<String> missing() throws Exception;
  }

  /**
   * Looks again and again until nothing is missing.
   *
   * @param what is awaited, for the failure
   * @param logs their ends, for the failure
   */
  static void until(String what, Look look, Supplier<String> logs) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Optional<String> missing = look.missing();
    while (missing.isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited %d s for this: %s; seen last: %s%s"
                .formatted(LIMIT.toSeconds(), what, missing.get(), logs.get()));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting for this: " + what);
      }
      missing = look.missing();
    }
  }

  private Await() {}
}
