package io.millrace.pipelines.event;

import io.millrace.pipelines.result.ResultTables;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.event.ParsedEvents;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.quality.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * The tables that a pipeline computes from events, and those of late ones. What was read is counted
 * for the ledger.
 */
public final class DerivedTables {
  private final Contract contract;
  private final DerivedContract.Kind kind;
  private final ResultTables results;

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
    this.contract = contract;
    this.kind = kind;
    this.results =
        new ResultTables(pipeline, options, of(contract, kind), options.getBuildVersion());
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
    results.add(table, rows, encode);
  }

  /** Adds rows of a table, in steps whose names begin with this. */
  void add(TableContract table, String step, PCollection<Row> rows, EncodeChanges encode) {
    results.add(table, step, rows, encode);
  }

  /** Adds changes of tables. */
  public void addChanges(PCollection<ChangeEvent> more) {
    results.addChanges(more);
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
    results.addCounts(more);
  }

  /** Adds what was rejected. */
  public void add(PCollection<DeadLetter> letters) {
    results.add(letters);
  }

  /** Writes all that was added. */
  public void write() {
    results.write();
  }
}
