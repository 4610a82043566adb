package io.millrace.benchmarks.merge;

import io.millrace.benchmarks.beam.MillraceMerge;
import io.millrace.benchmarks.beam.NaiveMerge;
import io.millrace.benchmarks.flink.NativeMerge;
import io.millrace.benchmarks.flink.SqlMerge;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.orders.OrdersFile;
import java.io.IOException;
import java.util.List;

/** {@code merge}. */
public final class MergeBenchmark implements Benchmark {
  @Override
  public String name() {
    return "merge";
  }

  @Override
  public String summary() {
    return "the newest change of each row, from a file, in streaming mode";
  }

  @Override
  public String description() {
    return "Reads 2,000,000 Debezium events from a file, parses them, keeps the newest of each key"
        + " by log position in keyed state, and hands what is newer than all before to a sink that"
        + " counts. All run on Flink in one JVM with parallelism 2, state on the heap, object reuse"
        + " and a checkpoint every 10 s. Millrace also checks every value against the contract and"
        + " looks for columns that are left out; the native job does not.";
  }

  @Override
  public long defaultEvents() {
    return 2_000_000;
  }

  @Override
  public List<Entrant> entrants() {
    return List.of(
        new Entrant(
            "Millrace",
            Role.MILLRACE,
            "ReadFiles, ParseChanges, MergeChanges, as replicate uses them",
            MillraceMerge::streaming),
        new Entrant(
            "native Flink",
            Role.PEER,
            "DataStream job by hand: lines as slices, Jackson tokens into one reused object, own"
                + " serializers, state of the position only",
            NativeMerge::streaming),
        new Entrant(
            "Flink SQL",
            Role.SHOWN,
            "JSON format, REGEXP_EXTRACT for the position, ROW_NUMBER() = 1; keeps whole rows in"
                + " state",
            SqlMerge::new),
        new Entrant(
            "naive Beam",
            Role.SHOWN,
            "TextIO, Jackson trees, a class with a schema, ValueState of it; Beam's defaults",
            NaiveMerge::new));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return OrdersFile.write(request);
  }
}
