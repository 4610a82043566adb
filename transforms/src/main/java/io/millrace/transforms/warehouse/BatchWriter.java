package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.quality.ChangeCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.beam.sdk.util.FluentBackoff;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes batches of changes over one connection, each batch in one transaction. A batch whose
 * transaction fails for a while is written again, on a new connection if need be; that a batch may
 * have been committed all the same does no harm.
 */
final class BatchWriter implements AutoCloseable {
  private final Map<String, TargetTable> targets = new HashMap<>();
  private final Map<TargetTable, TableWriter> writers = new HashMap<>();
  private final Map<TargetTable, PatchReader> readers = new HashMap<>();

  /** For changes that a transaction reads once more, while {@link #readers} read the next batch. */
  private final Map<TargetTable, PatchReader> rereaders = new HashMap<>();

  private final WarehouseSession session;
  private final Dialect dialect;
  private final @Nullable String run;

  /** Tells writers apart in the ledger, so that none waits for another's row. */
  private final String name = UUID.randomUUID().toString();

  /**
   * @param run the run in whose ledger the batches are noted, or null for none
   */
  BatchWriter(Warehouse warehouse, Contract contract, @Nullable String run) {
    this(warehouse, contract, run, WarehouseSession.PATIENT);
  }

  BatchWriter(Warehouse warehouse, Contract contract) {
    this(warehouse, contract, null);
  }

  BatchWriter(Warehouse warehouse, Contract contract, @Nullable String run, FluentBackoff retries) {
    this.run = run;
    this.dialect = PostgresDialect.INSTANCE;
    this.session = new WarehouseSession(warehouse, dialect, retries);
    for (TableContract table : contract.tables()) {
      TargetTable target = new TargetTable(table, warehouse.schema());
      boolean keepsTips = warehouse.history() && warehouse.deletes() == Deletes.SOFT;
      TableStatements sql = dialect.statements(target, keepsTips);
      targets.put(table.physicalName(), target);
      HistoryWriter history =
          warehouse.history()
              ? new HistoryWriter(
                  target, dialect.history(target, warehouse.deletes()), sql.touch(), keepsTips)
              : null;
      writers.put(
          target,
          warehouse.deletes() == Deletes.HARD
              ? new HardDeleteWriter(target, sql, history)
              : new TableWriter(target, sql, history));
      readers.put(target, new PatchReader(target, warehouse));
      rereaders.put(target, new PatchReader(target, warehouse));
    }
  }

  /** Reads and writes a batch, whole. */
  BatchResult write(List<ChangeEvent> events) {
    return write(read(events));
  }

  /** Reads a batch; another may be written meanwhile, by another thread. */
  ReadBatch read(List<ChangeEvent> events) {
    List<RefusedChange> unreadable = new ArrayList<>();
    return new ReadBatch(events.size(), batches(events, unreadable), unreadable);
  }

  /**
   * Writes a batch, whole.
   *
   * @throws WarehouseException if it cannot be written, for all that was tried; nothing of it is
   */
  BatchResult write(ReadBatch batch) {
    BatchTransaction transaction = new BatchTransaction(batch.tables(), dialect);
    List<RefusedChange> refused = new ArrayList<>();
    WriteCounts counts =
        session.run(
            "writing a batch",
            connection -> {
              WriteCounts rows = transaction.write(connection);
              refused.clear();
              refused.addAll(batch.unreadable());
              refused.addAll(transaction.refused());
              if (run != null) {
                Ledger.add(connection, run, name, ledger(batch.tables(), transaction, refused));
              }
              return rows;
            });
    return new BatchResult(batch.events(), counts, refused);
  }

  /** What becomes of the batch's changes, by table. */
  private static SortedMap<String, ChangeCounts> ledger(
      List<TableBatch> batches, BatchTransaction transaction, List<RefusedChange> refused) {
    SortedMap<String, ChangeCounts> ledger = new TreeMap<>();
    Map<String, Long> rejected =
        refused.stream()
            .collect(Collectors.groupingBy(each -> each.event().table(), Collectors.counting()));
    for (TableBatch batch : batches) {
      long rest =
          batch.events() - batch.tableEvents().size() - rejected.getOrDefault(batch.source(), 0L);
      long written = Math.min(rest, transaction.written(batch.table()));
      ledger.put(
          batch.source(),
          ChangeCounts.builder()
              .setRead(batch.events())
              .setAccepted(written)
              .setSuperseded(rest - written)
              .setRejected(rejected.getOrDefault(batch.source(), 0L))
              .setControl(batch.tableEvents().size())
              .build());
    }
    return ledger;
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
          TableWriter tableWriter = writers.get(target);
          int count = changes.size();
          List<ChangeEvent> tableEvents =
              changes.stream().filter(event -> event.operation().isOfTable()).toList();
          changes.removeIf(event -> event.operation().isOfTable());
          batches.add(
              new TableBatch(
                  table,
                  count,
                  tableWriter,
                  rereaders.get(target),
                  tableWriter.prepare(readers.get(target).read(changes, refused::add)),
                  tableEvents));
        });
    return batches;
  }

  @Override
  public void close() {
    session.close();
  }
}
