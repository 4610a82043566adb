package io.millrace.testdata.shop;

import io.millrace.testdata.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes the sample shop as a busy application would, in all the ways that make replication hard.
 *
 * <p>Inserts (also of keys that were deleted before), updates, deletes, changes of primary keys,
 * updates that leave a wide column alone, transactions of many rows over several tables,
 * rolled-back ones, a transaction that stays open while others commit, and one truncate of {@code
 * addresses}, which is then filled again.
 *
 * <p>Somebody may add, rename, drop and retype columns meanwhile: the next transaction writes them
 * as they are, gives values to those that were added, and sometimes one that only the new type
 * holds to those that were retyped. An open long transaction ends early if one waits for it.
 *
 * <p>The seed decides what happens: after the same calls of {@link #fill} and {@link #run(long)}
 * the tables are the same, on every machine, if they were empty at first. {@link #run(Duration,
 * double)} also stops by the clock, so its end differs when the database is slower than the rate.
 *
 * <p>For one thread, except {@link #stop} and {@link #changes}.
 *
 * <pre>{@code
 * Shop.create(source);
 * try (ShopWorkload workload = ShopWorkload.on(source, 42)) {
 *   workload.fill(500);
 *   workload.openLongTransaction();
 *   ... // start Debezium: its snapshot does not see what the transaction wrote
 *   workload.run(Duration.ofSeconds(60), 200);
 * }
 * }</pre>
 */
public final class ShopWorkload implements AutoCloseable {
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final double COMMIT_FIRST = 0.15;
  private static final double OPEN_SECOND = 0.35;
  private static final double TRUNCATE = 0.5;
  private static final double COMMIT_SECOND = 0.65;

  private final Database source;
  private final Connection connection;
  private final Values values;
  private final Customers customers = new Customers();
  private final Addresses addresses = new Addresses();
  private final Products products = new Products();
  private final Orders orders = new Orders();
  private final OrderLines orderLines = new OrderLines();
  private final List<Entity<?>> entities =
      List.of(customers, addresses, products, orders, orderLines);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private LongTransaction longTransaction;
  private final AtomicLong changes = new AtomicLong();

  /** A workload on a shop whose tables exist; it goes on from the rows that are there. */
  public static ShopWorkload on(Database source, long seed) throws SQLException {
    return new ShopWorkload(source, seed);
  }

  private ShopWorkload(Database source, long seed) throws SQLException {
    this.source = source;
    this.connection = source.connect();
    this.values = new Values(new SplittableRandom(seed));
    connection.setAutoCommit(false);
    begin();
    for (Entity<?> entity : entities) {
      entity.load(connection);
    }
    connection.commit();
  }

  /** Fills the tables: as many customers as said, half as many addresses, and so on. */
  public void fill(int size) throws SQLException {
    begin();
    insert(customers, size);
    insert(addresses, Math.max(1, size / 2));
    insert(products, Math.max(1, size / 4));
    insert(orders, size);
    insert(orderLines, 2 * size);
    connection.commit();
  }

  /**
   * Writes to every table but {@code addresses} in a transaction that stays open until {@link
   * #commitLongTransaction} or the first part of a run is over.
   */
  public void openLongTransaction() throws SQLException {
    if (longTransaction == null) {
      List<Entity<?>> without = List.of(customers, products, orders, orderLines);
      longTransaction = new LongTransaction(source.connect(), without, values);
    }
  }

  /** Commits the open transaction, if there is one. */
  public void commitLongTransaction() throws SQLException {
    if (longTransaction != null) {
      changes.addAndGet(longTransaction.commit());
      longTransaction.close();
      longTransaction = null;
    }
  }

  /** Makes at least this many changes, as fast as the database takes them. */
  public void run(long total) throws SQLException {
    run(total, NO_LIMIT, Double.POSITIVE_INFINITY);
  }

  /** Makes this many changes a second for this long. */
  public void run(Duration time, double changesPerSecond) throws SQLException {
    long total = Math.max(1, Math.round(changesPerSecond * time.toMillis() / 1_000));
    run(total, time.toNanos(), changesPerSecond);
  }

  private void run(long total, long limitNanos, double changesPerSecond) throws SQLException {
    long begin = System.nanoTime();
    long before = changes.get();
    double progress = 0;
    while (progress < 1 && stopped.getCount() > 0) {
      transaction();
      long done = changes.get() - before;
      long elapsed = System.nanoTime() - begin;
      double now = Math.max((double) done / total, (double) elapsed / limitNanos);
      // What the stages change comes on top: it does not slow the rest down.
      long changed = changes.get();
      stages(progress, now);
      before += changes.get() - changed;
      progress = now;
      awaitTurn(begin + (long) (done / changesPerSecond * 1e9));
    }
    commitLongTransaction();
  }

  private void stages(double before, double now) throws SQLException {
    if (before < COMMIT_FIRST && now >= COMMIT_FIRST) {
      commitLongTransaction();
    }
    if (before < OPEN_SECOND && now >= OPEN_SECOND) {
      openLongTransaction();
    }
    if (before < TRUNCATE && now >= TRUNCATE) {
      truncate();
    }
    if (before < COMMIT_SECOND && now >= COMMIT_SECOND) {
      commitLongTransaction();
    }
  }

  /**
   * Begins a transaction. Somebody who alters a table waits for the long transaction, and we wait
   * for him: so that one ends early.
   */
  private void begin() throws SQLException {
    HeldTables.hold(connection, entities, this::commitLongTransaction);
  }

  private void truncate() throws SQLException {
    int rows = addresses.keys().size();
    begin();
    addresses.truncate(connection);
    changes.incrementAndGet();
    insert(addresses, 3);
    connection.commit();
    begin();
    insert(addresses, rows / 2);
    connection.commit();
  }

  private void transaction() throws SQLException {
    begin();
    double kind = values.random().nextDouble();
    if (kind < 0.01) {
      products.insert(connection, products.freshKey(values), values);
      customers.insert(connection, customers.freshKey(values), values);
      connection.rollback();
    } else if (kind < 0.75) {
      change();
      connection.commit();
    } else if (kind < 0.92) {
      insert(orders, 1);
      insert(orderLines, 1 + values.below(5));
      change();
      connection.commit();
    } else {
      for (int i = 5 + values.below(16); i > 0; i--) {
        change();
      }
      connection.commit();
    }
  }

  private void change() throws SQLException {
    change(entities.get(values.below(entities.size())));
  }

  private <K> void change(Entity<K> entity) throws SQLException {
    KeyPool<K> keys = entity.keys();
    double kind = values.random().nextDouble();
    if (kind < 0.25 || keys.size() < 10) {
      insert(entity, 1);
    } else if (kind < 0.78) {
      entity.update(connection, keys.any(values.random()), values);
      changes.incrementAndGet();
    } else if (kind < 0.94) {
      K key = keys.take(values.random());
      entity.delete(connection, key);
      keys.bury(key);
      changes.incrementAndGet();
    } else {
      K from = keys.take(values.random());
      K to = entity.unusedKey(values);
      entity.changeKey(connection, from, to, values);
      keys.bury(from);
      keys.add(to);
      changes.incrementAndGet();
    }
  }

  private <K> void insert(Entity<K> entity, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      K key = entity.unusedKey(values);
      entity.insert(connection, key, values);
      entity.keys().add(key);
      changes.incrementAndGet();
    }
  }

  private void awaitTurn(long deadline) {
    long wait = deadline - System.nanoTime();
    if (wait > 0) {
      try {
        stopped.await(wait, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stop();
      }
    }
  }

  /** Ends a run soon; what is open is committed. For any thread. */
  public void stop() {
    stopped.countDown();
  }

  /** How many rows were changed so far. For any thread. */
  public long changes() {
    return changes.get();
  }

  /** Rolls back what is open and closes the connections. */
  @Override
  public void close() throws SQLException {
    if (longTransaction != null) {
      longTransaction.close();
    }
    connection.close();
  }
}
