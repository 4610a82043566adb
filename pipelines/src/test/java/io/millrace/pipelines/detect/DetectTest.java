package io.millrace.pipelines.detect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code detect} with the example's rules, from files into a real PostgreSQL. */
class DetectTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final Path RULES = EXAMPLES.resolve("payments.rules.yaml");

  private static LocalPostgres postgres;
  private static int scenes;

  @TempDir Path directory;
  private EventScene scene;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void setTheScene() throws Exception {
    scene = new EventScene(postgres, "warehouse" + scenes++, directory);
    scene.contract(Files.readString(EXAMPLES.resolve("payments.odcs.yaml")));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theExampleFindsWhatItIsMeantToAndNothingElse(TestRunner runner) throws Exception {
    List<String> payments = payments();
    scene.events(payments.toArray(String[]::new));
    CommandLine run = scene.run(runner, "detect", "--rules=" + RULES, "--run=first");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.ledger("first"), contains("payment: 53 = 52 + 0 + 0 + 1 + 0"));
    assertThat(
        alerts(),
        contains(
            "card_testing tested 00:00:00 00:09:59 [\"s1\", \"s2\", \"s3\", \"large\"]"
                + " small,small,small,large",
            "unusual_amount usual 02:00:00 02:00:00 [\"unusual\"] deviating",
            "velocity fast 01:00:00 01:00:50 [\"f0\", \"f1\", \"f2\", \"f3\", \"f4\", \"f5\"]"
                + " event,event,event,event,event,event"));
    assertThat(
        scene.query(
            "SELECT details->'measures'->>'value' FROM payment_alerts_live"
                + " WHERE rule = 'unusual_amount'"),
        contains("9000.0"));
    assertThat(scene.deadLetters(), hasSize(1));

    List<String> before = scene.query("SELECT t::text FROM payment_alerts AS t ORDER BY id");
    Collections.shuffle(payments, new Random(5));
    scene.events(payments.toArray(String[]::new));
    assertThat(scene.run(runner, "detect", "--rules=" + RULES).exitCode(), is(ExitCode.OK));
    assertThat(
        "run again, in another order",
        scene.query("SELECT t::text FROM payment_alerts AS t ORDER BY id"),
        is(before));
  }

  @Test
  void anEventThatARuleHasNoAnswerForIsADeadLetterOfThatRuleOnly() throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            rules:
              - name: code
                event: payments
                key: card
                where: cast(status, 'integer') > 4
                velocity: {moreThan: 1, within: PT1M}
              - name: two
                event: payments
                key: card
                velocity: {moreThan: 1, within: PT1M}
            """);
    scene.events(
        payment("1", "00:00:00", "c", 1, "7"),
        payment("2", "00:00:01", "c", 1, "seven"),
        payment("3", "00:00:02", "d", 1, "8"));
    CommandLine run = scene.run(TestRunner.DIRECT, "detect", "--rules=" + rules, "--run=first");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(alerts(), contains("two c 00:00:00 00:00:01 [\"1\", \"2\"] event,event"));
    assertThat(scene.ledger("first"), contains("payment: 3 = 3 + 0 + 0 + 0 + 0"));
    assertThat(
        scene.deadLetters(), contains(containsString("rule code, which asks for cast(status")));
  }

  @Test
  void stepsMayBeTheVeryNextOrStayAwayAndKeysOfSeveralColumns() throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            rules:
              - name: declined_and_not_approved
                event: payments
                key: card
                pattern:
                  steps:
                    - {name: declined, where: status = 'declined'}
                    - {name: approved, where: status = 'approved', not: true}
                  within: PT1M
              - name: declined_twice_in_a_row
                event: payments
                key: [card, amount]
                pattern:
                  steps:
                    - {name: once, where: status = 'declined'}
                    - {name: twice, where: status = 'declined', next: true}
                  within: PT1H
            """);
    scene.events(
        payment("a1", "00:00:00", "a", 1, "declined"),
        payment("a2", "00:00:10", "a", 1, "approved"),
        payment("a3", "00:00:20", "a", 1, "declined"),
        payment("b1", "00:00:00", "b", 1, "declined"),
        payment("b2", "00:00:10", "b", 1, "pending"),
        payment("b3", "00:00:20", "b", 1, "declined"),
        payment("b4", "00:00:30", "b", 2, "pending"),
        payment("b5", "00:00:40", "b", 1, "declined"));
    CommandLine run = scene.run(TestRunner.DIRECT, "detect", "--rules=" + rules);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        alerts(),
        contains(
            "declined_and_not_approved a 00:00:20 00:01:20 [\"a3\"] declined",
            "declined_and_not_approved b 00:00:00 00:01:00 [\"b1\"] declined",
            "declined_and_not_approved b 00:00:20 00:01:20 [\"b3\"] declined",
            "declined_and_not_approved b 00:00:40 00:01:40 [\"b5\"] declined",
            "declined_twice_in_a_row [\"b\",\"1\"] 00:00:20 00:00:40 [\"b3\", \"b5\"] once,twice"));
  }

  @Test
  void theTargetsTablesMayHaveOtherNamesThanTheRulesKnow() throws Exception {
    scene.events(payments().toArray(String[]::new));
    CommandLine run =
        scene.run(TestRunner.DIRECT, "detect", "--rules=" + RULES, "--tablePrefix=risk_");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.query("SELECT rule FROM risk_payment_alerts ORDER BY rule"),
        contains("card_testing", "unusual_amount", "velocity"));
  }

  private List<String> alerts() throws Exception {
    return scene.query(
        """
        SELECT concat_ws(' ', rule, card, to_char(first_at AT TIME ZONE 'UTC', 'HH24:MI:SS'),
            to_char(last_at AT TIME ZONE 'UTC', 'HH24:MI:SS'), event_ids,
            (SELECT string_agg(event->>'step', ',' ORDER BY place)
             FROM jsonb_array_elements(details->'events') WITH ORDINALITY AS t(event, place)))
        FROM payment_alerts_live ORDER BY rule, card, first_at
        """);
  }

  /** What the rules are about, and what comes near it. */
  private static List<String> payments() {
    List<String> payments = new ArrayList<>();
    payments.add(payment("s1", "00:00:00", "tested", 1, "approved"));
    payments.add(payment("s2", "00:01:00", "tested", 1.5, "declined"));
    payments.add(payment("between", "00:02:00", "tested", 40, "approved"));
    payments.add(payment("s3", "00:03:00", "tested", 0.5, "approved"));
    payments.add(payment("large", "00:09:59", "tested", 501, "approved"));
    payments.add(payment("t1", "00:00:00", "slow", 1, "approved"));
    payments.add(payment("t2", "00:01:00", "slow", 1, "approved"));
    payments.add(payment("t3", "00:02:00", "slow", 1, "approved"));
    payments.add(payment("t4", "00:10:00", "slow", 501, "approved"));
    for (int i = 0; i < 6; i++) {
      payments.add(payment("f" + i, "01:00:" + i + "0", "fast", 10, "approved"));
      payments.add(payment("g" + i, "01:0" + i + ":12", "steady", 10, "approved"));
    }
    for (int i = 10; i < 30; i++) {
      payments.add(payment("u" + i, "01:" + i + ":00", "usual", 20 + i % 3, "approved"));
    }
    payments.add(payment("declined", "01:59:00", "usual", 8000, "declined"));
    payments.add(payment("unusual", "02:00:00", "usual", 9000, "approved"));
    payments.add("{'id':'none','at':'no time','card':'c','amount':1,'status':'approved'}");
    for (int i = 0; i < 9; i++) {
      payments.add("{'id':'cash" + i + "','at':'2026-05-01T00:00:00Z','amount':9,'status':'a'}");
    }
    return payments;
  }

  private static String payment(String id, String at, String card, double amount, String status) {
    return String.format(
        Locale.ROOT,
        "{'id':'%s','at':'2026-05-01T%sZ','card':'%s','amount':%.2f,'status':'%s'}",
        id,
        at,
        card,
        amount,
        status);
  }
}
