package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.oracle.Gathered;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.warehouse.TestTable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a view holds after changes that come in a given order. */
@Timeout(120)
class JoinTablesTest {
  private static final Contract TABLES =
      TestTable.contract(
          "t: key id integer; up integer; a text; b text", "other: key id integer; c text");
  private static final TestTable T = TestTable.of(TABLES, "t");
  private static final TestTable OTHER = TestTable.of(TABLES, "other");
  private static final TableContract ROWS = view("v: key id integer; a text; b text");

  private String query = "SELECT id, a, b FROM t";
  private TableContract view = ROWS;

  private static TableContract view(String columns) {
    return TestTable.contract(columns).tables().get(0);
  }

  private static ChangeEvent upsert(long position, String columns) {
    return T.upsert(position, "{\"id\":1," + columns.replace('\'', '"') + "}");
  }

  private static ChangeEvent delete(long position) {
    return T.delete(position, "{\"id\":1}");
  }

  /** Expects rows, and how many changes were accepted, superseded and duplicates. */
  private void assertHolds(
      TestRunner runner, List<ChangeEvent> changes, String counts, String... expected) {
    Gathered.clear();
    TimedPipeline timed = new TimedPipeline(runner);
    TestStream.Builder<ChangeEvent> stream = TestStream.create(ChangeEventCoder.of());
    for (ChangeEvent change : changes) {
      stream = stream.addElements(change);
    }
    JoinedTables joined =
        timed
            .pipeline()
            .apply(stream.advanceWatermarkToInfinity())
            .apply(JoinTables.of(TABLES).withView(view, query).withBuckets(3));
    joined.rows("v").apply("Rows", Gathered.as("rows"));
    joined.counts().apply("Counts", Gathered.as("counts"));
    timed.run();
    assertThat(new ViewCase(view, query).actual(Gathered.take("rows")), is(List.of(expected)));
    long accepted = 0;
    long superseded = 0;
    long duplicate = 0;
    for (KV<String, ChangeCounts> count : Gathered.<KV<String, ChangeCounts>>take("counts")) {
      assertThat(count.getKey(), is("source.t"));
      accepted += count.getValue().accepted();
      superseded += count.getValue().superseded();
      duplicate += count.getValue().duplicate();
    }
    assertThat(accepted + " " + superseded + " " + duplicate, is(counts));
  }

  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest
  @EnumSource(
      value = TestRunner.class,
      names = {"DIRECT", "FLINK_STREAMING"})
  @interface OnEachRunner {}

  @OnEachRunner
  void anOlderChangeFillsWhatANewerLeftOut(TestRunner runner) {
    List<ChangeEvent> changes =
        List.of(
            upsert(5, "'b':'new'"),
            upsert(3, "'a':'old','b':'old'"),
            upsert(2, "'a':'older','b':'older'"),
            upsert(3, "'a':'old','b':'old'"),
            upsert(5, "'b':'new'"),
            OTHER.upsert(9, "{\"id\":1,\"c\":\"x\"}"));
    assertHolds(runner, changes, "2 2 1", "id=1 a=\"old\" b=\"new\"");
  }

  @OnEachRunner
  void whatADeleteTookAwayIsNotFilled(TestRunner runner) {
    List<ChangeEvent> changes =
        List.of(
            upsert(5, "'b':'new'"),
            delete(3),
            upsert(2, "'a':'older'"),
            upsert(4, "'a':'between'"),
            delete(3),
            delete(7),
            upsert(6, "'a':'late','b':'late'"),
            delete(7),
            upsert(8, "'a':'again'"));
    assertHolds(runner, changes, "5 3 1", "id=1 a=\"again\" b=null");
  }

  @OnEachRunner
  void aTruncateTakesAwayWhatIsOlderWheneverItComes(TestRunner runner) {
    List<ChangeEvent> changes =
        List.of(
            upsert(5, "'b':'newest'"),
            upsert(2, "'a':'old'"),
            T.upsert(1, "{\"id\":2,\"a\":\"gone\",\"b\":\"gone\"}"),
            T.truncate(4),
            T.truncate(4),
            T.truncate(3),
            T.upsert(3, "{\"id\":3,\"a\":\"late\",\"b\":\"late\"}"),
            upsert(2, "'a':'old'"),
            T.upsert(6, "{\"id\":2,\"a\":\"back\"}"),
            T.upsert(2, "{\"id\":2,\"b\":\"late\"}"));
    assertHolds(runner, changes, "4 3 0", "id=1 a=null b=\"newest\"", "id=2 a=\"back\" b=null");
  }

  @OnEachRunner
  void whatIsOlderThanATruncateFillsNothingAfterIt(TestRunner runner) {
    List<ChangeEvent> changes =
        List.of(T.truncate(4), upsert(5, "'b':'newest'"), upsert(2, "'a':'old'"));
    assertHolds(runner, changes, "1 1 0", "id=1 a=null b=\"newest\"");
  }

  @OnEachRunner
  void aSnapshotsEndTakesAwayWhatItDidNotRead(TestRunner runner) {
    List<ChangeEvent> before =
        List.of(
            upsert(1, "'a':'gone'"),
            T.upsert(2, "{\"id\":2,\"a\":\"older\",\"b\":\"x\"}"),
            T.read(10, "{\"id\":2,\"a\":\"read\",\"b\":\"y\"}"),
            T.read(10, "{\"id\":3,\"a\":\"read\",\"b\":\"z\"}"),
            T.snapshotEnd(10),
            T.snapshotEnd(10),
            T.upsert(11, "{\"id\":1,\"b\":\"back\"}"));
    assertHolds(
        runner,
        before,
        "5 0 0",
        "id=1 a=null b=\"back\"",
        "id=2 a=\"read\" b=\"y\"",
        "id=3 a=\"read\" b=\"z\"");
  }

  @OnEachRunner
  void aSnapshotsEndThatComesBeforeItsRowsLeavesThem(TestRunner runner) {
    List<ChangeEvent> changes =
        List.of(
            T.snapshotEnd(10),
            upsert(1, "'a':'gone'"),
            T.read(10, "{\"id\":2,\"a\":\"read\",\"b\":\"y\"}"),
            T.read(10, "{\"id\":2,\"a\":\"read\",\"b\":\"y\"}"));
    assertHolds(runner, changes, "1 1 1", "id=2 a=\"read\" b=\"y\"");
  }

  @OnEachRunner
  void aTableThatIsNamedTwiceIsJoinedWithItself(TestRunner runner) {
    view = view("v: key id integer; a text; upper text");
    query = "SELECT t.id, t.a, p.a AS upper FROM t LEFT JOIN t p ON p.id = t.up";
    List<ChangeEvent> changes =
        List.of(
            upsert(1, "'up':1,'a':'root'"),
            T.upsert(2, "{\"id\":2,\"up\":1,\"a\":\"leaf\"}"),
            delete(3));
    assertHolds(runner, changes, "3 0 0", "id=2 a=\"leaf\" upper=null");
  }

  @OnEachRunner
  void aGroupGoesWithItsLastRow(TestRunner runner) {
    view = view("v: key a text; n bigint; least text");
    query = "SELECT a, count(*) AS n, min(b) AS least FROM t GROUP BY a";
    List<ChangeEvent> changes =
        List.of(
            upsert(1, "'a':'x','b':'m'"),
            T.upsert(2, "{\"id\":2,\"a\":\"x\",\"b\":\"k\"}"),
            upsert(3, "'a':'x','b':'z'"),
            T.upsert(4, "{\"id\":2,\"a\":\"y\",\"b\":\"z\"}"),
            delete(5));
    assertHolds(runner, changes, "5 0 0", "a=\"y\" n=1 least=\"z\"");
  }
}
