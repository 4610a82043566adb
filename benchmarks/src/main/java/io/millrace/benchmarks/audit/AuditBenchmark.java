package io.millrace.benchmarks.audit;

import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Measure;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** {@code audit}. */
public final class AuditBenchmark implements Benchmark {
  @Override
  public String name() {
    return "audit";
  }

  @Override
  public String summary() {
    return "the differences between two tables of a million rows, found";
  }

  @Override
  public String description() {
    return "Compares a source's table of 1,000,000 orders with the warehouse's, in two databases of one"
        + " PostgreSQL server. Five differences are planted: a row that is missing, one too many, a"
        + " changed value, one that was rounded, and a time by another zone's clock. In the contest"
        + " 'still', which the ratio is of, nothing is written. In 'live' Millrace alone compares"
        + " while 1,000 rows are changed every second at the source, and a moment later in the"
        + " warehouse; in 'live-equal' nothing is planted, too. The ratio is of seconds on the clock.";
  }

  @Override
  public long defaultEvents() {
    return 1_000_000;
  }

  @Override
  public int defaultWarmups() {
    return 1;
  }

  @Override
  public Measure measure() {
    return Measure.WALL;
  }

  @Override
  public List<Entrant> entrants() {
    return List.of(
        new Entrant(
            AuditTables.STILL,
            "Millrace",
            Role.MILLRACE,
            "audit --lagSeconds=0",
            settings -> new MillraceAudit(settings, 0, false)),
        new Entrant(
            AuditTables.STILL,
            "full comparison",
            Role.PEER,
            "all rows of both sides, sorted by key, read side by side and compared as texts",
            FullComparison::new),
        new Entrant(
            AuditTables.LIVE,
            "Millrace",
            Role.MILLRACE,
            "audit, with a lag of 5 s, while 1,000 rows are changed every second",
            settings -> new MillraceAudit(settings, 5, true)),
        new Entrant(
            AuditTables.LIVE_EQUAL,
            "Millrace",
            Role.MILLRACE,
            "the same without planted differences",
            settings -> new MillraceAudit(settings.with("schema", "equal"), 5, true)));
  }

  @Override
  public Scene prepare(Request request) throws IOException, SQLException {
    return AuditTables.fill(request);
  }
}
