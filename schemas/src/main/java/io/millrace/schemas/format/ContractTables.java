package io.millrace.schemas.format;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The makers of changes of the tables that were met and that the contract has. */
final class ContractTables {
  /** Tables are few; this only bounds what a stream of ever new names could take. */
  private static final int MOST = 10_000;

  private final Contract contract;
  private final UnknownColumns unknownColumns;
  private final Map<String, @Nullable RowChanges> met = new HashMap<>();

  ContractTables(Contract contract, UnknownColumns unknownColumns) {
    this.contract = contract;
    this.unknownColumns = unknownColumns;
  }

  /** The table of this name, or those it is routed to; null if the contract has none. */
  @Nullable RowChanges find(String name) {
    RowChanges known = met.get(name);
    if (known == null && !met.containsKey(name)) {
      if (met.size() >= MOST) {
        met.clear();
      }
      known = make(name);
      met.put(name, known);
    }
    return known;
  }

  private @Nullable RowChanges make(String source) {
    List<TableContract> targets = contract.targets(source);
    RowChanges first = null;
    for (int i = targets.size() - 1; i >= 0; i--) {
      TableContract target = targets.get(i);
      boolean isMerged = contract.isMerged(target);
      for (TableContract child : contract.children(target)) {
        first = new ElementChanges(child, target, source, isMerged, unknownColumns, first);
      }
      first = new TableChanges(target, source, isMerged, unknownColumns, first);
    }
    return first;
  }

  /**
   * The table whose rows a topic holds: its {@code physicalName} is the topic's name, or what
   * follows a dot in it ({@code shop.public.items}: {@code public.items}). Null if there is none.
   */
  @Nullable RowChanges findTopic(String topic) {
    int start = 0;
    while (true) {
      RowChanges found = find(topic.substring(start));
      int dot = topic.indexOf('.', start);
      if (found != null || dot < 0) {
        return found;
      }
      start = dot + 1;
    }
  }

  /** The contract's table if it has one only, else null. */
  @Nullable RowChanges findOnly() {
    List<TableContract> ofSource =
        contract.tables().stream().filter(table -> table.parent().isEmpty()).toList();
    return ofSource.size() == 1 ? find(ofSource.get(0).physicalName()) : null;
  }

  /**
   * The table of a record that names none: the contract's only one.
   *
   * @throws RejectedRecordException if the contract has several
   */
  RowChanges only() {
    RowChanges only = findOnly();
    if (only == null) {
      throw new RejectedRecordException(
          Reason.NO_TABLE,
          "the record names no table, and the contract has "
              + contract.tables().size()
              + "; give it one table, or name the table in the records");
    }
    return only;
  }
}
