package io.millrace.benchmarks.kafka;

import io.millrace.benchmarks.beam.MillraceMerge;
import io.millrace.benchmarks.flink.NativeMerge;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.orders.OrdersTopic;
import java.io.IOException;
import java.util.List;

/** {@code kafka}. */
public final class KafkaBenchmark implements Benchmark {
  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public String summary() {
    return "the newest change of each row, from a Kafka topic";
  }

  @Override
  public String description() {
    return "The work of 'merge', but the 2,000,000 events come from a topic of two partitions,"
        + " compressed with lz4, of a local broker whose own CPU is not counted. Metrics are on, as"
        + " both have them by default. The native job ends where the topic ended when it began;"
        + " Millrace's reading has no end, so its run is cancelled when every event has been"
        + " merged.";
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
            "ReadTopics, ParseChanges, MergeChanges, as replicate uses them",
            MillraceMerge::topic),
        new Entrant(
            "native Flink",
            Role.PEER,
            "the DataStream job of 'merge' on KafkaSource, which parses in its deserializer",
            NativeMerge::topic));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return OrdersTopic.fill(request);
  }
}
