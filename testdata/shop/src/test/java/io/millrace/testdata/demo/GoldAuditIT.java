package io.millrace.testdata.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.sales.SaleEvent;
import io.millrace.testdata.sales.SaleEvent.Arrival;
import io.millrace.testdata.sales.SaleEvent.Kind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the demo finds wrong with summaries, in a real PostgreSQL. */
class GoldAuditIT {
  private static final long BEGIN = 1_777_593_600_000L;
  private static final String FIRST = "00000000-0000-0000-0000-000000000001";
  private static final String SECOND = "00000000-0000-0000-0000-000000000002";
  private static final String TOO_LATE = "00000000-0000-0000-0000-000000000003";
  private static final String PAID = "00000000-0000-0000-0000-000000000004";

  private static final List<SaleEvent> SENT =
      List.of(
          event(Kind.PURCHASE, Arrival.IN_ORDER, FIRST, BEGIN, "10.10", ""),
          event(Kind.PURCHASE, Arrival.AGAIN, FIRST, BEGIN, "10.10", ""),
          event(Kind.PURCHASE, Arrival.LATE, SECOND, BEGIN + 4_999, "0.05", ""),
          event(Kind.PURCHASE, Arrival.TOO_LATE, TOO_LATE, BEGIN, "7.00", ""),
          event(Kind.PAYMENT, Arrival.IN_ORDER, PAID, BEGIN + 5_000, "3.00", "approved"));

  private static LocalPostgres postgres;
  private static int warehouses;

  private Database warehouse;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  /** As they should be. */
  @BeforeEach
  void fill() throws Exception {
    warehouse = postgres.database("warehouse" + warehouses++);
    execute(
        """
        CREATE TABLE revenue_live (window_start timestamptz, orders bigint, revenue numeric(20,2));
        CREATE TABLE payments_by_status_live
          (status text, window_start timestamptz, payments bigint, amount numeric(20,2));
        CREATE TABLE purchases_late_live (id uuid);
        CREATE TABLE payments_late_live (id uuid);
        CREATE TABLE risk_card_alerts_live (card text, event_ids jsonb);
        CREATE TABLE risk_payments_late_live (id uuid);
        CREATE TABLE late_counts_live (event text, in_time bigint, late bigint, too_late bigint);
        INSERT INTO revenue_live VALUES ('2026-05-01 00:00:00Z', 2, 10.15);
        INSERT INTO payments_by_status_live VALUES ('approved', '2026-05-01 00:00:05Z', 1, 3);
        INSERT INTO purchases_late_live VALUES ('00000000-0000-0000-0000-000000000003');
        INSERT INTO late_counts_live VALUES ('purchases', 1, 1, 1), ('payments', 1, 0, 0);
        """);
  }

  @Test
  void whatCountsOnceAndLeavesOutWhatWasTooLateIsRight() throws Exception {
    GoldAudit audit = audit();
    assertThat(audit.toString(), audit.isRight(), is(true));
    assertThat(
        audit.counts(),
        contains(
            "purchases: 3 sent = 1 in time + 1 late + 1 too late and kept",
            "payments: 1 sent = 1 in time + 0 late + 0 too late and kept"));
  }

  @Test
  void aTooLateEventThatWasTakenAfterAllCounts() throws Exception {
    execute(
        """
        DELETE FROM purchases_late_live;
        UPDATE late_counts_live SET late = 2, too_late = 0 WHERE event = 'purchases';
        UPDATE revenue_live SET orders = 3, revenue = 17.15;
        """);
    assertThat(audit().toString(), audit().isRight(), is(true));
  }

  @Test
  void aCentIsADifference() throws Exception {
    execute("UPDATE revenue_live SET revenue = 10.16");
    assertThat(audit().isRight(), is(false));
    assertThat(
        audit().audits().get(0).differences(),
        contains(containsString("revenue should be '10.15' and is '10.16'")));
    assertThat(audit().faults(), is(empty()));
  }

  @Test
  void anEventThatIsNowhereIsMissed() throws Exception {
    execute("UPDATE late_counts_live SET in_time = 0 WHERE event = 'payments'");
    assertThat(audit().isRight(), is(false));
    assertThat(
        audit().faults(),
        contains("of 1 payments 0 were counted; 0 were too late, and 0 are kept"));
  }

  @Test
  void anEventKeptAsTooLateThatWasNotIsAFault() throws Exception {
    execute(
        """
        UPDATE purchases_late_live SET id = '00000000-0000-0000-0000-000000000002';
        UPDATE revenue_live SET orders = 2, revenue = 17.10;
        """);
    assertThat(
        audit().faults(),
        contains("1 of the purchases kept as too late were not sent so, such as " + SECOND));
  }

  /** The first two small payments and the large one; what was kept as too late is not in it. */
  @Test
  void alertsAreThoseOfThePaymentsThatTheRuleSaw() throws Exception {
    List<SaleEvent> payments =
        List.of(
            event(Kind.PAYMENT, Arrival.IN_ORDER, "large", BEGIN + 50, "300.01", "approved"),
            event(Kind.PAYMENT, Arrival.IN_ORDER, "first", BEGIN + 10, "2.99", "approved"),
            event(Kind.PAYMENT, Arrival.LATE, "unseen", BEGIN + 15, "1.00", "approved"),
            event(Kind.PAYMENT, Arrival.IN_ORDER, "second", BEGIN + 20, "1.00", "declined"),
            event(Kind.PAYMENT, Arrival.IN_ORDER, "third", BEGIN + 40, "1.00", "approved"),
            event(Kind.PAYMENT, Arrival.IN_ORDER, "larger", BEGIN + 60, "900.00", "approved"));
    assertThat(CardTesting.audit(warehouse, payments, Set.of("unseen")).isEqual(), is(false));
    execute(
        """
        INSERT INTO risk_card_alerts_live VALUES ('', '["first", "second", "large"]')
        """);
    assertThat(CardTesting.audit(warehouse, payments, Set.of("unseen")).isEqual(), is(true));
    assertThat(CardTesting.audit(warehouse, payments, Set.of()).isEqual(), is(false));
  }

  private GoldAudit audit() throws Exception {
    return GoldAudit.of(warehouse, SENT);
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static SaleEvent event(
      Kind kind, Arrival arrival, String id, long occurredAt, String amount, String status) {
    return new SaleEvent(
        kind, arrival, id, occurredAt, occurredAt, new BigDecimal(amount), status, "", "");
  }
}
