package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Numbers the builds of tables that are computed of others: a run that knows nothing of what an
 * earlier one computed begins a build, and what it writes counts as newer than all before.
 */
public final class Builds {

  /**
   * Begins the next build of a contract's tables, which have to be {@linkplain WarehouseTables
   * prepared}.
   *
   * @return its number, from 1, higher than that of every build of any of them
   * @throws WarehouseException if the warehouse cannot be reached, or does not allow it
   */
  public static int begin(Warehouse warehouse, Contract contract) {
    return call(warehouse, contract, (connection, tables) -> begin(connection, tables, null));
  }

  /**
   * Begins the build of this number, so that the next is higher.
   *
   * @return the highest number of a build of any of the tables that began before; 0 if none did
   * @throws WarehouseException if the warehouse cannot be reached, or does not allow it
   */
  public static int note(Warehouse warehouse, Contract contract, int build) {
    return call(
        warehouse,
        contract,
        (connection, tables) -> {
          int newest = newest(connection, tables);
          begin(connection, tables, build);
          return newest;
        });
  }

  private interface Call {
    int on(Connection connection, Array tables) throws SQLException;
  }

  private static int call(Warehouse warehouse, Contract contract, Call call) {
    String[] tables =
        contract.tables().stream()
            .map(table -> new TargetTable(table, warehouse.schema()).qualifiedName())
            .toArray(String[]::new);
    try (Connection connection = WarehouseSession.connect(warehouse)) {
      WarehouseTables.lock(connection);
      int build = call.on(connection, connection.createArrayOf("text", tables));
      connection.commit();
      return build;
    } catch (SQLException e) {
      throw WarehouseException.of(
          "beginning a build in the warehouse " + warehouse, e, Category.ENVIRONMENT);
    }
  }

  private static int begin(Connection connection, Array tables, @Nullable Integer build)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.BEGIN_BUILD)) {
      statement.setObject(1, build, Types.INTEGER);
      statement.setArray(2, tables);
      statement.setArray(3, tables);
      return only(statement);
    }
  }

  private static int newest(Connection connection, Array tables) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.NEWEST_BUILD)) {
      statement.setArray(1, tables);
      return only(statement);
    }
  }

  private static int only(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  private Builds() {}
}
