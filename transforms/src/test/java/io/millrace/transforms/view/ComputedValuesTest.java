package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Gathered;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.warehouse.TestTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;

/** What becomes of values that cannot be computed, and of rows without a key of their own. */
class ComputedValuesTest {
  private static final Contract TABLES =
      TestTable.contract("t: key id integer; n bigint; x double precision; word text");

  private static List<String> view(String columns, String query, String... rows) {
    Gathered.clear();
    TestTable table = TestTable.of(TABLES, "t");
    List<ChangeEvent> changes = new ArrayList<>();
    for (String row : rows) {
      changes.add(table.upsert(changes.size() + 1L, "{" + row.replace('\'', '"') + "}"));
    }
    ViewCase view = ViewCase.of("v", columns, query);
    Pipeline pipeline = Pipeline.create(TestRunner.DIRECT.options());
    pipeline
        .apply(Create.of(changes).withCoder(ChangeEventCoder.of()))
        .apply(JoinTables.of(TABLES).withView(view.view(), query).withBuckets(2))
        .rows("v")
        .apply(Gathered.as("rows"));
    pipeline.run().waitUntilFinish();
    return view.actual(Gathered.take("rows"));
  }

  private static long counted(String name) {
    return RunCounter.totals().getOrDefault(name, 0L);
  }

  @Test
  void aValueThatItsColumnCannotTakeIsNull() {
    long before = counted("view_values_rejected");
    List<String> rows =
        view(
            "key id integer; small smallint; half numeric(3,1)",
            "SELECT id, n AS small, n * 0.5 AS half FROM t",
            "'id':1,'n':32767",
            "'id':2,'n':32768",
            "'id':3,'n':199",
            "'id':4,'n':200");
    assertThat(
        rows,
        is(
            List.of(
                "id=1 small=32767 half=null",
                "id=2 small=null half=null",
                "id=3 small=199 half=99.5",
                "id=4 small=200 half=null")));
    assertThat(counted("view_values_rejected") - before, is(4L));
  }

  @Test
  void whatCannotBeComputedIsNull() {
    List<String> rows =
        view(
            "key id integer; twice bigint; least bigint",
            "SELECT id, word * 2 AS twice, CASE WHEN word = '5' THEN n END AS least FROM t"
                + " WHERE CASE WHEN id < 3 THEN true ELSE word + 1 > 0 END",
            "'id':1,'n':7,'word':'5'",
            "'id':2,'n':7,'word':'five'",
            "'id':3,'n':7,'word':'five'");
    assertThat(rows, is(List.of("id=1 twice=null least=7", "id=2 twice=null least=null")));
  }

  @Test
  void anAggregateLeavesOutWhatIsNoNumberAndIsNullWhereItDoesNotFit() {
    List<String> rows =
        view(
            "key word text; total bigint; few smallint; mean numeric(10,2); most double precision",
            "SELECT word, sum(x) AS total, sum(n) AS few, avg(x) AS mean, max(x) AS most FROM t"
                + " GROUP BY word",
            "'id':1,'n':30000,'x':2,'word':'a'",
            "'id':2,'n':30000,'x':'NaN','word':'a'",
            "'id':3,'n':1,'x':4,'word':'b'");
    assertThat(
        rows,
        is(
            List.of(
                "word=\"a\" total=2 few=null mean=2 most=\"NaN\"",
                "word=\"b\" total=4 few=1 mean=4 most=4")));
  }

  @Test
  void rowsAndGroupsWithoutAKeyAreLeftOut() {
    long before = counted("view_rows_without_key");
    String[] all = {"'id':1,'n':1,'word':null", "'id':2,'n':2,'word':'a'"};
    assertThat(
        view("key word text; n bigint", "SELECT word, n FROM t", all),
        is(List.of("word=\"a\" n=2")));
    assertThat(
        view("key word text; n bigint", "SELECT word, sum(n) AS n FROM t GROUP BY word", all),
        is(List.of("word=\"a\" n=2")));
    assertThat(counted("view_rows_without_key") - before, is(2L));
  }

  @Test
  void ofSeveralRowsOfAKeyOneShowsAndTheKeyIsCounted() {
    long before = counted("view_keys_shared");
    List<String> rows =
        view(
            "key word text; n bigint",
            "SELECT word, n FROM t",
            "'id':1,'n':7,'word':'a'",
            "'id':2,'n':5,'word':'a'",
            "'id':3,'n':6,'word':'b'",
            "'id':4,'n':6,'word':'b'",
            "'id':5,'n':9,'word':'c'",
            "'id':6,'n':8,'word':'c'",
            "'id':6,'n':8,'word':'d'");
    assertThat(
        rows, is(List.of("word=\"a\" n=5", "word=\"b\" n=6", "word=\"c\" n=9", "word=\"d\" n=8")));
    assertThat(counted("view_keys_shared") - before, is(2L));
  }
}
