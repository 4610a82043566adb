package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.pipelines.audit.RowFinding.What;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An audit of sides that are written to, step by step, whenever the audit waits. */
@Timeout(60)
class LiveAuditTest {
  private static final String TABLE =
      """
      - name: stock
        physicalName: public.stock
        properties:
          - {name: id, physicalType: bigint, primaryKey: true}
          - {name: amount, physicalType: bigint}
      """;
  private static final Duration LAG = Duration.ofSeconds(10);

  @TempDir Path directory;
  private AuditScene scene;
  private Steps steps;

  /** A clock that moves only while somebody waits; then something is written, too. */
  private static final class Steps implements Timing {
    private final IntConsumer step;
    private Duration now = Duration.ZERO;
    private int count;

    Steps(IntConsumer step) {
      this.step = step;
    }

    @Override
    public Duration now() {
      return now;
    }

    @Override
    public void sleep(Duration time) {
      now = now.plus(time);
      step.accept(++count);
    }
  }

  @BeforeEach
  void createTables() throws Exception {
    scene = new AuditScene(directory, TABLE);
    scene.inBoth(
        "CREATE TABLE stock AS SELECT id::bigint, id::bigint AS amount"
            + " FROM generate_series(1, 300) AS id",
        "ALTER TABLE stock ADD PRIMARY KEY (id)");
  }

  private TableFindings audit(IntConsumer step) throws Exception {
    steps = new Steps(step);
    Limits limits = new Limits(ScanSizes.USUAL, LAG, 10_000, 0, 100);
    AuditProgress progress =
        new AuditProgress(new PrintStream(PrintStream.nullOutputStream()), steps, 0);
    try (Side source = PostgresSide.source("test", AuditScene.open(scene.source));
        Side warehouse =
            PostgresSide.warehouse(
                "warehouse", "test", "public", AuditScene.open(scene.warehouse))) {
      return new Audit(source, warehouse, limits, steps, progress)
          .run(AuditScene.contract(TABLE).tables())
          .get(0);
    }
  }

  private void source(String sql) {
    AuditScene.execute(scene.source, sql);
  }

  private void warehouse(String sql) {
    AuditScene.execute(scene.warehouse, sql);
  }

  private static List<String> found(TableFindings findings) {
    return findings.examples().stream()
        .map(finding -> finding.what() + " " + finding.key().values().get(0))
        .toList();
  }

  @Test
  void aChangeThatIsUnderWayIsNoDifference() throws Exception {
    source("UPDATE stock SET amount = -1 WHERE id <= 20");
    source("DELETE FROM stock WHERE id = 30");
    source("INSERT INTO stock VALUES (1000, 1)");
    TableFindings findings =
        audit(
            step -> {
              if (step == 2) {
                warehouse("UPDATE stock SET amount = -1 WHERE id <= 20");
                warehouse("DELETE FROM stock WHERE id = 30");
                warehouse("INSERT INTO stock VALUES (1000, 1)");
              }
            });
    assertThat(found(findings), is(empty()));
    assertThat(findings.isEqual(), is(true));
    assertThat("it goes on as soon as all is equal", steps.now(), is(lessThan(LAG)));
  }

  @Test
  void aRowThatIsNeverEqualWhenItIsReadButFollowsIsNoDifference() throws Exception {
    source("UPDATE stock SET amount = 1000 WHERE id = 5");
    TableFindings findings =
        audit(
            step -> {
              source("UPDATE stock SET amount = %d WHERE id = 5".formatted(1000 + step));
              warehouse("UPDATE stock SET amount = %d WHERE id = 5".formatted(999 + step));
            });
    assertThat(found(findings), is(empty()));
  }

  @Test
  void aRealDifferenceIsFoundAmongChangesOnceTheLagIsOver() throws Exception {
    warehouse("UPDATE stock SET amount = 0 WHERE id = 7");
    warehouse("DELETE FROM stock WHERE id = 8");
    warehouse("INSERT INTO stock VALUES (2000, 1)");
    source("UPDATE stock SET amount = -1 WHERE id = 100");
    TableFindings findings =
        audit(
            step -> {
              source("UPDATE stock SET amount = %d WHERE id = 101".formatted(-step));
              warehouse("UPDATE stock SET amount = %d WHERE id = 100".formatted(-1));
              warehouse("UPDATE stock SET amount = %d WHERE id = 101".formatted(-step));
            });
    assertThat(found(findings), contains("MISSING 8", "SURPLUS 2000", "CHANGED 7"));
    assertThat(steps.now(), is(greaterThanOrEqualTo(LAG)));
  }

  @Test
  void aRowThatIsSetRightBeforeTheLagIsOverIsNoDifference() throws Exception {
    warehouse("UPDATE stock SET amount = 0 WHERE id = 7");
    TableFindings findings =
        audit(
            step -> {
              if (steps.now().compareTo(LAG.minusSeconds(3)) >= 0) {
                warehouse("UPDATE stock SET amount = 7 WHERE id = 7");
              }
            });
    assertThat(found(findings), is(empty()));
  }

  @Test
  void aRowThatGoesOnChangingToWhatTheSourceNeverHadIsTold() throws Exception {
    warehouse("UPDATE stock SET amount = 0 WHERE id = 7");
    TableFindings findings =
        audit(step -> warehouse("UPDATE stock SET amount = %d WHERE id = 7".formatted(-step)));
    assertThat(found(findings), contains("RESTLESS 7"));
    assertThat(findings.isEqual(), is(false));
    assertThat(findings.count(What.RESTLESS), is(1L));
  }

  @Test
  void whatTheSourceHadLongAgoIsNoExcuse() throws Exception {
    source("UPDATE stock SET amount = -5 WHERE id = 7");
    warehouse("UPDATE stock SET amount = 0 WHERE id = 7");
    TableFindings findings =
        audit(
            step -> {
              if (step == 1) {
                source("UPDATE stock SET amount = -6 WHERE id = 7");
              }
              boolean isLongAgo = steps.now().compareTo(LAG.plusSeconds(2)) >= 0;
              warehouse(
                  "UPDATE stock SET amount = %d WHERE id = 7".formatted(isLongAgo ? -5 : step));
            });
    assertThat(found(findings), contains("CHANGED 7"));
  }

  @Test
  void noMoreRowsAreReadInASecondThanMayBe() throws Exception {
    Steps timing = new Steps(step -> {});
    Pace pace = new Pace(timing, 100);
    pace.read(250);
    assertThat(timing.now(), is(Duration.ofMillis(2_500)));
    pace.read(50);
    assertThat(timing.now(), is(Duration.ofSeconds(3)));
    assertThat(pace.statementRows(250_000), is(100L));
    assertThat(new Pace(timing, 0).statementRows(250_000), is(250_000L));
  }
}
