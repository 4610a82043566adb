package io.millrace.pipelines.replicate;

import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.pipelines.options.WarehouseOptions;
import io.millrace.transforms.warehouse.Warehouse;

/** The warehouse, as the options say. */
public final class Warehouses {
  static boolean isWanted(ReplicateOptions options) {
    return options.getWarehouseUrl() != null;
  }

  /** The warehouse of any pipeline that has one. */
  public static <O extends WarehouseAccessOptions & WarehouseOptions & ContractFileOptions>
      Warehouse of(O options) {
    return WarehouseAccess.of(options)
        .withSchema(options.getWarehouseSchema())
        .withTargetVersion(options.getTargetVersion())
        .withDeletes(options.getDeletes())
        .withHistory(options.getHistory())
        .withUnknownColumns(options.getUnknownColumns())
        .withBatchEvents(options.getWarehouseBatch());
  }

  private Warehouses() {}
}
