package io.millrace.transforms.warehouse;

import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.FluentBackoff;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is opened when needed, and again after it was lost. Work that fails for a while
 * is tried again, up to ten times within about two minutes, each time waiting about twice as long.
 */
final class WarehouseSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarehouseSession.class);
  static final FluentBackoff PATIENT =
      FluentBackoff.DEFAULT
          .withExponent(2)
          .withInitialBackoff(Duration.millis(100))
          .withMaxBackoff(Duration.standardSeconds(30))
          .withMaxCumulativeBackoff(Duration.standardMinutes(2))
          .withMaxRetries(10);

  /** Something to be done in a transaction. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private final Warehouse warehouse;
  private final Dialect dialect;
  private final FluentBackoff retries;
  private @Nullable Connection connection;

  WarehouseSession(Warehouse warehouse, Dialect dialect, FluentBackoff retries) {
    this.warehouse = warehouse;
    this.dialect = dialect;
    this.retries = retries;
  }

  /**
   * Opens a connection that commits by itself only when told to.
   *
   * @throws WarehouseException if the password cannot be read
   */
  static Connection connect(Warehouse warehouse) throws SQLException {
    Properties properties = new Properties();
    if (warehouse.user() != null) {
      properties.setProperty("user", warehouse.user());
    }
    if (warehouse.password() != null) {
      properties.setProperty("password", warehouse.password().resolve());
    }
    properties.setProperty("ApplicationName", "millrace");
    properties.setProperty("tcpKeepAlive", "true");
    // Details of errors hold values of rows.
    properties.setProperty("logServerErrorDetail", "false");
    Connection connection = new Driver().connect(warehouse.url(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not know the URL " + warehouse.url());
    }
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /**
   * Does the work and commits.
   *
   * @param doing what it is, for errors
   * @throws WarehouseException if it fails for good
   */
  <T> T run(String doing, Work<T> work) {
    BackOff backoff = retries.backoff();
    while (true) {
      try {
        T result = work.run(connection());
        connection().commit();
        return result;
      } catch (SQLException e) {
        abandon(e);
        Category category = dialect.category(e);
        if (category != Category.TRANSIENT || !waitBefore(doing, e, backoff)) {
          throw WarehouseException.of(doing + " in the warehouse " + warehouse, e, category);
        }
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }
  }

  private Connection connection() throws SQLException {
    if (connection == null) {
      connection = connect(warehouse);
    }
    return connection;
  }

  /** Undoes what was begun; a connection that cannot is given up. */
  private void abandon(SQLException error) {
    try {
      if (connection != null && !connection.isClosed()) {
        connection.rollback();
        return;
      }
    } catch (SQLException e) {
      error.addSuppressed(e);
    }
    close();
  }

  /** Waits; false if it was tried often enough. */
  private static boolean waitBefore(String doing, SQLException error, BackOff backoff) {
    try {
      long millis = backoff.nextBackOffMillis();
      if (millis == BackOff.STOP) {
        return false;
      }
      LOG.warn("{} failed (SQLState {}); again in {} ms", doing, error.getSQLState(), millis);
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    Connection closing = connection;
    connection = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (SQLException e) {
        LOG.debug("a connection was not closed well (SQLState {})", e.getSQLState());
      }
    }
  }
}
