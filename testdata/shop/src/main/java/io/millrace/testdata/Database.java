package io.millrace.testdata;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where a PostgreSQL database is and who asks.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}, without user and password
 * @param user the user's name
 * @param password the user's password, or null where the server wants none
 */
public record Database(String jdbcUrl, String user, String password) {

  /**
   * @throws IllegalArgumentException if the URL is not one of PostgreSQL
   */
  public Database {
    Objects.requireNonNull(user, "user");
    if (Driver.parseURL(jdbcUrl, null) == null) {
      throw new IllegalArgumentException(
          "not a PostgreSQL JDBC URL (jdbc:postgresql://host:port/database): " + jdbcUrl);
    }
  }

  /** Opens a connection; the caller closes it. It gives up after ten seconds. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("ApplicationName", "millrace-testdata");
    return DriverManager.getConnection(jdbcUrl, properties);
  }

  public String host() {
    return part(PGProperty.PG_HOST);
  }

  public int port() {
    return Integer.parseInt(part(PGProperty.PG_PORT));
  }

  public String name() {
    return part(PGProperty.PG_DBNAME);
  }

  private String part(PGProperty property) {
    return property.getOrDefault(Driver.parseURL(jdbcUrl, null));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return jdbcUrl + " as " + user;
  }
}
