package io.millrace.pipelines.audit;

import io.millrace.transforms.warehouse.SecretReference;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Connections to PostgreSQL that only read, one statement at a time and on one core, and that write
 * equal values the same everywhere.
 */
final class PostgresConnection {
  private static final String SETTINGS =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
          + " SET extra_float_digits = 1; SET bytea_output = 'hex';"
          + " SET max_parallel_workers_per_gather = 0; SET jit = off; SET lock_timeout = '10s';"
          + " SET default_transaction_read_only = on; SET search_path = pg_catalog";

  /**
   * Opens one; the caller closes it.
   *
   * @param password its {@link SecretReference}
   * @param timeoutSeconds how long a statement may take; 0: as long as it takes
   */
  static Connection open(
      String url, @Nullable String user, @Nullable String password, int timeoutSeconds)
      throws SQLException {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", SecretReference.parse(password).resolve());
    }
    properties.setProperty("ApplicationName", "millrace audit");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    // A plan is made for the very keys of a statement.
    properties.setProperty("prepareThreshold", "0");
    Connection connection = DriverManager.getConnection(url, properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
      statement.execute("SET statement_timeout = '" + timeoutSeconds + "s'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private PostgresConnection() {}
}
