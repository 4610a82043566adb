package io.millrace.benchmarks;

import io.millrace.benchmarks.audit.AuditBenchmark;
import io.millrace.benchmarks.enrich.EnrichBenchmark;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.kafka.KafkaBenchmark;
import io.millrace.benchmarks.merge.MergeBenchmark;
import io.millrace.benchmarks.replay.ReplayBenchmark;
import io.millrace.benchmarks.warehouse.HistoryBenchmark;
import io.millrace.benchmarks.warehouse.WarehouseBenchmark;
import io.millrace.benchmarks.windows.WindowsBenchmark;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All benchmarks. */
public final class Benchmarks {
  /** In the order they are listed in. */
  static final List<Benchmark> ALL =
      List.of(
          new MergeBenchmark(),
          new KafkaBenchmark(),
          new WarehouseBenchmark(),
          new HistoryBenchmark(),
          new ReplayBenchmark(),
          new WindowsBenchmark(),
          new EnrichBenchmark(),
          new AuditBenchmark());

  /** The benchmark of a name. */
  public static Optional<Benchmark> named(String name) {
    return ALL.stream()
        .flatMap(Benchmarks::bySource)
        .filter(benchmark -> benchmark.name().equals(name))
        .findFirst();
  }

  /** A benchmark, and the same on other sources. */
  static Stream<Benchmark> bySource(Benchmark benchmark) {
    return Stream.concat(Stream.of(benchmark), benchmark.others().stream());
  }

  private Benchmarks() {}
}
