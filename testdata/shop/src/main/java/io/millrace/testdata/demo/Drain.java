package io.millrace.testdata.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Waits until the warehouse has caught up with a source that is at rest. */
final class Drain {
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);
  // What is missing then is mostly what will not come by itself.
  private static final Duration IDLE_LIMIT_AFTER_CHANGES = Duration.ofSeconds(10);
  private static final Duration GLANCE_EVERY = Duration.ofSeconds(1);

  private final Services services;
  private final ColumnChanges changes;
  private final Display display;
  private final Duration limit;
  private final Duration idleLimit;

  Drain(Services services, ColumnChanges changes, Display display, Duration limit) {
    this.services = services;
    this.changes = changes;
    this.display = display;
    this.limit = limit;
    this.idleLimit = changes.tables().isEmpty() ? IDLE_LIMIT : IDLE_LIMIT_AFTER_CHANGES;
  }

  /**
   * Waits until both sides agree, or the time is up, or nothing has moved for a while.
   *
   * @return whether they agree
   */
  boolean untilEqual(Pipeline pipeline) throws SQLException {
    return until(pipeline, Set.of(), false);
  }

  /**
   * Waits until all tables agree whose columns are still the contract's, and all that is in the
   * topics was read; the other tables cannot agree before the contract does.
   */
  boolean untilRead(Pipeline pipeline) throws SQLException {
    return until(pipeline, changes.tables(), true);
  }

  /** Two looks in a row must agree: a row may pass by its last state on the way to it. */
  private boolean until(Pipeline pipeline, Set<String> without, boolean all) throws SQLException {
    List<String> expected = Digests.ofSource(services, changes, without);
    long deadline = System.nanoTime() + limit.toNanos();
    long lastMoved = System.nanoTime();
    long lastRead = 0;
    int agreed = 0;
    while (agreed < 2) {
      pipeline.check();
      Set<String> found = new TreeSet<>(Digests.ofWarehouse(services, changes, without));
      long tables = expected.stream().filter(found::contains).count();
      Glance glance = Glance.take(services);
      long readNow = read(pipeline);
      boolean done =
          tables == expected.size()
              && (!all || (glance.applied() == 0 && readNow >= services.records()));
      agreed = done ? agreed + 1 : 0;
      long now = System.nanoTime();
      boolean moves = glance.applied() > 0 || readNow == 0 || readNow > lastRead;
      lastMoved = moves ? now : lastMoved;
      lastRead = readNow;
      if (now > deadline || now - lastMoved > idleLimit.toNanos()) {
        display.say(
            now > deadline
                ? "The warehouse did not catch up in " + limit.toSeconds() + " s."
                : "The warehouse has come to rest and is not like the source.");
        return false;
      }
      display.show(
          glance, 0, 0, "draining, %d of %d tables agree".formatted(tables, expected.size()));
      Waiting.pass(GLANCE_EVERY);
    }
    return true;
  }

  /** How many records the run has read, by its ledger. */
  private long read(Pipeline pipeline) throws SQLException {
    try (Connection connection = services.warehouse().connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT coalesce(sum(read), 0) FROM _millrace.ledger"
                    + " WHERE run = ? AND stage = 'merge'")) {
      query.setString(1, pipeline.run());
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
