package io.millrace.benchmarks.harness;

/** Looks again and again, while a run goes on, at what is alive on the heap. */
final class LiveHeap implements AutoCloseable {
  private static final long PERIOD_MILLIS = 250;

  private final HeapMeter meter;
  private final Thread thread = new Thread(this::watch, "live-heap");
  private volatile boolean ended;
  private volatile long most;

  LiveHeap(HeapMeter meter) {
    this.meter = meter;
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!ended) {
        most = Math.max(most, meter.collect());
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The most that a full collection left. */
  long most() {
    return most;
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
