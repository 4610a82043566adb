package io.millrace.pipelines.event;

import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.event.ParsedEvents;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunLedger.Stage;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WriteLedger;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;

/**
 * The tables that a pipeline computes from events, and where it writes them: rows become changes of
 * the neutral format, and go the way of all changes.
 */
public final class DerivedTables {
  private final EventPipelineOptions options;
  private final Contract contract;
  private final DerivedContract.Kind kind;
  private final Contract tables;
  private PCollectionList<ChangeEvent> changes;
  private PCollectionList<DeadLetter> deadLetters;
  private PCollectionList<KV<String, ChangeCounts>> counts;

  /**
   * No rows yet.
   *
   * @param contract of all tables and events
   * @param kind of the tables that are written
   */
  public DerivedTables(
      Pipeline pipeline,
      EventPipelineOptions options,
      Contract contract,
      DerivedContract.Kind kind) {
    this.options = options;
    this.contract = contract;
    this.kind = kind;
    this.tables = of(contract, kind);
    this.changes = PCollectionList.empty(pipeline);
    this.deadLetters = PCollectionList.empty(pipeline);
    this.counts = PCollectionList.empty(pipeline);
  }

  /**
   * The tables that are written: those of a kind, and what {@link LateEvents} keeps of the events
   * that they are computed from.
   */
  public static Contract of(Contract contract, DerivedContract.Kind kind) {
    List<TableContract> tables = new ArrayList<>(contract.derived(kind));
    List<String> from = tables.stream().map(t -> t.derived().orElseThrow().from()).toList();
    List<TableContract> events =
        contract.events().stream().filter(event -> from.contains(event.name())).toList();
    tables.addAll(LateEvents.tables(contract.withTables(events)));
    return contract.withTables(tables);
  }

  /** Adds rows of a table, as changes of the option's build; they also go to its topic. */
  public void add(TableContract table, PCollection<Row> rows, EncodeChanges encode) {
    add(table, table.name(), rows, encode);
    ResultTopics.of(options, table)
        .ifPresent(
            topic ->
                rows.apply(
                        table.name() + "Records",
                        encode.withRecordKeys().withEpoch(options.getBuildVersion()))
                    .apply(table.name() + "Topic", topic));
  }

  /** Adds rows of a table, in steps whose names begin with this. */
  void add(TableContract table, String step, PCollection<Row> rows, EncodeChanges encode) {
    ParsedChanges parsed =
        rows.apply(step + "Encode", encode)
            .apply(
                step + "Rows",
                ParseChanges.as(ChangeFormat.CHANGES, tables.withTables(List.of(table)))
                    .withPositionEpoch(options.getBuildVersion()));
    changes = changes.and(parsed.changes());
    add(parsed.deadLetters());
  }

  /** Adds changes of tables. */
  public void addChanges(PCollection<ChangeEvent> more) {
    changes = changes.and(more);
  }

  /**
   * Adds what could not be read, and all that was: for the ledger, which also has the events of
   * types that no table is computed from.
   */
  public void addRead(ParsedEvents parsed) {
    add(parsed.deadLetters());
    addCounts(parsed.counts());
    Set<String> unused = unusedTypes();
    if (!unused.isEmpty()) {
      addCounts(
          parsed
              .events()
              .apply("UnusedEvents", ParDo.of(new CountUnusedFn(unused)))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
    }
  }

  private Set<String> unusedTypes() {
    Set<String> used =
        contract.derived(kind).stream()
            .map(table -> table.derived().orElseThrow().from())
            .collect(Collectors.toSet());
    return contract.events().stream()
        .filter(event -> !used.contains(event.name()))
        .map(TableContract::physicalName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Adds what became of events, by type and each counted once. */
  void addCounts(PCollection<KV<String, ChangeCounts>> more) {
    counts = counts.and(more);
  }

  /** Adds what was rejected. */
  public void add(PCollection<DeadLetter> letters) {
    deadLetters = deadLetters.and(letters);
  }

  /** Writes all that was added. */
  public void write() {
    Warehouse warehouse = Warehouses.of(options);
    WriteWarehouse.Result written =
        changes
            .apply("AllRows", Flatten.pCollections())
            .apply("Warehouse", WriteWarehouse.to(warehouse, tables).withRun(options.getRun()));
    counts
        .apply("AllCounts", Flatten.pCollections())
        .apply("Ledger", WriteLedger.to(warehouse, options.getRun()).withStage(Stage.EVENTS));
    deadLetters
        .and(written.deadLetters())
        .apply("AllDeadLetters", Flatten.pCollections())
        .apply("DeadLetters", WriteDeadLetters.to(options.getDeadLetters()));
  }
}
