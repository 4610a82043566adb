package io.millrace.benchmarks.replay;

import io.millrace.benchmarks.beam.MillraceMerge;
import io.millrace.benchmarks.flink.NativeMerge;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.orders.OrdersFile;
import java.io.IOException;
import java.util.List;

/** {@code replay}. */
public final class ReplayBenchmark implements Benchmark {
  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String summary() {
    return "the newest change of each row, from a file, in batch mode";
  }

  @Override
  public String description() {
    return "The work of 'merge' on the same file, in batch mode: Flink sorts by key instead of"
        + " keeping state. DuckDB reads the file with its JSON reader and takes the newest row of"
        + " each key by a window; it neither keeps the other changes nor checks values.";
  }

  @Override
  public String source() {
    return "file";
  }

  @Override
  public List<Benchmark> others() {
    return List.of(new LandingReplayBenchmark());
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
            MillraceMerge::batch),
        new Entrant(
            "native Flink BATCH",
            Role.PEER,
            "the DataStream job of 'merge' with RuntimeExecutionMode.BATCH",
            NativeMerge::batch),
        new Entrant(
            "DuckDB",
            Role.SHOWN,
            "read_json, then row_number() over each key's positions; 2 threads",
            DuckDb::new));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return OrdersFile.write(request);
  }
}
