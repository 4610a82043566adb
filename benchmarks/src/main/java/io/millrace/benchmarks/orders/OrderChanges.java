package io.millrace.benchmarks.orders;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates Debezium's events of a table of orders, as its connector for PostgreSQL sends them by
 * default (no schema block, no transaction block, old rows with their key only), in the order they
 * come in: the same for the same number of events.
 *
 * <p>About 480 bytes each; one key for ten events, some changed far more often than others; 9 % are
 * deletes, and a key comes back after its delete; 1 % come twice; 5 % come up to 1,000 places late.
 */
public final class OrderChanges {

  /** Takes events. */
  @FunctionalInterface
  public interface Output {
    /**
     * An event.
     *
     * @param id the order's
     * @param value JSON in UTF-8
     */
    void accept(long id, byte[] value) throws IOException;
  }

  private record Event(long id, String value) {}

  private static final int FARTHEST = 1_000;
  private static final double DUPLICATES = 0.01;
  private static final double DISPLACED = 0.05;

  /** Of the changes of orders that are there; with those that come back it makes 9 % of all. */
  private static final double DELETES = 0.099;

  private static final String[] STATES = {"placed", "paid", "packed", "shipped", "delivered"};
  private static final String[] CURRENCIES = {"EUR", "USD", "GBP", "JPY"};
  private static final String WORDS =
      "ring twice, leave with the neighbour, fragile, gift wrap, no substitutes, call before";
  private static final long BEGIN_MILLIS = 1_777_593_600_000L;

  private final long events;
  private final boolean twentyEach;
  private final SplittableRandom random = new SplittableRandom(42);
  private final SplittableRandom disorder = new SplittableRandom(43);
  private final OrderBook answer;
  private final boolean[] live;
  private final List<List<Event>> late = new ArrayList<>();
  private long lsn = 26_000_000_000L;
  private long lastCommitLsn = lsn;
  private long leftInTransaction;
  private long transaction = 750_000;

  /**
   * A stream.
   *
   * @param events how many in all, duplicates included
   */
  public OrderChanges(long events) {
    this(events, false);
  }

  /** A stream of which each order has some twenty changes. */
  public static OrderChanges twentyEach(long events) {
    return new OrderChanges(events, true);
  }

  private OrderChanges(long events, boolean twentyEach) {
    this.events = events;
    this.twentyEach = twentyEach;
    this.answer = new OrderBook(keys(events));
    this.live = new boolean[keys(events) + 1];
    for (int i = 0; i <= FARTHEST; i++) {
      late.add(new ArrayList<>());
    }
  }

  /** How many orders there can be; their ids are 1 to this. */
  public static int keys(long events) {
    return (int) Math.max(100, events / 10);
  }

  /** The orders' data contract. */
  public static String contract() {
    return """
        apiVersion: v3.0.2
        kind: DataContract
        id: orders
        name: Orders
        version: 1.0.0
        status: active
        schema:
          - name: orders
            physicalName: public.orders
            physicalType: table
            properties:
              - {name: id, logicalType: integer, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1, required: true}
              - {name: customer_id, logicalType: integer, physicalType: bigint}
              - {name: status, logicalType: string, physicalType: varchar(12)}
              - {name: amount, logicalType: number, physicalType: "numeric(12,2)"}
              - {name: currency, logicalType: string, physicalType: varchar(3)}
              - {name: placed_at, logicalType: date, physicalType: timestamptz}
              - {name: updated_at, logicalType: date, physicalType: timestamp}
              - {name: note, logicalType: string, physicalType: varchar(100)}
        """;
  }

  /** Hands over all events. */
  public void generate(Output output) throws IOException {
    long made = 0;
    long place = 0;
    while (made < events) {
      Event event = next();
      made++;
      later(place, disorder.nextDouble() < DISPLACED, event);
      if (made < events && disorder.nextDouble() < DUPLICATES) {
        made++;
        later(place, true, event);
      }
      flush(place, output);
      place++;
    }
    for (int i = 0; i < FARTHEST; i++) {
      flush(place + i, output);
    }
  }

  private void later(long place, boolean displaced, Event event) {
    long slot = displaced ? place + 1 + disorder.nextInt(FARTHEST) : place;
    late.get((int) (slot % late.size())).add(event);
  }

  private void flush(long place, Output output) throws IOException {
    List<Event> due = late.get((int) (place % late.size()));
    for (Event event : due) {
      output.accept(event.id, event.value.getBytes(StandardCharsets.UTF_8));
    }
    due.clear();
  }

  /** What is right in the end; after {@link #generate}. */
  public String answer() {
    return answer.answer();
  }

  private Event next() {
    long id = id();
    if (leftInTransaction == 0) {
      leftInTransaction = 1L + random.nextInt(3);
      lastCommitLsn = lsn;
      transaction++;
    }
    leftInTransaction--;
    lsn += 60L + random.nextInt(400);
    boolean known = live[(int) id];
    boolean delete = known && random.nextDouble() < DELETES;
    live[(int) id] = !delete;
    answer.put(id, lastCommitLsn, 1, lsn, 0, delete);
    char operation = delete ? 'd' : known ? 'u' : 'c';
    return new Event(id, value(id, operation));
  }

  /** Few orders have many changes; neighbours in rank are not neighbours in number. */
  private long id() {
    int keys = live.length - 1;
    double uniform = random.nextDouble();
    if (twentyEach) {
      return 1 + (long) (Math.max(1, events / 20) * uniform);
    }
    long rank = (long) (keys * uniform * uniform * uniform);
    return 1 + rank * 7_919 % keys;
  }

  private String value(long id, char operation) {
    long millis = BEGIN_MILLIS + (lsn - 26_000_000_000L) / 100;
    StringBuilder json = new StringBuilder(640);
    json.append("{\"before\":");
    if (operation == 'd') {
      json.append("{\"id\":").append(id);
      json.append(",\"customer_id\":null,\"status\":null,\"amount\":null,\"currency\":null");
      json.append(",\"placed_at\":null,\"updated_at\":null,\"note\":null},\"after\":null");
    } else {
      json.append("null,\"after\":");
      row(json, id, millis);
    }
    json.append(",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\"");
    json.append(",\"name\":\"shop\",\"ts_ms\":").append(millis);
    json.append(",\"snapshot\":\"false\",\"db\":\"shop\",\"sequence\":\"[\\\"");
    json.append(lastCommitLsn).append("\\\",\\\"").append(lsn);
    json.append("\\\"]\",\"schema\":\"public\",\"table\":\"orders\",\"txId\":").append(transaction);
    json.append(",\"lsn\":").append(lsn).append("},\"op\":\"").append(operation);
    json.append("\",\"ts_ms\":").append(millis + 211).append(",\"transaction\":null}");
    return json.toString();
  }

  private void row(StringBuilder json, long id, long millis) {
    json.append("{\"id\":").append(id);
    json.append(",\"customer_id\":").append(1_000 + id / 7);
    json.append(",\"status\":\"").append(STATES[random.nextInt(STATES.length)]);
    json.append("\",\"amount\":\"").append(1 + random.nextInt(9_999)).append('.');
    json.append(10 + random.nextInt(90));
    json.append("\",\"currency\":\"").append(CURRENCIES[(int) (id % CURRENCIES.length)]);
    json.append("\",\"placed_at\":\"2026-04-").append(10 + id % 20).append('T');
    json.append(10 + id % 12)
        .append(':')
        .append(10 + id % 50)
        .append(":07.")
        .append(100_000 + id % 900_000);
    json.append("Z\",\"updated_at\":").append(millis).append(100 + random.nextInt(900));
    int start = random.nextInt(40);
    json.append(",\"note\":\"").append(WORDS, start, start + 4 + random.nextInt(12)).append("\"}");
  }
}
