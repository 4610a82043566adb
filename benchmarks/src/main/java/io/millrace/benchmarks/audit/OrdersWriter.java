package io.millrace.benchmarks.audit;

import io.millrace.benchmarks.harness.Settings;
import io.millrace.testdata.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Changes 1,000 orders a second at the source, and a quarter of a second later in the warehouse.
 */
final class OrdersWriter implements AutoCloseable {
  private static final int ROWS = 50;
  private static final long EVERY_MILLIS = 50;
  private static final int BEHIND = 5;

  /** The planted differences are of ids that are not odd, or are among these. */
  private static final long SPARED = 401;

  private final Connection source;
  private final Connection warehouse;
  private final long orders;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private final long start = System.nanoTime();
  private final AtomicLong changed = new AtomicLong();
  private volatile SQLException failure;

  private OrdersWriter(Connection source, Connection warehouse, Settings settings) {
    this.source = source;
    this.warehouse = warehouse;
    this.orders = settings.number("rows");
    this.thread = new Thread(this::write, "orders");
    thread.setDaemon(true);
    thread.start();
  }

  static OrdersWriter start(Settings settings) throws SQLException, IOException {
    String password = Files.readString(Path.of(settings.text("password")));
    Connection source =
        new Database(settings.text("source"), settings.text("user"), password).connect();
    return new OrdersWriter(
        source,
        new Database(settings.text("warehouse"), settings.text("user"), password).connect(),
        settings);
  }

  private void write() {
    String sql = "UPDATE %s.orders SET stock = stock + 1 WHERE id = ANY (?)";
    SplittableRandom random = new SplittableRandom(start);
    Deque<Long[]> underWay = new ArrayDeque<>();
    long next = System.nanoTime();
    try (PreparedStatement here = source.prepareStatement(sql.formatted("public"));
        PreparedStatement there = warehouse.prepareStatement(sql.formatted("public"));
        PreparedStatement equal = warehouse.prepareStatement(sql.formatted("equal"))) {
      while (!stopped.await(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        next += TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
        Long[] ids =
            Stream.generate(() -> random.nextLong(orders / 2) * 2 + 1)
                .filter(id -> id != SPARED)
                .limit(ROWS)
                .toArray(Long[]::new);
        update(here, source, ids);
        underWay.add(ids);
        if (underWay.size() > BEHIND) {
          update(equal, warehouse, underWay.element());
          update(there, warehouse, underWay.remove());
        }
        changed.addAndGet(ROWS);
      }
      while (!underWay.isEmpty()) {
        update(equal, warehouse, underWay.element());
        update(there, warehouse, underWay.remove());
      }
    } catch (SQLException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void update(PreparedStatement statement, Connection connection, Long[] ids)
      throws SQLException {
    statement.setArray(1, connection.createArrayOf("bigint", ids));
    statement.executeUpdate();
  }

  /** Stops, once the warehouse has everything; returns how many rows were changed in a second. */
  double stop() throws SQLException, InterruptedException {
    double seconds = (System.nanoTime() - start) / 1e9;
    long rows = changed.get();
    stopped.countDown();
    thread.join();
    close();
    if (failure != null) {
      throw failure;
    }
    return rows / seconds;
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join();
      source.close();
      warehouse.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
