package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.transforms.warehouse.Warehouse;

/** The warehouse that options lead to. */
public final class WarehouseAccess {
  /**
   * Makes sure that the options can lead to a warehouse.
   *
   * @throws LaunchException if not
   */
  public static void check(WarehouseAccessOptions options) {
    if (options.getWarehouseUrl() == null) {
      throw LaunchException.input("--warehouseUrl=JDBC_URL is missing; it says where to look");
    }
    DatabaseAccess.check("warehouse", options.getWarehouseUrl(), options.getWarehousePassword());
  }

  /** The warehouse, with defaults for all but access. */
  public static Warehouse of(WarehouseAccessOptions options) {
    Warehouse warehouse = Warehouse.at(options.getWarehouseUrl());
    if (options.getWarehouseUser() != null) {
      warehouse = warehouse.withUser(options.getWarehouseUser());
    }
    if (options.getWarehousePassword() != null) {
      warehouse = warehouse.withPassword(options.getWarehousePassword());
    }
    return warehouse;
  }

  private WarehouseAccess() {}
}
