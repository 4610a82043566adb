package io.millrace.runners.flink.faults;

import io.millrace.testdata.Database;
import io.millrace.testdata.shop.ShopWorkload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The shop's workload on a thread of its own, at a steady rate, round after round until it is
 * finished. Each round has its long transaction and its truncate.
 */
final class BusyShop implements AutoCloseable {
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final double CHANGES_A_SECOND = 150;

  private final ShopWorkload workload;
  private final CompletableFuture<Void> running;
  private volatile boolean finished;

  BusyShop(Database source, long seed) throws SQLException {
    this.workload = ShopWorkload.on(source, seed);
    this.running = CompletableFuture.runAsync(this::run);
  }

  private void run() {
    try {
      while (!finished) {
        workload.run(ROUND, CHANGES_A_SECOND);
      }
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** How many rows it has changed. */
  long changes() {
    if (running.isCompletedExceptionally()) {
      running.join();
    }
    return workload.changes();
  }

  /** Ends the workload, with everything committed; answers how many rows it changed. */
  long finish() {
    finished = true;
    workload.stop();
    running.join();
    return workload.changes();
  }

  @Override
  public void close() throws SQLException {
    try {
      finish();
    } finally {
      workload.close();
    }
  }
}
