package io.millrace.benchmarks.warehouse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A row of orders as a change leaves it. The same rows for the same number; each key is changed
 * three times and a bit, none more often than others by more than chance; in the order of their
 * commits.
 *
 * @param amount with two decimal places
 * @param createdAt ISO-8601 with microseconds, as Debezium writes a {@code timestamptz}
 */
public record OrderRow(
    long id,
    long customer,
    String status,
    String email,
    String note,
    String amount,
    int quantity,
    boolean active,
    String createdAt,
    String updatedAt)
    implements java.io.Serializable {
  /** The columns, each a name and a type of PostgreSQL; the first is the key. */
  static final List<String> COLUMNS =
      List.of(
          "id bigint",
          "customer_id bigint",
          "status varchar(20)",
          "email text",
          "note text",
          "amount numeric(12,2)",
          "quantity integer",
          "active boolean",
          "created_at timestamptz",
          "updated_at timestamptz");

  private static final String[] STATES = {"new", "paid", "packed", "shipped", "delivered"};
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MOST_CENTS = 9_000_000;

  /** How many keys so many changes have. */
  static long keys(long count) {
    return Math.max(1, count * 3 / 10);
  }

  /** The changes' rows, in their order. */
  public static List<OrderRow> generate(long count) {
    SplittableRandom random = new SplittableRandom(42);
    List<OrderRow> rows = new ArrayList<>((int) count);
    for (long i = 0; i < count; i++) {
      long id = 1 + random.nextLong(keys(count));
      int cents = random.nextInt(MOST_CENTS);
      rows.add(
          new OrderRow(
              id,
              1_000_000 + random.nextInt(50_000),
              STATES[random.nextInt(STATES.length)],
              "customer" + id % 50_000 + "@example.com",
              "left at the door, item " + random.nextInt(1_000_000) + " of order " + id,
              String.format(Locale.ROOT, "%d.%02d", cents / 100, cents % 100),
              1 + random.nextInt(20),
              random.nextInt(4) > 0,
              BEGIN.plusSeconds(id).plusNanos(123_456_000).toString(),
              BEGIN.plusSeconds(200_000).plusNanos((i * 100_000 + 1) * 1_000).toString()));
    }
    return rows;
  }

  /** The row in Debezium's JSON. */
  String json() {
    return "{\"id\":"
        + id
        + ",\"customer_id\":"
        + customer
        + ",\"status\":\""
        + status
        + "\",\"email\":\""
        + email
        + "\",\"note\":\""
        + note
        + "\",\"amount\":\""
        + amount
        + "\",\"quantity\":"
        + quantity
        + ",\"active\":"
        + active
        + ",\"created_at\":\""
        + createdAt
        + "\",\"updated_at\":\""
        + updatedAt
        + "\"}";
  }

  /** The row as a line of COPY's text format; nothing in it needs escaping. */
  String line() {
    return String.join(
            "\t",
            Long.toString(id),
            Long.toString(customer),
            status,
            email,
            note,
            amount,
            Integer.toString(quantity),
            Boolean.toString(active),
            createdAt,
            updatedAt)
        + "\n";
  }
}
