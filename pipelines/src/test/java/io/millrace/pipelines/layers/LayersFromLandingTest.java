package io.millrace.pipelines.layers;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.RunningCommand;
import io.millrace.pipelines.TestRunner;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.lake.LakeFile;
import io.millrace.transforms.lake.LakeManifest;
import io.millrace.transforms.lake.ReadLake;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.Landing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Keys;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What pipelines made of topics while records came, the commands that {@code layers} prints make
 * again of the landing alone: each row, each version of it, each event, each dead letter.
 *
 * <p>Records come late, twice, in another order and broken. What tells of a pipeline's own work is
 * left out: when a row was written, the build of what is computed, and which result of a window it
 * is.
 */
@Timeout(240)
class LayersFromLandingTest {
  private static final String SILVER =
      "SELECT (to_jsonb(t) - '_applied_at' - '_tip' - '_tip_from')::text FROM public_v%d.%s AS t"
          + " ORDER BY 1";
  private static final String GOLD =
      "SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t) - 'pane')"
          + " WHERE left(key, 1) <> '_')::text FROM public_v%d.%s_live AS t ORDER BY 1";
  private static final String HOURS =
      "SELECT to_char(hour AT TIME ZONE 'UTC', 'HH24') || ' ' || revenue || ' ' || pane"
          + " FROM public_v1.revenue_per_hour_live ORDER BY hour";
  private static final int EVENTS_IN_LAKE = 8;
  private static final int DEAD_LETTERS = 6;

  private static LocalPostgres postgres;
  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theyAreWhatTheyWereLive(TestRunner runner) throws Exception {
    Topics topics = new Topics(kafka, "shop_" + runner);
    topics.create();
    LayersScene scene =
        new LayersScene(runner, topics, postgres.database("layers_" + runner), directory);
    beLive(scene, topics);
    assertThat(scene.rebuild(), hasSize(5));
    for (String table : List.of("orders", "customers", "orders_history", "customers_history")) {
      assertSame(scene, SILVER, table);
    }
    for (String table : List.of("buyers", "revenue_per_hour", "revenue_by_segment")) {
      assertSame(scene, GOLD, table);
    }
    assertThat(scene.deadLetters("rebuilt"), is(scene.deadLetters("live")));
    assertThat("of what the lake has", scene.deadLetters("rebuilt-events"), is(empty()));
    assertSameLakes(scene);
  }

  private static void assertSame(LayersScene scene, String query, String table) throws Exception {
    List<String> live = scene.query(query.formatted(1, table));
    assertThat(table, live, is(not(empty())));
    assertThat(table, scene.query(query.formatted(2, table)), is(live));
  }

  private static void beLive(LayersScene scene, Topics topics) throws Exception {
    sendChanges(topics);
    // The second is out of order and in time. The last closes the hour.
    topics.send(
        topics.events(),
        0,
        purchase("a", "10:05:30", "Kay", 10),
        purchase("b", "10:05:00", "Lou", 20),
        purchase("b", "10:05:00", "Lou", 20),
        "{'id':'c','at':'no time'}",
        "no event",
        purchase("d", "12:00:00", "Kay", 1));
    List<RunningCommand> live = new ArrayList<>(scene.live());
    live.add(scene.archive());
    RunningCommand summarize = live.get(4);
    summarize.await(() -> scene.query(HOURS).contains("10 30.00 ON_TIME"));
    topics.send(
        topics.events(),
        0,
        purchase("e", "10:30:00", "Kay", 5),
        purchase("e", "10:30:00", "Kay", 5),
        purchase("f", "13:00:00", "Lou", 2),
        purchase("g", "13:01:00", "Lou", 3));
    topics.send(topics.customers(), 0, change("customers", 11, "upsert", 10, "'segment':'silver'"));
    summarize.await(() -> scene.query(HOURS).get(0).equals("10 35.00 LATE"));
    for (RunningCommand command : live) {
      command.await(() -> isComplete(scene, topics));
    }
    for (RunningCommand command : live) {
      command.close();
    }
    assertThat(scene.query(HOURS), hasSize(3));
    assertThat(scene.query("SELECT id FROM public_v1.purchases_late_live"), is(empty()));
  }

  private static boolean isComplete(LayersScene scene, Topics topics) throws Exception {
    return scene
            .query(
                "SELECT concat_ws(' ', segment, orders, revenue) FROM public_v1"
                    + ".revenue_by_segment_live ORDER BY 1")
            .equals(List.of("new 1 7.50", "silver 2 14.00"))
        && scene.query("SELECT id FROM public_v1.orders_history").size() == 7
        && scene.query("SELECT id FROM public_v1.customers_history").size() == 3
        && scene
            .query(
                "SELECT concat_ws(' ', buyer, spent, last_amount) FROM public_v1.buyers_live"
                    + " ORDER BY 1")
            .equals(List.of("Kay 16.00 1.00", "Lou 25.00 3.00"))
        && scene
            .query("SELECT sum(revenue) FROM public_v1.revenue_per_hour_live")
            .equals(List.of("41.00"))
        && scene.deadLetters("live").size() == DEAD_LETTERS
        && LakeManifest.read(scene.directory("live")).files().stream()
                .mapToLong(LakeFile::rows)
                .sum()
            == EVENTS_IN_LAKE
        && Landing.at(scene.directory("landing")).files().stream()
                .mapToLong(LandedFile::records)
                .sum()
            == topics.records();
  }

  /** Older ones behind newer ones, one twice, one before its row's delete, some without columns. */
  private static void sendChanges(Topics topics) {
    topics.send(
        topics.orders(),
        0,
        change("orders", 3, "upsert", 1, "'customer':10,'total':5.00,'note':null"),
        change("orders", 1, "upsert", 1, "'customer':10,'total':1.00,'note':null"),
        change("orders", 1, "upsert", 1, "'customer':10,'total':1.00,'note':null"),
        "no change",
        change("orders", 4, "upsert", 2, "'customer':11,'total':7.50,'note':'x'"));
    topics.send(
        topics.orders(),
        1,
        change("orders", 2, "upsert", 3, "'customer':10,'total':2.00,'note':'n'"),
        change("orders", 6, "delete", 4, ""),
        change("orders", 5, "upsert", 4, "'customer':10,'total':4.00,'note':'o'"),
        change("orders", 7, "upsert", 3, "'customer':10"),
        change("orders", 9, "upsert", 3, "'total':9.00"),
        change("orders", 8, "upsert", 3, "'note':'late'"),
        change("orders", 10, "upsert", 3, "'total':'much'"));
    topics.send(topics.customers(), 0, change("customers", 1, "upsert", 10, "'segment':'gold'"));
    topics.send(topics.customers(), 1, change("customers", 2, "upsert", 11, "'segment':'new'"));
  }

  private static String change(String table, int position, String operation, int id, String after) {
    return "{'table':'public.%s','op':'%s','position':%d,'committedAt':'2026-05-01T00:00:%02dZ',"
            .formatted(table, operation, position, position)
        + "'key':{'id':%d}%s}"
            .formatted(id, after.isEmpty() ? "" : ",'after':{'id':" + id + "," + after + "}");
  }

  private static String purchase(String id, String time, String buyer, int amount) {
    return "{'id':'%s','at':'2026-05-01T%sZ','buyer':'%s','amount':%d}"
        .formatted(id, time, buyer, amount);
  }

  /** The lakes have the same events, of the same offsets and times. */
  private static void assertSameLakes(LayersScene scene) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<String> unpaired =
        PCollectionList.of(lake(pipeline, scene, "live", 1))
            .and(lake(pipeline, scene, "rebuilt", -1))
            .apply(Flatten.pCollections())
            .apply(Sum.integersPerKey())
            .apply(Filter.by(record -> record.getValue() != 0))
            .apply(Keys.create());
    PAssert.that(unpaired).empty();
    pipeline.run().waitUntilFinish();
  }

  private static PCollection<KV<String, Integer>> lake(
      TestPipeline pipeline, LayersScene scene, String name, int count) {
    Contract contract = Contract.parse(LayersScene.CONTRACT, "contract");
    return pipeline
        .apply(name, ReadLake.events(scene.directory(name), contract))
        .apply(name + "Count", ParDo.of(new CountFn(count)));
  }

  /** Records as text, each with a number. */
  static final class CountFn extends DoFn<RecordBlock, KV<String, Integer>> {
    private static final long serialVersionUID = 1L;
    private final int count;

    CountFn(int count) {
      this.count = count;
    }

    @ProcessElement
    public void process(@Element RecordBlock block, OutputReceiver<KV<String, Integer>> out) {
      RecordBlock.Cursor record = block.records();
      while (record.next()) {
        String value = new String(record.copyValue(), StandardCharsets.UTF_8);
        out.output(KV.of(record.origin() + " " + record.timestampMillis() + " " + value, count));
      }
    }
  }
}
