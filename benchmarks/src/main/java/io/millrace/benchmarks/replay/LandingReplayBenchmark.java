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
  private static final String PLAIN = "plain";

  /** The contest in which a compacted log is replayed. */
  static final String COMPACTED = "compacted";

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
        + " lands a topic of two partitions in. In a second contest the log has four times as many"
        + " events, some twenty of each key, and what 'compact' made of it is replayed against all"
        + " of it; the last line is the worse ratio of both, so look at the rounds of each.";
  }

  @Override
  public long defaultEvents() {
    return 2_000_000;
  }

  @Override
  public long events(String contest, long events) {
    // So that there is more to do in a compacted log than to start and stop Flink.
    return contest.equals(COMPACTED) ? 4 * events : events;
  }

  @Override
  public List<Entrant> entrants() {
    return List.of(
        new Entrant(
            PLAIN,
            "Millrace",
            Role.MILLRACE,
            "ReadLog, ParseChanges, MergeChanges, as replicate --fromLanding uses them",
            MillraceMerge::landing),
        new Entrant(
            PLAIN,
            "native Flink BATCH",
            Role.PEER,
            "the job of 'replay' on FileSource with Flink's vectorized reader of Parquet, which"
                + " reads the values alone",
            NativeMerge::landing),
        new Entrant(
            COMPACTED,
            "Millrace",
            Role.MILLRACE,
            "the same on the compacted log",
            MillraceMerge::compacted),
        new Entrant(
            COMPACTED,
            "Millrace, whole log",
            Role.PEER,
            "the same on the whole log, twenty changes of each key",
            MillraceMerge::history));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return OrdersLandings.write(request, events(COMPACTED, request.events()));
  }
}
