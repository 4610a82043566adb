package io.millrace.transforms.warehouse;

import java.util.List;

/**
 * Tables that are already in the warehouse do not fit the contract. The message names, for each
 * fault, table and column, what is there and what was expected, and what remedies it.
 */
public final class TableMisfitException extends WarehouseException {
  private static final long serialVersionUID = 1L;

  TableMisfitException(List<String> faults) {
    super(
        Category.ENVIRONMENT,
        "the warehouse does not fit the contract:\n  - " + String.join("\n  - ", faults),
        null);
  }
}
