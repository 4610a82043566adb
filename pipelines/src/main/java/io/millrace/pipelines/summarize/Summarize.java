package io.millrace.pipelines.summarize;

import io.millrace.pipelines.event.DerivedTables;
import io.millrace.pipelines.event.Events;
import io.millrace.pipelines.event.LateEvents;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.event.ParsedEvents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/**
 * Sums up events by window, as the contract's tables of kind {@code summary} say, and keeps the
 * tables in a warehouse: rows come early, on time and corrected, each in the place of the one
 * before. The same for files and for topics that never end.
 */
public final class Summarize {

  /** Builds the pipeline; the warehouse's tables are there when it runs. */
  public static void build(Pipeline pipeline, SummarizeOptions options) {
    Contract contract = InputFiles.contract(options);
    ParsedEvents parsed = Events.read(pipeline, options, contract);
    DerivedTables tables =
        new DerivedTables(pipeline, options, contract, DerivedContract.Kind.SUMMARY);
    tables.addRead(parsed);
    keep(parsed.events(), options, contract, tables);
    tables.write();
  }

  /** Adds the rows of all summaries, and what came too late for them. */
  static void keep(
      PCollection<BusinessEvent> events,
      SummarizeOptions options,
      Contract contract,
      DerivedTables tables) {
    byEvent(summaries(contract))
        .forEach(
            (event, summaries) -> {
              PCollection<BusinessEvent> inTime =
                  LateEvents.route(events, event, latest(summaries), contract, options, tables);
              summaries.forEach(summary -> keep(summary, inTime, options, tables));
            });
  }

  private static Map<TableContract, List<Summary>> byEvent(List<Summary> summaries) {
    Map<TableContract, List<Summary>> byEvent = new LinkedHashMap<>();
    for (Summary summary : summaries) {
      byEvent.computeIfAbsent(summary.event(), event -> new ArrayList<>()).add(summary);
    }
    return byEvent;
  }

  /** What any of them still takes: to the others it is too late, and they leave it out. */
  private static Duration latest(List<Summary> summaries) {
    return summaries.stream().map(Summary::allowedLateness).max(Duration::compareTo).orElseThrow();
  }

  private static void keep(
      Summary summary,
      PCollection<BusinessEvent> events,
      SummarizeOptions options,
      DerivedTables tables) {
    String name = summary.table().name();
    PCollection<Row> results =
        events
            .apply(name + "Decode", ParDo.of(new DecodeFn(summary.rows())))
            .setRowSchema(summary.rows().schema())
            .apply(name + "Aggregate", summary.aggregation().withBuckets(options.getBuckets()))
            .results();
    tables.add(summary.table(), results, encode(summary.table()));
  }

  /**
   * The contract's summaries.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if it asks for what there is not
   */
  static List<Summary> summaries(Contract contract) {
    return contract.derived(DerivedContract.Kind.SUMMARY).stream()
        .map(table -> Summary.of(table, contract))
        .toList();
  }

  /**
   * Results as changes of rows. Of two results of a window the one holds that stands for more
   * elements, and then the later revision; so what a run says again from the beginning is no news.
   */
  private static EncodeChanges encode(TableContract table) {
    return EncodeChanges.of(table, Summarize::position)
        .withDeletes(row -> row.getBoolean("retraction"));
  }

  private static long position(Row row) {
    Schema schema = row.getSchema();
    long elements = row.getInt64(schema.indexOf("elements"));
    return elements << 16 | Math.min(row.getInt64("revision"), 0xFFFF);
  }

  private Summarize() {}
}
