package io.millrace.benchmarks.sales;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates sales of products, and the products' prices, in the order they come in: the same for
 * the same number of sales.
 *
 * <p>Each millisecond has five sales and, every other one, a new price; it holds for the sales of
 * its own millisecond, and no product has two in one. Of a hundred products ninety-nine have a
 * price from the beginning, and one gets it later or never. A tenth of all sales are of the first
 * hundredth of the products; prices change evenly. Each comes up to 999 ms late, and half of them
 * less than 250.
 */
public final class Sales {

  /** Takes what comes in. */
  public interface Output {
    /**
     * A sale.
     *
     * @param time milliseconds since 1970
     * @param id from 0
     */
    void sale(long time, long product, long id, long customer, int quantity) throws IOException;

    /**
     * A price from this time on.
     *
     * @param number from 1, in the order of the times
     */
    void price(long time, long product, long number, long cents) throws IOException;
  }

  /** Milliseconds by which something may be behind the newest, and a little more. */
  public static final long DISORDER = 1_000;

  static final long BEGIN = 1_735_689_600_000L;
  private static final int SALES_A_MILLISECOND = 5;
  private static final int NEW_PRODUCTS = 100;

  /** Hands over one thing that has come. */
  private interface Arrival {
    void arrive(Output output) throws IOException;
  }

  private final long events;
  private final SplittableRandom random = new SplittableRandom(42);
  private final List<List<Arrival>> late = new ArrayList<>();
  private final long[] numbers;
  private final long[] cents;
  private final SalesBook book = new SalesBook();
  private final SalesBook.Page answers = book.page();
  private long prices;

  /** So many sales. */
  public Sales(long events) {
    this.events = events;
    this.numbers = new long[products(events)];
    this.cents = new long[products(events)];
    for (int i = 0; i < DISORDER; i++) {
      late.add(new ArrayList<>());
    }
  }

  /** How many products there are; their numbers begin with 0. */
  public static int products(long events) {
    return (int) Math.min(10_000, Math.max(100, events / 200));
  }

  /** Hands over all sales and prices. */
  public void generate(Output output) throws IOException {
    for (int product = 0; product < numbers.length; product++) {
      if (product % NEW_PRODUCTS != NEW_PRODUCTS - 1) {
        price(BEGIN, product);
      }
    }
    long now = BEGIN;
    for (long id = 0; id < events; now++) {
      if (now % 2 == 1) {
        price(now, random.nextInt(numbers.length));
      }
      for (int i = 0; i < SALES_A_MILLISECOND && id < events; i++, id++) {
        sale(now, id);
      }
      flush(now, output);
    }
    for (int i = 0; i < DISORDER; i++) {
      flush(now + i, output);
    }
  }

  private void price(long time, int product) {
    long number = ++prices;
    long price = 1L + random.nextInt(100_000);
    numbers[product] = number;
    cents[product] = price;
    arrive(time, output -> output.price(time, product, number, price));
  }

  private void sale(long time, long id) {
    double uniform = random.nextDouble();
    int product = (int) (uniform * uniform * numbers.length);
    long customer = random.nextInt(1_000_000);
    int quantity = 1 + random.nextInt(9);
    answers.add(id, customer, quantity, numbers[product], cents[product]);
    arrive(time, output -> output.sale(time, product, id, customer, quantity));
  }

  private void arrive(long time, Arrival arrival) {
    double uniform = random.nextDouble();
    late.get((int) ((time + (long) (uniform * uniform * DISORDER)) % DISORDER)).add(arrival);
  }

  private void flush(long time, Output output) throws IOException {
    List<Arrival> due = late.get((int) (time % DISORDER));
    for (Arrival arrival : due) {
      arrival.arrive(output);
    }
    due.clear();
  }

  /** How many prices there were; after {@link #generate}. */
  public long prices() {
    return prices;
  }

  /** What is right in the end; after {@link #generate}. */
  public String answer() {
    return book.answer();
  }
}
