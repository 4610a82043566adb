package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import io.millrace.testdata.shop.ShopWorkload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The shop while it is open: its workload runs, its business events are sent, and the display shows
 * how all goes on.
 */
final class OpenShop {
  private static final Duration GLANCE_EVERY = Duration.ofSeconds(1);

  private final ShopWorkload workload;
  private final double rate;
  private final Optional<Gold> gold;
  private final Services services;
  private final Display display;

  /**
   * @param rate changes a second
   * @param gold nothing if no events are sent
   */
  OpenShop(
      ShopWorkload workload, double rate, Optional<Gold> gold, Services services, Display display) {
    this.workload = workload;
    this.rate = rate;
    this.gold = gold;
    this.services = services;
    this.display = display;
  }

  /** Keeps it open for this long. */
  void run(Duration time, Alterations alterations, Pipeline pipeline) throws SQLException {
    long before = workload.changes();
    CompletableFuture<Void> running =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> work(time)),
            CompletableFuture.runAsync(() -> gold.ifPresent(events -> events.feed().run(time))));
    long begin = System.nanoTime();
    long last = before;
    long lastNanos = begin;
    while (!Waiting.on(running, GLANCE_EVERY)) {
      pipeline.check();
      gold.ifPresent(Gold::check);
      alterations.advanceTo((double) (System.nanoTime() - begin) / time.toNanos());
      Glance glance = Glance.take(services);
      long now = System.nanoTime();
      long changes = workload.changes();
      double changesPerSecond = (changes - last) * 1e9 / (now - lastNanos);
      display.show(glance, changes - before, changesPerSecond, "replicating");
      last = changes;
      lastNanos = now;
    }
    display.say("The shop has closed after %,d changes.".formatted(workload.changes() - before));
  }

  private void work(Duration time) {
    try {
      workload.run(time, rate);
    } catch (SQLException e) {
      throw new ServiceException("the workload failed: " + e.getMessage(), e);
    }
  }
}
