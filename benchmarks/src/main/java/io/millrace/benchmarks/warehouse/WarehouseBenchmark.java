package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Measure;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** {@code warehouse}. */
public final class WarehouseBenchmark implements Benchmark {
  @Override
  public String name() {
    return "warehouse";
  }

  @Override
  public String summary() {
    return "upserts into PostgreSQL over one connection";
  }

  @Override
  public String description() {
    return "Upserts 500,000 changes of 150,000 keys, in the order of their commits, into a table"
        + " of one PostgreSQL server on this machine. Each has one connection; events, records or"
        + " lines are made before the clock starts. Millrace decodes its events from JSON, compares"
        + " log positions in the database, and keeps its system columns and the ledger; the others"
        + " write ten columns and compare nothing. The ratio is of seconds on the clock."
        + " --set batch=N is Millrace's batch size, --set batches=N,N,... what is tried for"
        + " Debezium.";
  }

  @Override
  public long defaultEvents() {
    return 500_000;
  }

  @Override
  public Measure measure() {
    return Measure.WALL;
  }

  @Override
  public List<Entrant> entrants() {
    return List.of(
        new Entrant(
            "Millrace",
            Role.MILLRACE,
            "the writing step of WriteWarehouse in bundles of 50,000, called as Flink's runner does",
            MillraceSink::latest),
        new Entrant(
            "Debezium JDBC sink",
            Role.PEER,
            "3.6.0.Final, upsert by record key, reduction buffer, unnest, its best batch size;"
                + " records with schemas, not deserialized",
            DebeziumSink::new),
        new Entrant(
            "JdbcIO",
            Role.SHOWN,
            "Beam's, an upsert for each event in JDBC batches of 1,000, on Flink in batch mode"
                + " (a second or two of it is the job's)",
            JdbcIoSink::new),
        new Entrant(
            "COPY and upsert",
            Role.SHOWN,
            "into a temporary table, 10,000 at a time, and from there INSERT ... ON CONFLICT",
            CopySink::upserting),
        new Entrant(
            "COPY",
            Role.SHOWN,
            "the limit: every change appended to a table without a key",
            CopySink::appending));
  }

  @Override
  public Scene prepare(Request request) throws IOException, SQLException {
    return WarehouseServer.start(request);
  }
}
