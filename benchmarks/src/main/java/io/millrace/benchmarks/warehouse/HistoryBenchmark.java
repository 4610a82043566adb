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

/** {@code history}. */
public final class HistoryBenchmark implements Benchmark {
  @Override
  public String name() {
    return "history";
  }

  @Override
  public String summary() {
    return "what it costs to keep all versions beside the current rows";
  }

  @Override
  public String description() {
    return "Writes the 500,000 changes of 'warehouse' into one PostgreSQL server, as"
        + " replicate does with --history=true and without. Nearly every change is a version of its"
        + " own: a row is inserted, and the version before it is ended. The ratio is of seconds on the"
        + " clock: what a run without history needs, to what one with history does.";
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
            "history",
            Role.MILLRACE,
            "the writing step of WriteWarehouse, current rows and versions",
            MillraceSink::history),
        new Entrant("latest", Role.PEER, "the same, current rows alone", MillraceSink::latest));
  }

  @Override
  public Scene prepare(Request request) throws IOException, SQLException {
    return WarehouseServer.start(request);
  }
}
