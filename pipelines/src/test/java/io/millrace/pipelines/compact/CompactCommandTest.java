package io.millrace.pipelines.compact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.schemas.RecordBlock;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.landing.WriteLanding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A compacted log makes the rows that the whole log makes, and is read for nothing else. */
@Timeout(180)
class CompactCommandTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: items
          physicalName: public.items
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: title, physicalType: varchar(20)}
        - name: prices
          physicalName: public.prices
          customProperties:
            - {property: logCompaction, value: all}
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: price, physicalType: "numeric(10,2)"}
        - name: purchases
          physicalName: purchase
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: at, physicalType: timestamptz}
      """;

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
    scene.contract(CONTRACT);
    land(
        "changes",
        0,
        item(1, 1, "chair"),
        item(4, 2, "table"),
        item(5, 1, "armchair"),
        "{'broken",
        price(2, 1, "9.90"),
        price(3, 1, "8.80"),
        "{'table':'public.others','op':'upsert','position':6,'key':{'id':1},'after':{'id':1}}",
        item(2, 1, "late chair"),
        "{'table':'public.items','op':'delete','position':7,'key':{'id':2}}",
        item(8, 3, "lamp"),
        item(9, 3, "lamp"));
    land("purchase", 0, "{'id':'1','at':'2026-05-01T11:30:00Z'}");
  }

  private static String item(int position, int id, String title) {
    return String.format(
        "{'table':'public.items','op':'upsert','position':%d,'key':{'id':%d},"
            + "'after':{'title':'%s'}}",
        position, id, title);
  }

  private static String price(int position, int id, String price) {
    return String.format(
        "{'table':'public.prices','op':'upsert','position':%d,'key':{'id':%d},"
            + "'after':{'price':%s}}",
        position, id, price);
  }

  /** Lands lines behind what was landed; single quotes stand for double ones. */
  private void land(String topic, int from, String... lines) {
    RecordBlock.Writer writer = new RecordBlock.Writer(1_000);
    for (int i = 0; i < lines.length; i++) {
      byte[] value = lines[i].replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      writer.add(from + i, 1_777_640_000_000L + from + i, null, ByteBuffer.wrap(value));
    }
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(Create.of(RecordBlock.of(topic, 0, from, from + lines.length, writer.take())))
        .apply(WriteLanding.to(directory.resolve("landing").toString()).withBlockOffsets(4));
    pipeline.run().waitUntilFinish();
  }

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  private CommandLine compact(TestRunner runner, String landings, String compacted) {
    return CommandLine.run(
        runner,
        "compact",
        "--fromLanding=" + landings,
        "--compacted=" + at(compacted),
        "--format=changes",
        "--contract=" + directory.resolve("shop.odcs.yaml"));
  }

  private CommandLine replicate(TestRunner runner, String landings, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--format=changes"));
    arguments.addAll(Arrays.asList(more));
    return scene.runFrom(
        "--fromLanding=" + landings, runner, "replicate", arguments.toArray(new String[0]));
  }

  private List<String> rows(String schema) throws Exception {
    List<String> rows =
        scene.query(
            "SELECT (id, title, _deleted, _position)::text FROM %s.items ORDER BY id"
                .formatted(schema));
    rows.addAll(
        scene.query(
            "SELECT (id, price, _deleted, _position)::text FROM %s.prices ORDER BY id"
                .formatted(schema)));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theRowsAreThoseOfTheWholeLogAlsoWithWhatCameSince(TestRunner runner) throws Exception {
    CommandLine once = compact(runner, at("landing"), "first");
    assertThat(once.err(), once.exitCode(), is(ExitCode.OK));
    // Of three items five changes: two of the deleted one, one each of the others; and the rest.
    assertThat(
        once.err(),
        allOf(containsString("12 records in"), containsString("8 of 12 records were kept")));
    assertThat(once.err(), containsString("topics: changes\n"));
    land("changes", 11, item(10, 2, "table again"), item(3, 1, "late again"));
    CommandLine twice = compact(runner, at("first") + "," + at("landing"), "second");
    assertThat(twice.err(), twice.exitCode(), is(ExitCode.OK));
    land(
        "changes",
        13,
        item(12, 4, "desk"),
        "{'table':'public.prices','op':'truncate','position':11}");

    replicated(runner, at("landing"), "whole");
    replicated(runner, at("first") + "," + at("landing"), "once");
    replicated(runner, at("second") + "," + at("landing"), "twice");
    assertThat(rows("whole"), hasSize(5));
    assertThat(rows("once"), is(rows("whole")));
    assertThat(rows("twice"), is(rows("whole")));
    assertThat(
        scene.query("SELECT count(*) FROM whole.items WHERE title = 'table again'"),
        is(List.of("1")));
  }

  private void replicated(TestRunner runner, String landings, String schema) {
    CommandLine run = replicate(runner, landings, "--warehouseSchema=" + schema, "--run=" + schema);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicate | --history=true | has only the newest changes of items, whose history is to be",
        "replicate | --lake=lake | has only the newest changes of changes, and --lake=lake needs all",
        "replicate | --to=changes/0=3 | was compacted up to offset 11, and is to be read from 0 to 3",
        "replicate | --from=changes/0=3 | was compacted up to offset 11, and is to be read from 3 to",
        "replicate | --route=public[.]other:items | was compacted with the routes [], and there are",
        "summarize | --run=r | has only the newest changes of changes, and a pipeline of events",
      })
  void whatNeedsMoreIsRefused(String command, String option, String message) throws Exception {
    TestRunner runner = TestRunner.all().get(0);
    assertThat(compact(runner, at("landing"), "first").exitCode(), is(ExitCode.OK));
    List<String> more = new ArrayList<>(List.of(option));
    if (command.equals("replicate")) {
      more.add("--format=changes");
    }
    CommandLine run =
        scene.runFrom(
            "--fromLanding=" + at("first") + "," + at("landing"),
            runner,
            command,
            more.toArray(new String[0]));
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(message));
  }

  @Test
  void anotherContractIsRefusedUnlessItSaysThatHistoryMayBeginThere() throws Exception {
    TestRunner runner = TestRunner.all().get(0);
    assertThat(compact(runner, at("landing"), "first").exitCode(), is(ExitCode.OK));
    String landings = at("first") + "," + at("landing");
    refused(
        "      - {name: title, physicalType: varchar(20)}",
        "      - {name: title, physicalType: varchar(20)}\n"
            + "      - {name: color, physicalType: text}",
        landings,
        "was compacted without the columns [color] of items");
    refused(
        "      - {name: title, physicalType: varchar(20)}",
        "      - {name: title, physicalType: varchar(20)}\n"
            + "      - {name: large, physicalType: text, transformLogic: upper(title)}",
        landings,
        "was compacted without the columns [large = upper(title)] of items");
    refused(
        "{name: title, physicalType: varchar(20)}",
        "{name: title, physicalType: varchar(20), primaryKey: true, primaryKeyPosition: 2}",
        landings,
        "was compacted by the key [id] of items, which is [id, title]");
    refused(
        "    physicalName: public.items",
        "    physicalName: public.items\n    customProperties:\n"
            + "      - {property: ignoreNullUpdates, value: true}",
        landings,
        "was compacted with {} of items, which is {ignoreNullUpdates=true}");
    scene.contract(
        CONTRACT.replace(
            "    physicalName: public.items",
            "    physicalName: public.items\n    customProperties:\n"
                + "      - {property: logCompaction, value: latest}"));
    CommandLine run = replicate(runner, landings, "--history=true");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.query("SELECT count(*) FROM items_history WHERE id = 1"), is(List.of("1")));
    assertThat(scene.query("SELECT count(*) FROM prices_history WHERE id = 1"), is(List.of("2")));
  }

  private void refused(String part, String changed, String landings, String message)
      throws Exception {
    scene.contract(CONTRACT.replace(part, changed));
    CommandLine run = replicate(TestRunner.all().get(0), landings);
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(message));
  }

  @Test
  void aCompactedLogStaysAsItIs() {
    TestRunner runner = TestRunner.all().get(0);
    assertThat(compact(runner, at("landing"), "first").exitCode(), is(ExitCode.OK));
    assertThat(
        compact(runner, at("landing"), "first").err(),
        containsString("was compacted to its end, and stays as it is; name a new directory"));
    assertThat(
        compact(runner, at("landing"), "landing").err(),
        containsString("has all records of a log; name another for the compacted one"));
    assertThat(
        compact(runner, at("none"), "second").err(), containsString("Nothing was landed in"));
    assertThat(
        CommandLine.run(runner, "archive", "--landing=" + at("first"), "--verify").exitCode(),
        is(ExitCode.OK));
  }
}
