package io.millrace.pipelines.replicate;

import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.transforms.warehouse.Warehouse;

/** The warehouse, as the options say. */
final class Warehouses {
  static boolean isWanted(ReplicateOptions options) {
    return options.getWarehouseUrl() != null;
  }

  static Warehouse of(ReplicateOptions options) {
    return WarehouseAccess.of(options)
        .withSchema(options.getWarehouseSchema())
        .withDeletes(options.getDeletes())
        .withUnknownColumns(options.getUnknownColumns())
        .withBatchEvents(options.getWarehouseBatch());
  }

  private Warehouses() {}
}
