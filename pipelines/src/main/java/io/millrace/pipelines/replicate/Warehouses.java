package io.millrace.pipelines.replicate;

import io.millrace.transforms.warehouse.Warehouse;

/** The warehouse, as the options say. */
final class Warehouses {
  static Warehouse of(ReplicateOptions options) {
    Warehouse warehouse =
        Warehouse.at(options.getWarehouseUrl())
            .withSchema(options.getWarehouseSchema())
            .withDeletes(options.getDeletes())
            .withUnknownColumns(options.getUnknownColumns())
            .withBatchEvents(options.getWarehouseBatch());
    if (options.getWarehouseUser() != null) {
      warehouse = warehouse.withUser(options.getWarehouseUser());
    }
    if (options.getWarehousePassword() != null) {
      warehouse = warehouse.withPassword(options.getWarehousePassword());
    }
    return warehouse;
  }

  private Warehouses() {}
}
