package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A transaction that writes early and commits late, on a connection of its own.
 *
 * <p>Its rows stand in the log before those of transactions that commit sooner. Nobody else may
 * touch its rows meanwhile, so their keys leave the pools until it commits.
 */
final class LongTransaction implements AutoCloseable {
  private static final int ROUNDS = 3;

  private final Connection connection;
  private Runnable returnKeys = () -> {};
  private long changes;

  /** Writes to these tables and leaves the transaction open. */
  LongTransaction(Connection connection, List<Entity<?>> entities, Values values)
      throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
    HeldTables.hold(connection, entities, () -> {});
    for (Entity<?> entity : entities) {
      for (int i = 0; i < ROUNDS; i++) {
        write(entity, values);
      }
    }
  }

  private <K> void write(Entity<K> entity, Values values) throws SQLException {
    KeyPool<K> keys = entity.keys();
    K inserted = entity.unusedKey(values);
    entity.insert(connection, inserted, values);
    onCommit(() -> keys.add(inserted));
    if (keys.size() < 3) {
      return;
    }
    K updated = keys.take(values.random());
    entity.update(connection, updated, values);
    onCommit(() -> keys.add(updated));
    K deleted = keys.take(values.random());
    entity.delete(connection, deleted);
    onCommit(() -> keys.bury(deleted));
    K from = keys.take(values.random());
    K to = entity.unusedKey(values);
    entity.changeKey(connection, from, to, values);
    onCommit(
        () -> {
          keys.add(to);
          keys.bury(from);
        });
  }

  private void onCommit(Runnable action) {
    Runnable before = returnKeys;
    returnKeys =
        () -> {
          before.run();
          action.run();
        };
    changes++;
  }

  /** Commits and gives the keys back. Returns how many changes it made. */
  long commit() throws SQLException {
    connection.commit();
    returnKeys.run();
    return changes;
  }

  /** Rolls back what was not committed. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
