package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.Deletes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.util.FluentBackoff;

/**
 * Writes batches of changes over one connection, each batch in one transaction. A batch whose
 * transaction fails for a while is written again, on a new connection if need be; that a batch may
 * have been committed all the same does no harm.
 */
final class BatchWriter implements AutoCloseable {
  private final Map<String, TargetTable> targets = new HashMap<>();
  private final Map<TargetTable, TableWriter> writers = new HashMap<>();
  private final Map<TargetTable, PatchReader> readers = new HashMap<>();
  private final WarehouseSession session;
  private final Dialect dialect;

  BatchWriter(Warehouse warehouse, Contract contract) {
    this(warehouse, contract, WarehouseSession.PATIENT);
  }

  BatchWriter(Warehouse warehouse, Contract contract, FluentBackoff retries) {
    this.dialect = PostgresDialect.INSTANCE;
    this.session = new WarehouseSession(warehouse, dialect, retries);
    for (TableContract table : contract.tables()) {
      TargetTable target = new TargetTable(table, warehouse.schema());
      TableStatements sql = dialect.statements(target);
      targets.put(table.physicalName(), target);
      writers.put(
          target,
          warehouse.deletes() == Deletes.HARD
              ? new HardDeleteWriter(target, sql)
              : new TableWriter(target, sql));
      readers.put(
          target,
          new PatchReader(target, warehouse.deletes(), warehouse.unknownColumns(), dialect));
    }
  }

  /**
   * Writes a batch, whole.
   *
   * @throws WarehouseException if it cannot be written, for all that was tried; nothing of it is
   */
  BatchResult write(List<ChangeEvent> events) {
    List<RefusedChange> refused = new ArrayList<>();
    List<TableBatch> batches = batches(events, refused);
    BatchTransaction transaction = new BatchTransaction(batches, dialect);
    WriteCounts counts = session.run("writing a batch", transaction::write);
    refused.addAll(transaction.refused());
    return new BatchResult(events.size(), counts, refused);
  }

  /** The batch by table, the tables in the order in which all workers take their locks. */
  private List<TableBatch> batches(List<ChangeEvent> events, List<RefusedChange> refused) {
    SortedMap<String, List<ChangeEvent>> byTable = new TreeMap<>();
    for (ChangeEvent event : events) {
      if (targets.containsKey(event.table())) {
        byTable.computeIfAbsent(event.table(), table -> new ArrayList<>()).add(event);
      } else {
        refused.add(
            new RefusedChange(
                event, Reason.NO_TABLE, "table " + event.table() + " is not in the contract"));
      }
    }
    List<TableBatch> batches = new ArrayList<>();
    byTable.forEach(
        (table, changes) -> {
          TargetTable target = targets.get(table);
          List<ChangeEvent> truncates =
              changes.stream().filter(event -> event.operation() == Operation.TRUNCATE).toList();
          changes.removeAll(truncates);
          batches.add(
              new TableBatch(
                  writers.get(target),
                  readers.get(target),
                  readers.get(target).read(changes, refused::add),
                  truncates));
        });
    return batches;
  }

  @Override
  public void close() {
    session.close();
  }
}
