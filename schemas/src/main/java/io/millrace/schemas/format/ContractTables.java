package io.millrace.schemas.format;

import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.util.HashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The makers of changes of the tables that were met and that the contract has. */
final class ContractTables {
  private final Contract contract;
  private final UnknownColumns unknownColumns;
  private final Map<String, RowChanges> met = new HashMap<>();

  ContractTables(Contract contract, UnknownColumns unknownColumns) {
    this.contract = contract;
    this.unknownColumns = unknownColumns;
  }

  /** The table of this name, or null if the contract does not have it. */
  @Nullable RowChanges find(String name) {
    RowChanges known = met.get(name);
    if (known == null && contract.table(name).isPresent()) {
      known = new RowChanges(contract.table(name).get(), unknownColumns);
      met.put(name, known);
    }
    return known;
  }
}
