package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.DatabaseAccess;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.transforms.lake.LakeManifest;
import java.sql.Connection;
import java.sql.SQLException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The sides that options lead to. */
final class Sides {

  /** The source's database. */
  static Side source(SourceDatabaseOptions options, int statementSeconds) {
    DatabaseAccess.check("database", options.getDatabaseUrl(), options.getDatabasePassword());
    return open(
        "database",
        options.getDatabaseUrl(),
        options.getDatabaseUser(),
        options.getDatabasePassword(),
        statementSeconds,
        connection -> PostgresSide.source(options.getDatabaseUrl(), connection));
  }

  /** A schema of the warehouse. */
  static Side warehouse(
      String name, String schema, WarehouseAccessOptions options, int statementSeconds) {
    DatabaseAccess.check("warehouse", options.getWarehouseUrl(), options.getWarehousePassword());
    return open(
        "warehouse",
        options.getWarehouseUrl(),
        options.getWarehouseUser(),
        options.getWarehousePassword(),
        statementSeconds,
        connection -> PostgresSide.warehouse(name, options.getWarehouseUrl(), schema, connection));
  }

  /** A lake. */
  static Side lake(String directory) {
    if (LakeManifest.read(directory).isEmpty()) {
      throw LaunchException.input(
          "--lake: there is no lake in " + directory + "; replicate --lake=DIR makes one");
    }
    return new LakeSide(directory);
  }

  /** Makes a side of a connection. */
  private interface Opener {
    Side open(Connection connection) throws SQLException;
  }

  private static Side open(
      String prefix,
      String url,
      @Nullable String user,
      @Nullable String password,
      int statementSeconds,
      Opener opener) {
    try {
      Connection connection = PostgresConnection.open(url, user, password, statementSeconds);
      try {
        return opener.open(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw LaunchException.world(
          "--" + prefix + "Url: the database " + url + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Sides() {}
}
