package io.millrace.pipelines.cutover;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pipelines write versions of their tables, and {@code cutover} lets one of them serve. */
@Timeout(180)
class CutoverCommandTest {
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
        - name: titles
          physicalName: gold.titles
          customProperties:
            - {property: kind, value: view}
            - {property: query, value: "SELECT i.title, count(*) AS items FROM items i GROUP BY i.title"}
          properties:
            - {name: title, physicalType: varchar(20), primaryKey: true}
            - {name: items, physicalType: bigint}
        - name: purchases
          physicalName: purchase
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: at, physicalType: timestamptz}
            - {name: customer, physicalType: text}
        - name: customers
          physicalName: gold.customers
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: purchases}
            - {property: horizon, value: P1D}
          properties:
            - {name: customer, physicalType: text, primaryKey: true}
            - {name: purchases, physicalType: bigint, customProperties: [{property: value, value: count}]}
        - name: per_hour
          physicalName: gold.per_hour
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1H}
            - {property: allowedLateness, value: PT1H}
          properties:
            - {name: customer, physicalType: text, primaryKey: true, primaryKeyPosition: 1}
            - name: hour
              physicalName: window_start
              physicalType: timestamptz
              primaryKey: true
              primaryKeyPosition: 2
              customProperties: [{property: value, value: window_start}]
            - {name: purchases, physicalType: bigint, customProperties: [{property: value, value: count}]}
        - name: purchase_alerts
          physicalName: risk.purchase_alerts
          customProperties:
            - {property: kind, value: alerts}
            - {property: from, value: purchases}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: rule, physicalType: text}
            - {name: customer, physicalType: text, customProperties: [{property: value, value: key}]}
            - {name: first_at, physicalType: timestamptz}
            - {name: last_at, physicalType: timestamptz}
            - {name: event_ids, physicalType: jsonb}
            - {name: details, physicalType: jsonb}
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
  }

  private static String item(int second, int id, String title) {
    return String.format(
        "{'table':'public.items','op':'upsert','position':%d,"
            + "'committedAt':'2026-05-01T00:00:%02dZ','key':{'id':%d},'after':{'title':'%s'}}",
        second, second, id, title);
  }

  private CommandLine replicate(TestRunner runner, Integer version, String... lines)
      throws Exception {
    scene.events(lines);
    List<String> more = new ArrayList<>(List.of("--format=changes"));
    if (version != null) {
      more.add("--targetVersion=" + version);
    }
    return scene.run(runner, "replicate", more.toArray(new String[0]));
  }

  private void replicated(Integer version, String... lines) throws Exception {
    CommandLine run = replicate(TestRunner.DIRECT, version, lines);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
  }

  private CommandLine cutover(String... more) {
    List<String> arguments = new ArrayList<>(List.of("cutover"));
    for (String argument : scene.withoutSource()) {
      if (argument.startsWith("--warehouse")) {
        arguments.add(argument);
      }
    }
    arguments.addAll(List.of(more));
    return CommandLine.run(TestRunner.DIRECT, arguments.toArray(new String[0]));
  }

  private CommandLine done(String... more) {
    CommandLine line = cutover(more);
    assertThat(line.err(), line.exitCode(), is(ExitCode.OK));
    return line;
  }

  private CommandLine refused(String... more) {
    CommandLine line = cutover(more);
    assertThat(line.out() + line.err(), line.exitCode(), is(ExitCode.INPUT));
    return line;
  }

  private List<String> titles() throws Exception {
    return scene.query("SELECT title FROM items_live ORDER BY id");
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void everyPipelineWritesItsVersionAndNothingElse(TestRunner runner) throws Exception {
    replicated(1, item(1, 1, "old"));
    CommandLine replicated =
        replicate(runner, 2, item(1, 1, "lamp"), item(2, 2, "more than twenty letters"));
    assertThat(replicated.err(), replicated.exitCode(), is(ExitCode.OK));
    CommandLine denormalized =
        scene.run(runner, "denormalize", "--format=changes", "--targetVersion=2");
    assertThat(denormalized.err(), denormalized.exitCode(), is(ExitCode.OK));
    scene.events(
        "{'id':'p','at':'2026-05-01T10:00:00Z','customer':'Kay'}",
        "{'id':'q','at':'2026-05-01T10:00:01Z','customer':'Kay'}");
    Path rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            "rules: [{name: any, event: purchases, key: customer,"
                + " velocity: {moreThan: 1, within: PT1M}}]");
    for (String[] command :
        new String[][] {{"evolve"}, {"summarize"}, {"detect", "--rules=" + rules}}) {
      List<String> more = new ArrayList<>(List.of(command).subList(1, command.length));
      more.add("--targetVersion=2");
      CommandLine run = scene.run(runner, command[0], more.toArray(new String[0]));
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    }
    for (String table : List.of("items", "titles", "customers", "per_hour", "purchase_alerts")) {
      assertThat(
          table, scene.query("SELECT count(*) FROM public_v2." + table + "_live"), contains("1"));
    }
    assertThat(
        scene.query(
            "SELECT nspname || ' ' || relname FROM pg_class JOIN pg_namespace AS n"
                + " ON n.oid = relnamespace WHERE relkind IN ('r', 'v')"
                + " AND nspname IN ('public', 'public_v1') ORDER BY 1"),
        contains("public items", "public items_live", "public_v1 items", "public_v1 items_live"));
    assertThat(titles(), contains("old"));
    assertThat(
        scene.query("SELECT source FROM _millrace.progress ORDER BY 1"),
        contains("shop@public_v1", "shop@public_v2"));
    scene.contract(CONTRACT.replace("varchar(20)", "varchar(40)"));
    CommandLine retried =
        scene.runFrom("--targetVersion=3", runner, "retry-dead-letters", "--format=changes");
    assertThat(retried.err(), retried.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.query("SELECT title FROM public_v3.items"), contains("more than twenty letters"));
    assertThat(scene.query("SELECT count(*) FROM public_v2.items"), contains("1"));
  }

  @Test
  void aVersionThatIsTheSameServesAndTheOneBeforeAgain() throws Exception {
    replicated(1, item(1, 1, "lamp"), item(2, 2, "chair"));
    replicated(2, item(1, 1, "Lamp"), item(2, 2, "Chair"));
    assertThat(titles(), contains("lamp", "chair"));
    assertThat(done("--to=2").out(), is("version 2 of public serves, in place of version 1\n"));
    assertThat(titles(), contains("Lamp", "Chair"));
    assertThat(
        done("--show").out(),
        allOf(
            matchesRegex(
                "(?s)version 1 \\(public_v1\\): served until .*; contract shop 1\\.0\\.0; 1 tables,"
                    + " .*\n  shop: complete through 2026-05-01T00:00:02Z, 0 s behind version 2\n.*"),
            containsString("version 2 (public_v2): in service since ")));
    assertThat(done("--back").out(), is("version 1 of public serves, in place of version 2\n"));
    assertThat(titles(), contains("lamp", "chair"));
    done("--drop=2", "--force");
    assertThat(
        scene.query("SELECT audit FROM _millrace.cutovers ORDER BY number"),
        contains("the first version", "progress, row counts: equal", "back"));
  }

  @Test
  void aVersionThatIsBehindOrLacksRowsDoesNotServe() throws Exception {
    replicated(1, item(1, 1, "lamp"), item(59, 2, "chair"));
    replicated(2, item(1, 1, "lamp"));
    assertThat(
        refused("--to=2", "--maxLagSeconds=57").err(),
        allOf(
            containsString("version 2 is not as version 1, and nothing was swapped:"),
            containsString("source shop: version 2 is 58 s behind version 1, more than 57")));
    assertThat(titles(), contains("lamp", "chair"));
    replicated(2, item(59, 1, "lamp"));
    assertThat(
        refused("--to=2").err(),
        containsString("table items: 2 rows in version 1, 1 in version 2"));
    CommandLine skipped = done("--to=2", "--skipAudit");
    assertThat(skipped.err(), containsString("warning: the versions were not compared"));
    assertThat(titles(), contains("lamp"));
    assertThat(
        scene.query("SELECT audit FROM _millrace.cutovers WHERE to_version = 2"),
        contains("skipped"));
  }

  @Test
  void rowsThatOneVersionOnlyHasYetAreNoDifference() throws Exception {
    replicated(1, item(1, 1, "lamp"), item(9, 2, "chair"));
    replicated(2, item(1, 1, "lamp"));
    done("--to=2");
    assertThat(titles(), contains("lamp"));
  }

  @Test
  void rowsThatAreDeletedInOneVersionNeedNotBeInTheOther() throws Exception {
    replicated(
        1,
        item(1, 1, "lamp"),
        item(2, 2, "chair"),
        "{'table':'public.items','op':'delete','position':3,'key':{'id':2}}",
        item(9, 1, "light"));
    replicated(2, item(9, 1, "light"));
    done("--to=2");
    assertThat(titles(), contains("light"));
  }

  @Test
  void aVersionWithoutACommitOfTheSourceDoesNotServe() throws Exception {
    replicated(1, item(1, 1, "lamp"));
    scene.events(item(1, 1, "lamp"));
    CommandLine view =
        scene.run(TestRunner.DIRECT, "denormalize", "--format=changes", "--targetVersion=2");
    assertThat(view.err(), view.exitCode(), is(ExitCode.OK));
    assertThat(
        refused("--to=2").err(),
        containsString(
            "source shop: version 2 has no complete commit of it yet; run its pipeline"));
  }

  @Test
  void computedRowsThatOneVersionOnlyHasYetAreNoDifferenceWhileTheyAreNew() throws Exception {
    for (int version = 1; version <= 2; version++) {
      scene.events(item(1, 1, "lamp"), item(2, 2, "chair"));
      CommandLine run =
          scene.run(
              TestRunner.DIRECT, "denormalize", "--format=changes", "--targetVersion=" + version);
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    }
    scene.execute("DELETE FROM public_v2.titles WHERE title = 'lamp'");
    scene.execute("UPDATE public_v1.titles SET _applied_at = _applied_at - interval '1 hour'");
    scene.execute("UPDATE public_v2.titles SET _applied_at = _applied_at - interval '1 hour'");
    assertThat(
        refused("--to=2").err(),
        containsString("table titles: 2 rows in version 1, 1 in version 2"));
    scene.execute("UPDATE public_v1.titles SET _applied_at = now() WHERE title = 'lamp'");
    done("--to=2");
  }

  @Test
  void aContractNamesTheTablesThatHaveToBeThere() throws Exception {
    replicated(1, item(1, 1, "lamp"));
    replicated(2, item(1, 1, "lamp"));
    String contract = "--contract=" + directory.resolve("shop.odcs.yaml");
    assertThat(
        refused("--to=2", contract).err(),
        containsString("version 2 has no table titles, customers, per_hour, purchase_alerts of"));
    scene.contract(CONTRACT.substring(0, CONTRACT.indexOf("  - name: titles")));
    done("--to=2", contract);
    assertThat(
        scene.query("SELECT audit FROM _millrace.cutovers WHERE to_version = 2"),
        contains("progress, row counts, rows: equal"));
  }

  @Test
  void withAContractTheRowsAreCompared() throws Exception {
    replicated(1, item(1, 1, "lamp"), item(2, 2, "chair"));
    replicated(2, item(1, 1, "lamp"), item(2, 2, "stool"));
    scene.contract(CONTRACT.substring(0, CONTRACT.indexOf("  - name: titles")));
    String contract = "--contract=" + directory.resolve("shop.odcs.yaml");
    assertThat(
        refused("--to=2", "--maxLagSeconds=0", contract).err(),
        allOf(
            containsString("table items: other rows, see above"),
            containsString("title is 'chair' in public_v1 and 'stool' in public_v2")));
    assertThat(titles(), contains("lamp", "chair"));
  }

  @Test
  void tablesThatAreInNoVersionAreAdopted() throws Exception {
    replicated(null, item(1, 1, "lamp"));
    replicated(2, item(1, 1, "Lamp"));
    assertThat(refused("--to=2").err(), containsString("--adopt"));
    assertThat(refused("--adopt").err(), containsString("--adopt also needs --contract=FILE"));
    assertThat(
        done("--adopt", "--force", "--contract=" + directory.resolve("shop.odcs.yaml")).out(),
        containsString("version 1 of public serves: items; give pipelines that write to it"));
    CommandLine plain = replicate(TestRunner.DIRECT, null, item(2, 1, "light"));
    assertThat(plain.exitCode(), is(ExitCode.INPUT));
    assertThat(plain.err(), containsString("--targetVersion=1"));
    replicated(1, item(2, 1, "light"));
    assertThat(titles(), contains("light"));
    done("--to=2");
    assertThat(titles(), contains("Lamp"));
  }

  @Test
  void oneThingAtATime() throws Exception {
    assertThat(refused().err(), containsString("give one of --to=N, --back, --show"));
    assertThat(refused("--to=1", "--back").err(), containsString("one thing at a time"));
    assertThat(done("--show").out(), is("the tables of public have no versions\n"));
    assertThat(refused("--to=1").err(), containsString("has no tables yet"));
    assertThat(scene.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%v1'"), empty());
  }
}
