package io.millrace.pipelines.audit;

import java.time.Duration;

/** The clock, and waiting by it. */
interface Timing {
  /** The clock of this machine. */
  Timing SYSTEM =
      new Timing() {
        @Override
        public Duration now() {
          return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  /** The time since some moment that stays the same. */
  Duration now();

  void sleep(Duration time) throws InterruptedException;
}
