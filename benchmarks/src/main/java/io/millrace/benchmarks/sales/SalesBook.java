package io.millrace.benchmarks.sales;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many sales came out with their prices, and a checksum over all of them: what every
 * contestant's sink writes to, so that all pay the same for being checked.
 */
public final class SalesBook {
  private static volatile SalesBook shared = new SalesBook();

  private final List<Page> pages = new CopyOnWriteArrayList<>();

  /** One writer's part; only one thread may write to it. */
  public static final class Page {
    private final AtomicLong sales = new AtomicLong();
    private long priced;
    private long checksum;

    private Page() {}

    /**
     * Takes a sale with its price.
     *
     * @param id negative for what only moves time on, and is not counted
     * @param number the price's, 0 if there was none
     */
    public void add(long id, long customer, int quantity, long number, long cents) {
      if (id < 0) {
        return;
      }
      priced += number == 0 ? 0 : 1;
      checksum += mix(mix(mix(mix(id) + customer) + number) + quantity * cents);
      sales.lazySet(sales.get() + 1);
    }
  }

  /** The book that this JVM's sinks write to. */
  public static SalesBook shared() {
    return shared;
  }

  /** Gives this JVM's sinks an empty book. */
  public static void renew() {
    shared = new SalesBook();
  }

  /** A page for one more writer. */
  public Page page() {
    Page page = new Page();
    pages.add(page);
    return page;
  }

  /** How many sales have come out so far. */
  public long sales() {
    return pages.stream().mapToLong(page -> page.sales.get()).sum();
  }

  /** The number of sales, and their checksum; when all writers have ended. */
  public String answer() {
    return String.format(
        Locale.ROOT,
        "%,d sales, %,d of them with a price, checksum %016x",
        sales(),
        pages.stream().mapToLong(page -> page.priced).sum(),
        pages.stream().mapToLong(page -> page.checksum).sum());
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
