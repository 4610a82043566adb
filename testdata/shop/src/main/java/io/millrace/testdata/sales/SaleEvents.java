package io.millrace.testdata.sales;

import io.millrace.testdata.sales.SaleEvent.Arrival;
import io.millrace.testdata.sales.SaleEvent.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes up purchases and payments of the sample shop, in the order in which they are sent: most at
 * once, one in ten after some that happened later, one in twenty late, one in fifty far too late,
 * and one in thirty twice.
 *
 * <p>Seed, begin, rate and how far it is asked decide all of it. For one thread.
 *
 * <pre>{@code
 * SaleEvents events = SaleEvents.of(42, begin, 100);
 * events.until(begin + 1_000).forEach(this::send);
 * events.rest().forEach(this::send);
 * }</pre>
 */
public final class SaleEvents {
  /** Milliseconds by which an event out of order is behind others, and a little more. */
  public static final long DISORDER = 2_000;

  /** Milliseconds by which a late event is behind others, and a little more. */
  public static final long LATENESS = 12_000;

  /** For so many milliseconds none is too late: to whoever begins to read, nothing is. */
  static final long UNTIL_TOO_LATE = 5_000;

  private static final int PRODUCTS = 40;
  private static final int CATEGORIES = 5;
  private static final int TILLS = 8;
  private static final int CUSTOMERS = 500;
  private static final long HOUR = 3_600_000;
  private static final List<String> COUNTRIES = List.of("de", "fr", "nl", "pl", "pt");

  private final SplittableRandom random;
  private final long begin;
  private final double perSecond;
  private final PriorityQueue<SaleEvent> due =
      new PriorityQueue<>(Comparator.comparingLong(SaleEvent::sendAt).thenComparing(SaleEvent::id));
  private long made;

  /**
   * Events from some time on.
   *
   * @param begin milliseconds since 1970
   * @param perSecond how many happen in a second
   */
  public static SaleEvents of(long seed, long begin, double perSecond) {
    return new SaleEvents(seed, begin, perSecond);
  }

  private SaleEvents(long seed, long begin, double perSecond) {
    this.random = new SplittableRandom(seed);
    this.begin = begin;
    this.perSecond = perSecond;
  }

  /** The events' contract, with the tables that are computed from them. */
  public static String contract() {
    return resource("sales.odcs.yaml");
  }

  private static String resource(String name) {
    try (InputStream input = SaleEvents.class.getResourceAsStream(name)) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the contract to a file; replaces what was there. */
  public static Path writeContract(Path file) {
    return write(file, contract());
  }

  /** Writes the rules about payments to a file; replaces what was there. */
  public static Path writeRules(Path file) {
    return write(file, resource("sales.rules.yaml"));
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** The next events, up to those that are to be sent before this time. */
  public List<SaleEvent> until(long time) {
    for (long now = nextTime(); now < time; now = nextTime()) {
      make(now);
      made++;
    }
    return sentBefore(time);
  }

  /** The events that have happened and were not yet to be sent. */
  public List<SaleEvent> rest() {
    return sentBefore(Long.MAX_VALUE);
  }

  private List<SaleEvent> sentBefore(long time) {
    List<SaleEvent> events = new ArrayList<>();
    while (!due.isEmpty() && due.peek().sendAt() < time) {
      events.add(due.remove());
    }
    return events;
  }

  private long nextTime() {
    return begin + (long) (made * 1_000 / perSecond);
  }

  private void make(long now) {
    Arrival arrival = arrival(now);
    long occurredAt = arrival == Arrival.TOO_LATE ? now - random.nextLong(HOUR / 6, HOUR) : now;
    long sendAt = now + delay(arrival);
    SaleEvent event =
        random.nextInt(10) < 6
            ? purchase(arrival, occurredAt, sendAt)
            : payment(arrival, occurredAt, sendAt);
    due.add(event);
    if (arrival != Arrival.TOO_LATE && random.nextInt(30) == 0) {
      due.add(event.again(random.nextLong(100, DISORDER)));
    }
  }

  private Arrival arrival(long now) {
    int chance = random.nextInt(100);
    if (chance < 10) {
      return Arrival.OUT_OF_ORDER;
    }
    if (chance < 15) {
      return Arrival.LATE;
    }
    return chance < 17 && now >= begin + UNTIL_TOO_LATE ? Arrival.TOO_LATE : Arrival.IN_ORDER;
  }

  private long delay(Arrival arrival) {
    return switch (arrival) {
      case IN_ORDER, TOO_LATE, AGAIN -> 0;
      case OUT_OF_ORDER -> random.nextLong(1, DISORDER);
      case LATE -> random.nextLong(2 * DISORDER, LATENESS);
    };
  }

  private SaleEvent purchase(Arrival arrival, long occurredAt, long sendAt) {
    String id = id();
    String till = "till-" + (1 + random.nextInt(TILLS));
    int product = oneOf(PRODUCTS);
    BigDecimal amount = amount();
    String json =
        """
        {"id":"%s","till":"%s","customer":%d,"product":"product %d","category":"category %d",        "country":"%s","amount":%s,"occurred_at":"%s","sent_at":"%s"}"""
            .formatted(
                id,
                till,
                oneOf(CUSTOMERS),
                product,
                product % CATEGORIES,
                COUNTRIES.get(random.nextInt(COUNTRIES.size())),
                amount,
                Instant.ofEpochMilli(occurredAt),
                Instant.ofEpochMilli(sendAt));
    return new SaleEvent(Kind.PURCHASE, arrival, id, occurredAt, sendAt, amount, "", till, json);
  }

  private SaleEvent payment(Arrival arrival, long occurredAt, long sendAt) {
    String id = id();
    int customer = oneOf(CUSTOMERS);
    String card = "card-" + customer;
    BigDecimal amount = amount();
    String status = random.nextInt(10) == 0 ? "declined" : "approved";
    String json =
        """
        {"id":"%s","card":"%s","customer":%d,"amount":%s,"status":"%s","occurred_at":"%s"}"""
            .formatted(id, card, customer, amount, status, Instant.ofEpochMilli(occurredAt));
    return new SaleEvent(Kind.PAYMENT, arrival, id, occurredAt, sendAt, amount, status, card, json);
  }

  private String id() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** From 1 on, the small ones more often. */
  private int oneOf(int count) {
    double uniform = random.nextDouble();
    return 1 + (int) (uniform * uniform * count);
  }

  /** From 1.00 to 1,000.00, each power of ten as often as the others. */
  private BigDecimal amount() {
    return BigDecimal.valueOf((long) Math.pow(10, 2 + random.nextDouble() * 3), 2);
  }
}
