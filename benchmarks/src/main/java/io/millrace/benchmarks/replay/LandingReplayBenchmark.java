package io.millrace.benchmarks.replay;

import io.millrace.benchmarks.beam.MillraceMerge;
import io.millrace.benchmarks.flink.NativeMerge;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import java.io.IOException;
import java.util.List;

/** {@code replay --source=landing}. */
final class LandingReplayBenchmark implements Benchmark {
  @Override
  public String name() {
    return "replay --source=landing";
  }

  @Override
  public String source() {
    return "landing";
  }

  @Override
  public String summary() {
    return "the newest change of each row, from a landing, in batch mode";
  }

  @Override
  public String description() {
    return "The work of 'replay', but the 2,000,000 events are in the Parquet files that 'archive'"
        + " lands a topic of two partitions in.";
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
            "ReadLog, ParseChanges, MergeChanges, as replicate --fromLanding uses them",
            MillraceMerge::landing),
        new Entrant(
            "native Flink BATCH",
            Role.PEER,
            "the job of 'replay' on FileSource with Flink's vectorized reader of Parquet, which"
                + " reads the values alone",
            NativeMerge::landing));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return OrdersLanding.write(request);
  }
}
