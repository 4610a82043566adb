package io.millrace.benchmarks.readings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many sums came out, and a checksum over all of them: what every contestant's sink writes to,
 * so that all pay the same for being checked.
 */
public final class WindowBook {
  private static volatile WindowBook shared = new WindowBook();

  private final List<Page> pages = new ArrayList<>();

  /** One writer's part; only one thread may write to it. */
  public static final class Page {
    private long windows;
    private long checksum;

    private Page() {}

    /**
     * Takes a sum.
     *
     * @param start the window's first millisecond; of a session, the first reading's
     * @param end the millisecond behind its last
     */
    public void add(int sensor, long start, long end, long sum) {
      windows++;
      checksum += mix(mix(mix(mix(sensor) + start) + end) + sum);
    }
  }

  /** The book that this JVM's sinks write to. */
  public static WindowBook shared() {
    return shared;
  }

  /** Gives this JVM's sinks an empty book. */
  public static void renew() {
    shared = new WindowBook();
  }

  /** A page for one more writer. */
  public synchronized Page page() {
    Page page = new Page();
    pages.add(page);
    return page;
  }

  /** The number of sums, and their checksum; when all writers have ended. */
  public synchronized String answer() {
    return String.format(
        Locale.ROOT,
        "%,d sums, checksum %016x",
        pages.stream().mapToLong(page -> page.windows).sum(),
        pages.stream().mapToLong(page -> page.checksum).sum());
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
