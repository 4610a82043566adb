package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.warehouse.TestWarehouse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableQueryTest {
  private static TestWarehouse database;

  @BeforeAll
  static void start() {
    database = TestWarehouse.create();
    database.execute(
        "CREATE TABLE segments AS SELECT n::bigint AS id, 'segment ' || n AS segment"
            + " FROM generate_series(1, 25000) AS n");
  }

  @AfterAll
  static void stop() {
    database.drop();
  }

  private static TableQuery<Long, String> query(String sql) {
    return TableQuery.of(
        database.warehouse(),
        "segments",
        sql,
        row -> KV.of(row.getLong("id"), row.getString("segment")));
  }

  private static PCollection<KV<Long, LookedUp<String, String>>> lookUp(
      TestPipeline pipeline, String sql) {
    return pipeline
        .apply(
            Create.of(List.of(KV.of(1L, "a"), KV.of(25_000L, "b"), KV.of(25_001L, "c")))
                .withCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())))
        .apply(LookUp.<Long, String, String>in(query(sql), StringUtf8Coder.of()));
  }

  @ParameterizedTest
  @EnumSource
  void aQuerysAnswerIsLookedUp(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PAssert.that(lookUp(pipeline, "SELECT segment, id FROM segments"))
        .satisfies(
            all -> {
              Map<String, String> rows = new TreeMap<>();
              all.forEach(
                  found ->
                      rows.put(found.getValue().element(), String.valueOf(found.getValue().row())));
              assertThat(rows.toString(), is("{a=segment 1, b=segment 25000, c=null}"));
              return null;
            });
    pipeline.run();
  }

  @Test
  void aQueryThatFailsIsSaidWithTheTableAndWithoutThePassword() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    lookUp(pipeline, "SELECT * FROM nowhere");
    Throwable error = assertThrows(RuntimeException.class, pipeline::run);
    while (!(error instanceof LookupException) && error.getCause() != null) {
      error = error.getCause();
    }
    assertThat(
        error.getMessage(),
        allOf(
            containsString("segments of jdbc:postgresql:"),
            containsString("cannot be loaded for a lookup"),
            containsString("relation \"nowhere\" does not exist")));
  }
}
