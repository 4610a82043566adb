package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.beam.MillraceEnrich;
import io.millrace.benchmarks.flink.SqlEnrich;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.sales.SalesTopics;
import io.millrace.benchmarks.streams.StreamsEnrich;
import java.io.IOException;
import java.util.List;

/** {@code enrich}. */
public final class EnrichBenchmark implements Benchmark {
  private static final String AT_ONCE = "at-once";
  private static final String CORRECTED = "corrected";
  private static final long HORIZON = 60_000;

  @Override
  public String name() {
    return "enrich";
  }

  @Override
  public String summary() {
    return "facts joined with what a table's row was at their time, from Kafka topics";
  }

  @Override
  public String description() {
    return "Joins 2,000,000 sales of 10,000 products with the price that each product had then, of"
        + " some 210,000, up to 1 s out of order, and hands both to a sink that counts. Sales and"
        + " prices lie in a topic of two partitions each, compressed with lz4, of a local broker"
        + " whose own CPU is not counted. Two threads or copies of each step. In the contest"
        + " 'at-once', which the ratio is of, what was said stays so: the peers can do no other, and"
        + " the cheaper counts. In 'corrected' Millrace alone is ready to take it back for a minute.";
  }

  @Override
  public long defaultEvents() {
    return 2_000_000;
  }

  @Override
  public List<Entrant> entrants() {
    return List.of(
        new Entrant(
            AT_ONCE,
            "Millrace",
            Role.MILLRACE,
            "ReadTopics, EnrichWith.versionedTable without a correction horizon",
            settings -> new MillraceEnrich(settings, 0)),
        new Entrant(
            AT_ONCE,
            "Flink SQL",
            Role.PEER,
            "FOR SYSTEM_TIME AS OF a versioned table, on KafkaSource and binary rows that nothing"
                + " converts, state on the heap",
            SqlEnrich::new),
        new Entrant(
            AT_ONCE,
            "Kafka Streams",
            Role.PEER,
            "a stream's join with a table in a versioned store, with a grace of 1 s; both in"
                + " RocksDB, with changelogs",
            StreamsEnrich::new),
        new Entrant(
            CORRECTED,
            "Millrace, horizon 1 min",
            Role.MILLRACE,
            "the same, ready to correct what was said by what is up to a minute late",
            settings -> new MillraceEnrich(settings, HORIZON)));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return SalesTopics.fill(request);
  }
}
