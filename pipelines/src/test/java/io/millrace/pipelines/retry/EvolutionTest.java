package io.millrace.pipelines.retry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code docs/evolution.md} says of columns that change at the source, from Debezium's events
 * to the rows of a real PostgreSQL: what happens at once, and once the contract has followed.
 */
@Timeout(180)
class EvolutionTest {
  private static final String TITLE = "{name: title, physicalType: varchar(20)}";
  private static final String AMOUNT = "{name: amount, physicalType: integer}";

  /** The remedy in the error of a table that does not fit its contract. */
  private static final Pattern REMEDY = Pattern.compile("or run: (DROP .*;)");

  private static LocalPostgres postgres;
  private static int databases;

  @TempDir Path directory;
  private RetryScene scene;
  private TestRunner runner = TestRunner.DIRECT;
  private String history = "--history=false";

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    scene = new RetryScene(directory, postgres.database("evolution" + databases++));
  }

  /** A contract of {@code items}, with these properties and columns, and of {@code others}. */
  private Path contract(String properties, String... columns) throws Exception {
    return Files.writeString(
        Files.createTempFile(directory, "contract", ".yaml"),
        """
        {apiVersion: v3.0.2, kind: DataContract, id: shop, version: 1.0.0, status: active, schema: [
          {name: items, physicalName: public.items, customProperties: [%s], properties: [
            {name: id, physicalType: bigint, primaryKey: true},
            %s]},
          {name: others, physicalName: public.others, properties: [
            {name: id, physicalType: bigint, primaryKey: true}]}]}
        """
            .formatted(properties, String.join(",\n    ", columns)));
  }

  /** An insert or update of a row as a whole; quotes are single. */
  private static String event(String table, String operation, int lsn, String row) {
    return ("{'after':{%s},'source':{'connector':'postgresql','snapshot':'false','ts_ms':1700,"
            + "'txId':7,'lsn':%d,'db':'d','schema':'public','table':'%s'},'op':'%s','ts_ms':1800}")
        .formatted(row, lsn, table, operation)
        .replace('\'', '"');
  }

  private static String item(String operation, int lsn, String row) {
    return event("items", operation, lsn, row);
  }

  private CommandLine replicate(Path contract, String... events) throws Exception {
    Path input = Files.createTempFile(directory, "events", ".jsonl");
    Files.write(input, List.of(events));
    CommandLine run = scene.run(runner, "replicate", contract, "--input=" + input, history);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    return run;
  }

  private void retry(Path contract, String reason, int done, int failed) {
    CommandLine run = scene.retry(runner, contract, history);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    String counts = "(?s).*items +PARSE +" + reason + " +%d +%d +%d\n.*";
    assertThat(run.out(), matchesPattern(counts.formatted(done + failed, done, failed)));
  }

  /** Starts with a contract that tables do not fit, and does as the error says. */
  private void alterAsTheErrorSays(Path contract) throws Exception {
    Path none = Files.createTempFile(directory, "none", ".jsonl");
    CommandLine refused = scene.run(runner, "replicate", contract, "--input=" + none, history);
    assertThat(refused.exitCode(), is(ExitCode.INPUT));
    Matcher remedy = REMEDY.matcher(refused.err());
    assertThat(refused.err(), remedy.find(), is(true));
    do {
      scene.execute(remedy.group(1));
    } while (remedy.find());
  }

  private List<String> items(String columns) throws Exception {
    return scene.query("SELECT (" + columns + ")::text FROM items_live ORDER BY id");
  }

  @Test
  void addedColumnWaitsInExtraUntilTheContractNamesIt() throws Exception {
    replicate(
        contract("", TITLE),
        item("c", 1, "'id':1,'title':'lamp'"),
        item("c", 2, "'id':2,'title':'desk','colour':'red'"),
        item("u", 3, "'id':1,'title':'lamp','colour':'blue'"));
    String extra = "SELECT _extra ->> 'colour' FROM items ORDER BY id";
    assertThat(scene.query(extra), contains("blue", "red"));
    replicate(
        contract("", TITLE, "{name: colour, physicalType: varchar(20)}"),
        item("c", 4, "'id':3,'title':'sofa','colour':'grey'"));
    assertThat(items("title, colour"), contains("(lamp,blue)", "(desk,red)", "(sofa,grey)"));
    assertThat(scene.query("SELECT DISTINCT _extra FROM items"), contains((String) null));
  }

  @Test
  void droppedColumnKeepsItsLastValuesAndMayGoFromTheContract() throws Exception {
    replicate(
        contract("", TITLE, AMOUNT),
        item("c", 1, "'id':1,'title':'lamp','amount':5"),
        item("u", 2, "'id':1,'title':'lantern'"),
        item("c", 3, "'id':2,'title':'desk'"));
    assertThat(items("title, amount"), contains("(lantern,5)", "(desk,)"));
    replicate(contract("", TITLE), item("u", 4, "'id':1,'title':'torch'"));
    assertThat("the warehouse keeps it", items("title, amount"), contains("(torch,5)", "(desk,)"));
    scene.execute("DROP VIEW items_live; ALTER TABLE items DROP COLUMN amount");
    replicate(contract("", TITLE), item("u", 5, "'id':2,'title':'table'"));
    assertThat(items("items_live.*"), contains("(1,torch)", "(2,table)"));
  }

  @Test
  void renamedColumnMayBeANewOneBesideTheOld() throws Exception {
    renameTitle();
    replicate(contract("", TITLE, "{name: label, physicalType: varchar(20)}"));
    assertThat(items("title, label"), contains("(lamp,lantern)", "(desk,)", "(,sofa)"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void renamedColumnMayKeepItsName(TestRunner each) throws Exception {
    runner = each;
    String[] events = renameTitle();
    Path renamed = contract("", "{name: title, physicalName: label, physicalType: varchar(20)}");
    String[] rows = {"(1,lantern)", "(2,desk)", "(3,sofa)", "(4,chair)"};
    replicate(renamed, item("c", 9, "'id':4,'label':'chair'"));
    assertThat(items("id, title"), contains(rows));
    String bookkeeping = "SELECT DISTINCT (_extra, _filled)::text FROM items";
    assertThat(scene.query(bookkeeping), contains("(,)"));
    replicate(renamed, events);
    assertThat("read again", items("id, title"), contains(rows));
    assertThat(scene.query(bookkeeping), contains("(,)"));
  }

  @Test
  void renamedColumnOfAnotherTypeKeepsItsNameOnceTheTableIsAltered() throws Exception {
    history = "--history=true";
    replicate(
        contract("", AMOUNT), item("c", 1, "'id':1,'amount':5"), item("c", 2, "'id':2,'amount':6"));
    replicate(
        contract("", AMOUNT),
        item("u", 3, "'id':1,'cents':5000000000"),
        item("c", 4, "'id':3,'cents':7"),
        item("u", 5, "'id':1,'cents':8"));
    Path renamed = contract("", "{name: amount, physicalName: cents, physicalType: bigint}");
    alterAsTheErrorSays(renamed);
    replicate(renamed, item("c", 9, "'id':4,'cents':9000000000"));
    assertThat(items("id, amount"), contains("(1,8)", "(2,6)", "(3,7)", "(4,9000000000)"));
    assertThat(
        scene.query("SELECT (id, amount)::text FROM items_history ORDER BY id, _position"),
        contains("(1,5)", "(1,5000000000)", "(1,8)", "(2,6)", "(3,7)", "(4,9000000000)"));
  }

  /** The events with the new name, after which the rows still have the old one's values. */
  private String[] renameTitle() throws Exception {
    replicate(
        contract("", TITLE),
        item("c", 1, "'id':1,'title':'lamp'"),
        item("c", 2, "'id':2,'title':'desk'"));
    String[] events = {
      item("u", 3, "'id':1,'label':'lantern'"), item("c", 4, "'id':3,'label':'sofa'")
    };
    replicate(contract("", TITLE), events);
    assertThat(
        items("title, (SELECT _extra FROM items AS i WHERE i.id = items_live.id)"),
        contains(
            "(lamp,\"{\"\"label\"\": \"\"lantern\"\"}\")",
            "(desk,)",
            "(,\"{\"\"label\"\": \"\"sofa\"\"}\")"));
    return events;
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void valuesOfAWidenedColumnComeBackOnceContractAndTableAreWidened(TestRunner each)
      throws Exception {
    runner = each;
    replicate(
        contract("", AMOUNT),
        item("c", 1, "'id':1,'amount':5"),
        item("u", 2, "'id':1,'amount':5000000000"),
        item("c", 3, "'id':2,'amount':6000000000"),
        item("u", 4, "'id':2,'amount':7"));
    assertThat(items("id, amount"), contains("(1,5)", "(2,7)"));
    retry(contract("", AMOUNT), "BAD_VALUE", 0, 2);

    Path wide = contract("", "{name: amount, physicalType: bigint}");
    alterAsTheErrorSays(wide);
    retry(wide, "BAD_VALUE", 2, 0);
    assertThat("newer values stay", items("id, amount"), contains("(1,5000000000)", "(2,7)"));
  }

  @Test
  void versionsOfAWidenedColumnComeBackWhereTheyBelong() throws Exception {
    history = "--history=true";
    replicate(
        contract("", AMOUNT),
        item("c", 1, "'id':1,'amount':5"),
        item("u", 2, "'id':1,'amount':5000000000"),
        item("u", 3, "'id':1,'amount':7"),
        item("u", 4, "'id':1,'amount':7"));
    String versions = "SELECT amount FROM items_history ORDER BY _position";
    assertThat(scene.query(versions), contains("5", "7"));
    Path wide = contract("", "{name: amount, physicalType: bigint}");
    alterAsTheErrorSays(wide);
    retry(wide, "BAD_VALUE", 1, 0);
    replicate(wide, item("u", 5, "'id':1,'amount':7"), item("u", 6, "'id':1,'amount':8"));
    assertThat(
        scene.query(
            "SELECT amount FROM (SELECT amount, _position FROM items_changes UNION ALL"
                + " SELECT amount, _position FROM items WHERE _tip IS NOT NULL) AS c"
                + " ORDER BY _position"),
        contains("5", "5000000000", "7", "7", "7", "8"));
    assertThat(scene.query(versions), contains("5", "5000000000", "7", "8"));
  }

  @Test
  void narrowedColumnGoesOnAndTheContractMayFollow() throws Exception {
    String wide = "{name: amount, physicalType: bigint}";
    replicate(contract("", wide), item("c", 1, "'id':1,'amount':5"));
    replicate(contract("", wide), item("u", 2, "'id':1,'amount':6"));
    assertThat(items("id, amount"), contains("(1,6)"));
    alterAsTheErrorSays(contract("", AMOUNT));
    replicate(contract("", AMOUNT), item("u", 3, "'id':1,'amount':7"));
    assertThat(items("id, amount"), contains("(1,7)"));
    assertThat(scene.query("SELECT pg_typeof(amount)::text FROM items_live"), contains("integer"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void eventsOfATableThatNoLongerFitsWaitWhileOthersGoOn(TestRunner each) throws Exception {
    runner = each;
    CommandLine run =
        replicate(
            contract("", AMOUNT),
            item("c", 1, "'id':1,'amount':5"),
            item("u", 2, "'id':1,'amount':'five'"),
            event("others", "c", 3, "'id':1"),
            item("c", 4, "'id':2,'amount':'many'"),
            event("others", "c", 5, "'id':2"),
            item("u", 6, "'id':2,'amount':'few'"));
    assertThat(run.err(), containsString("3 records went to the dead letters"));
    assertThat(items("id, amount"), contains("(1,5)"));
    assertThat(scene.query("SELECT id FROM others_live ORDER BY id"), contains("1", "2"));

    Path text = contract("", "{name: amount, physicalType: text}");
    alterAsTheErrorSays(text);
    retry(text, "BAD_VALUE", 3, 0);
    assertThat(items("id, amount"), contains("(1,five)", "(2,few)"));
    assertThat(scene.query("SELECT id FROM others_live ORDER BY id"), contains("1", "2"));
  }

  @Test
  void rowsWithoutARequiredColumnWaitUntilTheContractRequiresItNoMore() throws Exception {
    String quarantine = "{property: requiredColumns, value: quarantine}";
    String required = "{name: amount, physicalType: integer, required: true}";
    replicate(
        contract(quarantine, TITLE, required),
        item("c", 1, "'id':1,'title':'lamp','amount':5"),
        item("c", 2, "'id':2,'title':'desk'"),
        item("u", 3, "'id':1,'title':'lantern','amount':null"));
    assertThat(items("title, amount"), contains("(lamp,5)"));
    retry(contract(quarantine, TITLE, required), "MISSING_COLUMN", 0, 2);
    retry(contract("", TITLE, required), "MISSING_COLUMN", 2, 0);
    assertThat(items("title, amount"), contains("(lantern,)", "(desk,)"));
  }

  @Test
  void quarantinedRowOfASnapshotIsGoneUntilItIsSentAgain() throws Exception {
    String required = "{name: title, physicalType: varchar(20), required: true}";
    Path input = directory.resolve("snapshot.jsonl");
    Files.writeString(
        input,
        """
        {"table":"public.items","op":"upsert","position":1,"key":{"id":1},"after":{"id":1,"title":"lamp"}}
        {"table":"public.items","op":"upsert","position":2,"key":{"id":2},"after":{"id":2,"title":"desk"}}
        {"table":"public.items","op":"read","position":5,"key":{"id":1},"after":{"id":1}}
        {"table":"public.items","op":"read","position":5,"key":{"id":2},"after":{"id":2,"title":"table"}}
        {"table":"public.items","op":"snapshot","position":5}
        """);
    CommandLine run =
        scene.run(
            runner,
            "replicate",
            contract("{property: requiredColumns, value: quarantine}", required),
            "--input=" + input,
            "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(items("id, title"), contains("(2,table)"));
    retry(contract("", required), "MISSING_COLUMN", 1, 0);
    assertThat(items("id, title"), contains("(1,lamp)", "(2,table)"));
  }

  @Test
  void whatATableSaysOfUnknownColumnsHoldsForItAlone() throws Exception {
    CommandLine run =
        replicate(
            contract("{property: unknownColumns, value: ignore}", TITLE),
            item("c", 1, "'id':1,'title':'lamp','colour':'red'"),
            event("others", "c", 2, "'id':1,'colour':'red'"));
    assertThat(run.err(), scene.marks(), is(anEmptyMap()));
    assertThat(scene.query("SELECT _extra FROM items"), contains((String) null));
    assertThat(scene.query("SELECT _extra ->> 'colour' FROM others"), contains("red"));
  }
}
