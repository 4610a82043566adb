package io.millrace.runners.flink.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** What another session can do to the sessions of the program, in the warehouse. */
final class WarehouseFaults {
  private static final String SESSIONS =
      " FROM pg_stat_activity WHERE application_name = 'millrace' AND datname = current_database()";
  private static final String BLOCKED =
      "SELECT 1" + SESSIONS + " AND cardinality(pg_blocking_pids(pid)) > 0";

  private static final String DEADLOCK = "40P01";

  /** Something to be done while a batch is in the middle of its transaction. */
  interface Step {
    void run() throws Exception;
  }

  private final ShopReplica replica;

  WarehouseFaults(ShopReplica replica) {
    this.replica = replica;
  }

  /** Holds a batch, which has written some of its tables, at the next one. */
  void inMidBatch(Step step) throws Exception {
    try (Connection other = replica.warehouse().database().connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE orders IN SHARE MODE");
      awaitBlocked("a batch that waits for the table orders");
      step.run();
      other.rollback();
    }
  }

  /** Cuts all connections of the program, and waits until they are gone. */
  void cutConnections() throws SQLException {
    Sql.any(replica.warehouse().database(), "SELECT pg_terminate_backend(pid, 10000)" + SESSIONS);
  }

  /**
   * Locks the upper half of the customers until a batch that holds some of the lower half waits for
   * one of them, and then the others, so that each waits for the other. This session waits longer
   * than a batch does before it looks for deadlocks, so that mostly the batch is cancelled.
   */
  void lockInACircle() throws Exception {
    try (Connection other = replica.warehouse().database().connect();
        Statement statement = other.createStatement()) {
      other.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      other.setAutoCommit(false);
      statement.execute("SET deadlock_timeout = '5s'");
      statement.execute(
          "SELECT FROM customers WHERE id > (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY id)"
              + " FROM customers) FOR UPDATE");
      awaitBlocked("a batch that waits for a customer");
      lockCustomers(statement);
      other.rollback();
    }
  }

  private static void lockCustomers(Statement statement) throws SQLException {
    try {
      statement.execute("SELECT FROM customers FOR UPDATE");
    } catch (SQLException e) {
      if (!DEADLOCK.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void awaitBlocked(String what) throws Exception {
    replica.await(
        what,
        () ->
            Sql.any(replica.warehouse().database(), BLOCKED)
                ? Optional.empty()
                : Optional.of(
                    Sql.text(
                            replica.warehouse().database(),
                            "SELECT string_agg(state, ', ')" + SESSIONS)
                        .orElse("no session")));
  }

  /**
   * Lets a number of batches fail as a serializable transaction does.
   *
   * <p>The program's transactions are read committed, whatever the database's default is, and fail
   * so only where a trigger says it.
   */
  void failSerializations(int count) throws SQLException {
    Sql.execute(
        replica.warehouse().database(),
        """
        CREATE SEQUENCE serializations;
        CREATE FUNCTION fail_serialization() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('serializations') <= %d THEN
            RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
          END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER fail_serialization BEFORE INSERT ON orders EXECUTE FUNCTION fail_serialization()
        """
            .formatted(count));
  }

  void letSerializationsPass() throws SQLException {
    Sql.execute(
        replica.warehouse().database(),
        "DROP FUNCTION fail_serialization CASCADE; DROP SEQUENCE serializations");
  }
}
