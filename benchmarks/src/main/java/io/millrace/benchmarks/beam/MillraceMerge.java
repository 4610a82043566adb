package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderBook;
import io.millrace.benchmarks.orders.OrderChanges;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.MergeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.read.ReadFiles;
import io.millrace.transforms.read.ReadLog;
import io.millrace.transforms.read.ReadTopics;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Millrace's own transforms: read, parse and check, keep the newest of each order, count. */
public final class MillraceMerge implements Contestant {
  private final long events;
  private final FlinkPipelineOptions options;
  private final PTransform<PBegin, PCollection<RecordBlock>> read;

  private MillraceMerge(
      long events,
      FlinkPipelineOptions options,
      PTransform<PBegin, PCollection<RecordBlock>> read) {
    this.events = events;
    this.options = options;
    this.read = read;
  }

  /** On a file, in streaming mode. */
  public static MillraceMerge streaming(Settings settings) {
    return new MillraceMerge(
        settings.number("events"),
        BeamOnFlink.streaming(),
        ReadFiles.matching(settings.text("file")));
  }

  /** On a file, in batch mode. */
  public static MillraceMerge batch(Settings settings) {
    return new MillraceMerge(
        settings.number("events"), BeamOnFlink.batch(), ReadFiles.matching(settings.text("file")));
  }

  /** On a landing, in batch mode. */
  public static MillraceMerge landing(Settings settings) {
    return landed(settings, "events", "landing");
  }

  /** On the landing of a history of which there is a compacted one, in batch mode. */
  public static MillraceMerge history(Settings settings) {
    return landed(settings, "eventsOfHistory", "history");
  }

  /** On what was landed of a history, the compacted one first, in batch mode. */
  public static MillraceMerge compacted(Settings settings) {
    return landed(settings, "eventsOfHistory", "compacted", "history");
  }

  private static MillraceMerge landed(Settings settings, String events, String... landings) {
    return new MillraceMerge(
        settings.number(events),
        BeamOnFlink.batch(),
        ReadLog.landedIn(Arrays.stream(landings).map(settings::text).toList()));
  }

  /**
   * On a topic: it has no end, so the run is stopped when every event has been through the merge.
   */
  public static MillraceMerge topic(Settings settings) {
    FlinkPipelineOptions options = BeamOnFlink.streaming();
    options.setShutdownSourcesAfterIdleMs(-1L);
    options.setAttachedMode(false);
    return new MillraceMerge(
        settings.number("events"),
        options,
        ReadTopics.from(settings.text("bootstrapServers")).topics(List.of(settings.text("topic"))));
  }

  @Override
  public void reset() {
    OrderBook.renew(OrderChanges.keys(events));
  }

  @Override
  public void run() throws Exception {
    long before = merged();
    Pipeline pipeline = Pipeline.create(options);
    Contract contract = Contract.parse(OrderChanges.contract(), "orders");
    pipeline
        .apply("Read", read)
        .apply(
            "Parse",
            ParseChanges.as(ChangeFormat.DEBEZIUM, contract).packedFor(MergeChanges.latest()))
        .packed()
        .apply("Merge", MergeChanges.latest().ofPacked())
        .accepted()
        .apply("Book", ParDo.of(new BookFn()));
    PipelineResult result = pipeline.run();
    if (options.getAttachedMode()) {
      result.waitUntilFinish();
      return;
    }
    while (merged() - before < events) {
      if (result.getState().isTerminal()) {
        throw new IOException("the pipeline ended as " + result.getState() + " in mid-run");
      }
      Thread.sleep(20);
    }
    result.cancel();
  }

  /** How many changes came out of the merge in this JVM, in one way or another. */
  private static long merged() {
    Map<String, Long> totals = RunCounter.totals();
    return Stream.of("changes_accepted", "changes_superseded", "changes_duplicate")
        .mapToLong(name -> totals.getOrDefault(name, 0L))
        .sum();
  }

  @Override
  public Outcome outcome() {
    OrderBook book = OrderBook.shared();
    return Outcome.of(book.answer(), book.keys());
  }
}
