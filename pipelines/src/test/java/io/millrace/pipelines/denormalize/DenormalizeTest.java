package io.millrace.pipelines.denormalize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.stringContainsInOrder;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class DenormalizeTest {
  private static final String PAGE = page();
  private static final String CONTRACT = block("yaml", 0);

  private static final String WIDE =
      "SELECT concat_ws(' ', order_id, total, coalesce(customer, '-')) FROM orders_wide_live"
          + " ORDER BY order_id";
  private static final String REVENUE =
      "SELECT concat_ws(' ', segment, orders, revenue) FROM revenue_live ORDER BY segment";

  private static LocalPostgres postgres;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("postgres");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void viewsAreWhatThePageShows(TestRunner runner) throws Exception {
    EventScene scene = scene("page_" + runner);
    List<String> changes = new ArrayList<>(block("json", 0).lines().toList());
    Collections.shuffle(changes, new Random(5));
    scene.events(changes.toArray(String[]::new));
    CommandLine run = scene.run(runner, "denormalize", "--format=changes", "--run=first");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.query(
            "SELECT concat_ws(',', order_id, total, coalesce(customer, ''))"
                + " FROM orders_wide_live ORDER BY order_id"),
        is(rows(0)));
    assertThat(
        scene.query("SELECT concat_ws(',', segment, orders, revenue) FROM revenue_live"),
        is(rows(1)));
    assertThat(run.err(), containsString("build: 1"));
    assertThat(
        scene.query(
            "SELECT \"table\" || ' ' || sum(\"read\") FROM _millrace.ledger"
                + " WHERE stage = 'events' AND run = 'first' GROUP BY \"table\" ORDER BY 1"),
        contains("public.customers 4", "public.orders 4"));
  }

  @Test
  void whatANewBuildDoesNotSayIsGone() throws Exception {
    EventScene scene = scene("build");
    scene.events(order(1, 1, 10, "9.50"), order(2, 2, 10, "1.00"), customer(3, 10, "Ada", "gold"));
    assertThat(
        scene.run(TestRunner.DIRECT, "denormalize", "--format=changes").exitCode(),
        is(ExitCode.OK));
    assertThat(scene.query(WIDE), contains("1 9.50 Ada", "2 1.00 Ada"));
    scene.events(customer(4, 10, "Eve", "new"), order(1, 1, 10, "9.50"));
    CommandLine again = scene.run(TestRunner.DIRECT, "denormalize", "--format=changes");
    assertThat(again.err(), again.exitCode(), is(ExitCode.OK));
    assertThat(scene.query(WIDE), contains("1 9.50 Eve"));
    assertThat(scene.query(REVENUE), contains("new 1 9.50"));
    assertThat(again.err(), containsString("build: 2"));
  }

  @Test
  void aNumberThatABuildHadIsWarnedOf() throws Exception {
    EventScene scene = scene("seen");
    scene.events(order(1, 1, 10, "9.50"));
    CommandLine first =
        scene.run(TestRunner.DIRECT, "denormalize", "--format=changes", "--build=2");
    assertThat(first.exitCode(), is(ExitCode.OK));
    assertThat(first.err(), not(containsString("has seen build")));
    CommandLine again =
        scene.run(TestRunner.DIRECT, "denormalize", "--format=changes", "--build=2");
    assertThat(again.exitCode(), is(ExitCode.OK));
    assertThat(again.err(), containsString("--build=2: the warehouse has seen build 2 already."));
  }

  @Test
  void aJobThatWouldNotReadAllChangesIsRefused() throws Exception {
    CommandLine run =
        scene("group")
            .runFrom(
                "--kafkaGroup=views",
                TestRunner.FLINK,
                "denormalize",
                "--kafkaBootstrapServers=localhost:1",
                "--kafkaTopics=shop");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("--kafkaGroup=views: a job that begins where a group is"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aViewThatCannotBeKeptIsRefused(String name, String contract, String error) throws Exception {
    EventScene scene = scene("refused_" + name);
    scene.contract(contract);
    scene.events(order(1, 1, 10, "9.50"));
    CommandLine run = scene.run(TestRunner.DIRECT, "denormalize", "--format=changes");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("view " + error));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments(
            "column",
            CONTRACT.replace("c.name AS customer", "c.nam AS customer"),
            "orders_wide: the query names the column c.nam, which none"),
        arguments(
            "view",
            CONTRACT.replace("FROM orders o LEFT", "FROM revenue o LEFT"),
            "orders_wide: the query names the table revenue, which is no table of the source"),
        arguments(
            "name",
            CONTRACT.replace("{name: customer,", "{name: customer, physicalName: _revision,"),
            "orders_wide: the physicalName of its column customer is _revision, which belongs to"),
        arguments(
            "key",
            CONTRACT
                .replace("text, primaryKey: true", "text")
                .replace("view}", "view}\n      - {property: withoutKey, value: append}"),
            "revenue: it has the custom property withoutKey; mark the columns"));
  }

  @Test
  void aRecordThatCannotBeReadIsADeadLetterAndTheRestGoesOn() throws Exception {
    EventScene scene = scene("letters");
    scene.events(
        order(1, 1, 10, "9.50"),
        order(2, 2, 10, "'much'"),
        order(3, 3, 10, "1.00").replace("'op':'upsert',", ""),
        customer(4, 10, "Ada", "gold"));
    CommandLine run = scene.run(TestRunner.DIRECT, "denormalize", "--format=changes", "--run=bad");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.query(WIDE), contains("1 9.50 Ada"));
    assertThat(run.err(), containsString("2 records went to the dead letters"));
    assertThat(
        scene.deadLetters(),
        containsInAnyOrder(
            containsString("\"reason\":\"BAD_VALUE\""),
            containsString("\"reason\":\"UNKNOWN_OPERATION\"")));
    assertThat(
        scene.query(
            "SELECT concat_ws(' ', sum(\"read\"), sum(accepted), sum(rejected))"
                + " FROM _millrace.ledger WHERE stage = 'events' AND run = 'bad'"),
        contains("4 2 2"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void whatDoesNotFitIsNullAndRightAgainWithItsRow(TestRunner runner) throws Exception {
    EventScene scene = scene("unfit_" + runner);
    scene.contract(
        CONTRACT
            .replace("o.total, c.name AS customer", "o.total * 2 AS total, c.name * 2 AS customer")
            .replace("numeric(20,2)", "numeric(4,2)"));
    scene.events(
        order(1, 1, 10, "9999999999.00"),
        order(2, 2, 10, "45.00"),
        customer(3, 10, "Ada", "gold"),
        order(4, 3, 11, "45.00"),
        order(5, 4, 11, "55.00"),
        customer(6, 11, "Bob", "new"));
    CommandLine run = scene.run(runner, "denormalize", "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.query(WIDE.replace("total", "coalesce(total::text, 'null')")),
        contains("1 null -", "2 90.00 -", "3 90.00 -", "4 110.00 -"));
    assertThat(
        scene.query(REVENUE.replace("revenue)", "coalesce(revenue::text, 'null'))")),
        contains("gold 2 null", "new 2 null"));
    assertThat(run.err(), containsString("values of views could not be computed or do not fit"));
    scene.events(order(7, 3, 11, "1.00"), order(8, 4, 11, "2.00"), customer(6, 11, "Bob", "new"));
    CommandLine mended = scene.run(runner, "denormalize", "--format=changes");
    assertThat(mended.err(), mended.exitCode(), is(ExitCode.OK));
    assertThat(scene.query(REVENUE), contains("new 2 3.00"));
  }

  @Test
  void aTextThatIsTooLongForItsColumnIsADeadLetter() throws Exception {
    EventScene scene = scene("long");
    scene.contract(
        CONTRACT.replace(
            "{name: customer, physicalType: text}", "{name: customer, physicalType: varchar(3)}"));
    scene.events(
        order(1, 1, 10, "1.00"),
        customer(2, 10, "Ada", "gold"),
        order(3, 2, 11, "1.00"),
        customer(4, 11, "Augusta", "gold"));
    CommandLine run = scene.run(TestRunner.DIRECT, "denormalize", "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.query(WIDE).get(0), is("1 1.00 Ada"));
    assertThat(
        scene.deadLetters(),
        contains(allOf(containsString("Augusta"), containsString("gold.orders_wide"))));
  }

  @Test
  void keysThatDoNotIdentifyRowsAndRowsWithoutKeysAreTold() throws Exception {
    EventScene scene = scene("keys");
    scene.contract(
        CONTRACT.replace(
            "SELECT o.order_id, o.total", "SELECT o.customer_id AS order_id, o.total"));
    scene.events(
        order(1, 1, 10, "1.00"),
        order(2, 2, 10, "1.00"),
        order(3, 3, 11, "2.00"),
        order(4, 4, 0, "3.00").replace(":0,", ":null,"));
    CommandLine run = scene.run(TestRunner.DIRECT, "denormalize", "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.query(WIDE), contains("10 1.00 -", "11 2.00 -"));
    assertThat(run.err(), containsString("1 keys of views are those of several rows, of which"));
    assertThat(run.err(), containsString("1 changes of views' rows have no key and are left out"));
  }

  @Test
  void helpTellsOfViews() {
    CommandLine help = CommandLine.run(TestRunner.DIRECT, "help", "denormalize");
    assertThat(help.exitCode(), is(ExitCode.OK));
    assertThat(
        help.out(),
        stringContainsInOrder(
            "kind view",
            "Views",
            "--build=N",
            "--hotKeyFanout=N",
            "Results",
            "--resultsTopic",
            "Examples",
            "./millrace denormalize"));
    assertThat(CommandLine.run(TestRunner.DIRECT, "denormalize", "--help").out(), is(help.out()));
  }

  private static List<String> rows(int table) {
    return block("csv", table).lines().skip(1).toList();
  }

  /** A block of code on the page. */
  private static String block(String language, int place) {
    Matcher block = Pattern.compile("(?s)\n```" + language + "\n(.*?)\n```").matcher(PAGE);
    for (int i = 0; i <= place; i++) {
      assertThat(language + " " + i, block.find(), is(true));
    }
    return block.group(1);
  }

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "views.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EventScene scene(String name) throws Exception {
    EventScene scene = new EventScene(postgres, name, directory);
    scene.contract(CONTRACT);
    return scene;
  }

  private static String order(int position, int id, int customer, String total) {
    return ("{'table':'public.orders','op':'upsert','position':%d,'key':{'order_id':%d},"
            + "'after':{'order_id':%d,'customer_id':%d,'total':%s}}")
        .formatted(position, id, id, customer, total);
  }

  private static String customer(int position, int id, String name, String segment) {
    return ("{'table':'public.customers','op':'upsert','position':%d,'key':{'customer_id':%d},"
            + "'after':{'customer_id':%d,'name':'%s','segment':'%s'}}")
        .formatted(position, id, id, name, segment);
  }
}
