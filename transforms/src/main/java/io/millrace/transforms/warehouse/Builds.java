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
    return begin(warehouse, contract, null);
  }

  /**
   * Begins the build of this number, so that the next is higher.
   *
   * @throws WarehouseException if the warehouse cannot be reached, or does not allow it
   */
  public static void note(Warehouse warehouse, Contract contract, int build) {
    begin(warehouse, contract, build);
  }

  private static int begin(Warehouse warehouse, Contract contract, @Nullable Integer build) {
    String[] tables =
        contract.tables().stream()
            .map(table -> new TargetTable(table, warehouse.schema()).qualifiedName())
            .toArray(String[]::new);
    try (Connection connection = WarehouseSession.connect(warehouse)) {
      WarehouseTables.lock(connection);
      try (PreparedStatement statement = connection.prepareStatement(ControlTables.BEGIN_BUILD)) {
        Array names = connection.createArrayOf("text", tables);
        statement.setObject(1, build, Types.INTEGER);
        statement.setArray(2, names);
        statement.setArray(3, names);
        try (ResultSet builds = statement.executeQuery()) {
          builds.next();
          int begun = builds.getInt(1);
          connection.commit();
          return begun;
        }
      }
    } catch (SQLException e) {
      throw WarehouseException.of(
          "beginning a build in the warehouse " + warehouse, e, Category.ENVIRONMENT);
    }
  }

  private Builds() {}
}
