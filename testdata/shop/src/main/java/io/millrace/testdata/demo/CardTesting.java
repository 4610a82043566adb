package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.audit.ListedRows;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.audit.TextRow;
import io.millrace.testdata.sales.SaleEvent;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rule of {@code sales.rules.yaml}, worked out from all payments at once. */
final class CardTesting {
  private static final BigDecimal SMALL = BigDecimal.valueOf(3);
  private static final BigDecimal LARGE = BigDecimal.valueOf(300);
  private static final int TIMES = 2;
  private static final long WITHIN_MILLIS = 600_000;

  /**
   * Compares the alerts in the warehouse with those that there should be.
   *
   * @param payments each once
   * @param kept the ids of those that came too late for the rule
   */
  static TableAudit audit(Database warehouse, List<SaleEvent> payments, Set<String> kept)
      throws SQLException, IOException {
    String table = SalesPipeline.RISK + "card_alerts";
    Map<String, List<SaleEvent>> cards =
        payments.stream()
            .filter(payment -> !kept.contains(payment.id()))
            .collect(Collectors.groupingBy(SaleEvent::key, TreeMap::new, Collectors.toList()));
    List<TextRow> expected = new ArrayList<>();
    cards.forEach((card, events) -> addAlerts(card, events, expected));
    try (TableRows found =
        new TableRows(warehouse, table + "_live", List.of("event_ids"), List.of("card"))) {
      return TableAudit.compare(table, List.of("card"), new ListedRows(expected), found);
    }
  }

  /** A payment is in one alert at most, and the oldest ones are told. */
  private static void addAlerts(String card, List<SaleEvent> payments, List<TextRow> alerts) {
    payments.sort(Comparator.comparing(SaleEvent::occurredAt).thenComparing(SaleEvent::json));
    List<SaleEvent> small = new ArrayList<>();
    for (SaleEvent payment : payments) {
      if (payment.amount().compareTo(SMALL) < 0) {
        small.add(payment);
      } else if (payment.amount().compareTo(LARGE) > 0) {
        small.removeIf(before -> payment.occurredAt() - before.occurredAt() >= WITHIN_MILLIS);
        if (small.size() >= TIMES) {
          List<SaleEvent> found = new ArrayList<>(small.subList(0, TIMES));
          found.add(payment);
          alerts.add(new TextRow(List.of(ids(found)), List.of(card)));
          small.clear();
        }
      }
    }
  }

  /** As PostgreSQL writes an array in JSON. */
  private static String ids(List<SaleEvent> payments) {
    return payments.stream()
        .map(payment -> '"' + payment.id() + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private CardTesting() {}
}
