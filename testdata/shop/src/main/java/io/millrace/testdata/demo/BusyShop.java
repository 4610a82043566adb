package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import io.millrace.testdata.shop.ShopWorkload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The shop's workload in a thread of its own, going on until it is closed. */
final class BusyShop implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(20);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final ShopWorkload workload;
  private final CompletableFuture<Void> running;

  /**
   * Lets a workload run, for the last time.
   *
   * @param rate changes a second
   */
  BusyShop(ShopWorkload workload, double rate) {
    this.workload = workload;
    this.running = CompletableFuture.runAsync(() -> run(workload, rate));
  }

  private static void run(ShopWorkload workload, double rate) {
    try {
      workload.run(LONGEST, rate);
    } catch (SQLException e) {
      throw new ServiceException("the workload failed: " + e.getMessage(), e);
    }
  }

  /**
   * @throws ServiceException if it has ended
   */
  void check() {
    if (running.isDone()) {
      Waiting.on(running, Duration.ZERO);
      throw new ServiceException("the workload ended after " + LONGEST.toMinutes() + " minutes");
    }
  }

  /**
   * Stops it; what is open is committed.
   *
   * @throws ServiceException if it failed, or does not end
   */
  @Override
  public void close() {
    workload.stop();
    if (!Waiting.on(running, STOP_LIMIT)) {
      throw new ServiceException("the workload did not end in " + STOP_LIMIT.toSeconds() + " s");
    }
  }
}
