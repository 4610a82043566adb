package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.audit.ListedRows;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.audit.TextRow;
import io.millrace.testdata.sales.SaleEvent;
import io.millrace.testdata.sales.SaleEvent.Arrival;
import io.millrace.testdata.sales.SaleEvent.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Summaries and alerts compared with the events that were sent, each of which counts once. What was
 * kept as too late they leave out; for summaries these must be events that were sent so.
 *
 * @param audits of each summary, and of the alerts
 * @param counts what became of the events, a line for each kind
 * @param faults what is wrong with that
 */
record GoldAudit(List<TableAudit> audits, List<String> counts, List<String> faults) {
  private static final long WINDOW_MILLIS = 5_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssx").withZone(ZoneOffset.UTC);

  boolean isRight() {
    return faults.isEmpty() && audits.stream().allMatch(TableAudit::isEqual);
  }

  /** Compares all that was sent with what is in the warehouse by now. */
  static GoldAudit of(Database warehouse, List<SaleEvent> sent) throws SQLException, IOException {
    List<TableAudit> audits = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<SaleEvent> once =
          sent.stream()
              .filter(event -> event.kind() == kind && event.arrival() != Arrival.AGAIN)
              .toList();
      Set<String> kept = kept(warehouse, kind.event());
      audits.add(audit(warehouse, kind, once, kept));
      if (kind == Kind.PAYMENT) {
        Set<String> unseen = kept(warehouse, SalesPipeline.RISK + kind.event());
        audits.add(CardTesting.audit(warehouse, once, unseen));
      }
      checkKept(kind, once, kept, faults);
      Counts found = Counts.of(warehouse, kind);
      counts.add(
          "%s: %,d sent = %,d in time + %,d late + %,d too late and kept"
              .formatted(kind.event(), once.size(), found.inTime(), found.late(), found.tooLate()));
      if (found.all() != once.size() || found.tooLate() != kept.size()) {
        faults.add(
            "of %,d %s %,d were counted; %,d were too late, and %,d are kept"
                .formatted(once.size(), kind.event(), found.all(), found.tooLate(), kept.size()));
      }
    }
    return new GoldAudit(audits, counts, faults);
  }

  private static void checkKept(
      Kind kind, List<SaleEvent> sent, Set<String> kept, List<String> faults) {
    Set<String> unexpected = new HashSet<>(kept);
    sent.stream()
        .filter(event -> event.arrival() == Arrival.TOO_LATE)
        .forEach(event -> unexpected.remove(event.id()));
    if (!unexpected.isEmpty()) {
      faults.add(
          "%,d of the %s kept as too late were not sent so, such as %s"
              .formatted(unexpected.size(), kind.event(), unexpected.iterator().next()));
    }
  }

  private static TableAudit audit(
      Database warehouse, Kind kind, List<SaleEvent> sent, Set<String> kept)
      throws SQLException, IOException {
    String table = kind == Kind.PURCHASE ? "revenue" : "payments_by_status";
    List<String> key =
        kind == Kind.PURCHASE ? List.of("window_start") : List.of("status", "window_start");
    List<String> columns =
        kind == Kind.PURCHASE ? List.of("orders", "revenue") : List.of("payments", "amount");
    Map<List<String>, Total> totals = new HashMap<>();
    sent.stream()
        .filter(event -> !kept.contains(event.id()))
        .forEach(event -> totals.merge(key(event), new Total(1, event.amount()), Total::plus));
    List<TextRow> expected =
        totals.entrySet().stream()
            .map(total -> new TextRow(total.getKey(), total.getValue().texts()))
            .toList();
    try (TableRows found = new TableRows(warehouse, table + "_live", key, columns)) {
      return TableAudit.compare(table, columns, new ListedRows(expected), found);
    }
  }

  private static List<String> key(SaleEvent event) {
    long begin = Math.floorDiv(event.occurredAt(), WINDOW_MILLIS) * WINDOW_MILLIS;
    String window = TIME.format(Instant.ofEpochMilli(begin));
    return event.kind() == Kind.PURCHASE ? List.of(window) : List.of(event.status(), window);
  }

  private static Set<String> kept(Database warehouse, String event) throws SQLException {
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id::text FROM " + event + "_late_live")) {
      Set<String> kept = new HashSet<>();
      while (rows.next()) {
        kept.add(rows.getString(1));
      }
      return kept;
    }
  }

  /** What falls in a window. */
  private record Total(long count, BigDecimal sum) {
    Total plus(Total other) {
      return new Total(count + other.count, sum.add(other.sum));
    }

    List<String> texts() {
      return List.of(Long.toString(count), sum.toPlainString());
    }
  }

  /** What Millrace has counted. */
  private record Counts(long inTime, long late, long tooLate) {
    long all() {
      return inTime + late + tooLate;
    }

    static Counts of(Database warehouse, Kind kind) throws SQLException {
      try (Connection connection = warehouse.connect();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT sum(in_time), sum(late), sum(too_late) FROM late_counts_live"
                      + " WHERE event = '%s'".formatted(kind.event()))) {
        row.next();
        return new Counts(row.getLong(1), row.getLong(2), row.getLong(3));
      }
    }
  }
}
