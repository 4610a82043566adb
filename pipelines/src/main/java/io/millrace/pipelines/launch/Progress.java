package io.millrace.pipelines.launch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Tells every few seconds how far a run is, and in the end what it did. */
final class Progress implements AutoCloseable {
  private final PrintStream out;
  private final Counts before = Counts.now();
  private final long start = System.nanoTime();
  private final CountDownLatch closed = new CountDownLatch(1);
  private Counts last = before;
  private long lastTime = start;

  /** Begins; prints a line every so many seconds, or none if 0. */
  static Progress start(PrintStream out, int seconds) {
    Progress progress = new Progress(out);
    if (seconds > 0) {
      Thread thread = new Thread(() -> progress.tellEvery(seconds), "progress");
      thread.setDaemon(true);
      thread.start();
    }
    return progress;
  }

  private Progress(PrintStream out) {
    this.out = out;
  }

  /** What was counted since the beginning. */
  Counts counts() {
    return Counts.now().since(before);
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void tellEvery(int seconds) {
    try {
      while (!closed.await(seconds, TimeUnit.SECONDS)) {
        tell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell() {
    Counts now = Counts.now();
    long time = System.nanoTime();
    Duration since = Duration.ofNanos(time - lastTime);
    Counts latest = now.since(last);
    last = now;
    lastTime = time;
    String incoming = now.since(before).incoming();
    String counts =
        now.since(before).titled().entrySet().stream()
            .map(count -> Counts.grouped(count.getValue()) + " " + count.getKey())
            .collect(Collectors.joining(", "));
    out.printf(
        "%s  %s %s/s in, %s rows/s out%s%s%n",
        clockTime(elapsed()),
        Counts.grouped(rate(latest.of(incoming), since)),
        Counts.noun(incoming),
        Counts.grouped(rate(latest.rows(), since)),
        counts.isEmpty() ? "" : "; ",
        counts);
  }

  /** So many a second. */
  static long rate(long count, Duration time) {
    return Math.round(count * 1e9 / Math.max(1, time.toNanos()));
  }

  /** Hours, minutes and seconds. */
  static String clockTime(Duration time) {
    return String.format(
        Locale.ROOT, "%02d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** No more lines. */
  @Override
  public void close() {
    closed.countDown();
  }
}
