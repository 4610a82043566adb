package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.ServiceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody who counts the warehouse's orders again and again, and knows nothing of versions. That
 * another version answers shows in when its rows were written.
 */
final class OrdersReader implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final String QUERY =
      """
      SELECT count(*) FILTER (WHERE NOT _deleted), coalesce(min(_applied_at) >= ?::timestamptz, false)
      FROM public.orders
      """;

  private final Database warehouse;
  private final String began;
  private final CompletableFuture<Void> running;
  private volatile boolean stopped;
  private volatile Seen seen = new Seen(0, -1, -1, 0, 0);

  /**
   * What it has seen.
   *
   * @param before how many orders the old version had last; negative if it has not answered
   * @param after how many the new one had first; negative if it has not answered
   * @param backwards how often the old one answered after the new one
   */
  record Seen(long answers, long before, long after, long slowestMillis, long backwards) {
    private Seen plus(long orders, boolean isNew, long millis) {
      return new Seen(
          answers + 1,
          isNew ? before : orders,
          isNew && after < 0 ? orders : after,
          Math.max(slowestMillis, millis),
          backwards + (!isNew && after >= 0 ? 1 : 0));
    }

    /** Whether both versions have answered, the new one from some moment on. */
    boolean isSwapped() {
      return before > 0 && after > 0 && backwards == 0;
    }
  }

  /**
   * Begins to read.
   *
   * @param began when the new version was begun, by the warehouse's clock: all of its rows were
   *     written since, and not all of the old one's
   */
  OrdersReader(Database warehouse, String began) {
    this.warehouse = warehouse;
    this.began = began;
    this.running = CompletableFuture.runAsync(this::read);
  }

  private void read() {
    try (Connection connection = warehouse.connect();
        PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, began);
      while (!stopped) {
        long begin = System.nanoTime();
        try (ResultSet row = query.executeQuery()) {
          row.next();
          long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
          seen = seen.plus(row.getLong(1), row.getBoolean(2), millis);
        }
        Waiting.pass(PAUSE);
      }
    } catch (SQLException e) {
      throw new ServiceException("a reader of the orders was refused: " + e.getMessage(), e);
    }
  }

  /**
   * What it has seen so far.
   *
   * @throws ServiceException if a query failed
   */
  Seen seen() {
    if (running.isDone()) {
      Waiting.on(running, Duration.ZERO);
    }
    return seen;
  }

  @Override
  public void close() {
    stopped = true;
    Waiting.on(running, STOP_LIMIT);
  }
}
