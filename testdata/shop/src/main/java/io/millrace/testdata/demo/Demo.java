package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.sales.SaleEvents;
import io.millrace.testdata.sales.SalesFeed;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopViews;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replicates the shop, keeps views of its tables and sums up its events, and compares all of it.
 */
final class Demo implements Demonstration {
  private static final String GROUP = "millrace-demo";
  private static final Duration FIRST_ROWS_LIMIT = Duration.ofMinutes(3);
  private static final Duration ENCORE = Duration.ofSeconds(5);

  private final Settings settings;
  private final Stage stage;
  private final Display display;
  private final List<Pipeline.Ledger> ledgers = new ArrayList<>();
  private Services services;
  private Program program;
  private Gold gold;
  private ShopViewsPipeline views;
  private OpenShop openShop;
  private Pipeline pipeline;
  private Path contract;

  Demo(Settings settings, Path directory, Display display) {
    this.settings = settings;
    this.stage = new Stage(settings, directory, display);
    this.display = display;
  }

  @Override
  public Outcome run() throws SQLException, IOException {
    start();
    awaitFirstRows();
    Alterations alterations =
        settings.alter()
            ? Alterations.ofOrders(services.source(), display)
            : Alterations.none(services.source(), display);
    openShop.run(settings.time(), alterations, pipeline);
    ColumnChanges changes = new ColumnChanges(stage.columns(), Shop.columns(services.source()));
    if (changes.tables().isEmpty()) {
      drain(changes);
    } else {
      drainWithNewContract(changes);
    }
    GoldAudit summaries = gold.await(services, display, settings.drain());
    gold.close();
    List<TableAudit> viewAudits = views.await(services, display, settings.drain());
    views.close();
    stopPipeline();
    display.say("The pipelines have stopped. Comparing every row of every table.");
    return new Outcome(
        RowAudit.ofSource(program, contract, Shop.names(), "public", Duration.ZERO),
        Digests.areEqual(services, changes),
        viewAudits,
        Optional.of(summaries),
        ledgers,
        DeadLetters.waiting(services.deadLetters()) + DeadLetters.waiting(goldDeadLetters()),
        List.of());
  }

  private void start() throws SQLException {
    stage.startServices(SalesFeed.topics());
    services = stage.services();
    program = stage.program();
    display.say(
        "Starting Millrace: replicate, denormalize, summarize and detect on "
            + settings.runner()
            + ".");
    startPipeline(Shop.writeContract(stage.home("shop.odcs.yaml")), GROUP, program.deadLetters());
    gold = startGold();
    views =
        stage.keep(
            ShopViewsPipeline.start(
                program,
                settings.runner(),
                Flow.ofTopics(services),
                ShopViews.writeContract(stage.home("views.odcs.yaml")),
                "demo-views",
                goldDeadLetters()));
    openShop =
        new OpenShop(stage.workload(), settings.rate(), Optional.of(gold), services, display);
    stage.startDebezium();
  }

  /** Starts the pipeline as another run, whose ledger is yet to come. */
  private Pipeline startPipeline(Path contract, String group, Path deadLetters) {
    this.contract = contract;
    Flow flow = Flow.ofTopics(services);
    pipeline =
        stage.keep(
            Pipeline.start(
                program,
                settings.runner(),
                settings.hasGroups() ? flow.withGroup(group) : flow,
                contract,
                ledgers.isEmpty() ? "demo" : "demo-" + (ledgers.size() + 1),
                deadLetters));
    return pipeline;
  }

  private Gold startGold() {
    Path contract = SaleEvents.writeContract(stage.home("sales.odcs.yaml"));
    return new Gold(
        stage.keep(
            new SalesFeed(services.bootstrapServers(), settings.seed(), settings.eventRate())),
        stage.keep(
            SalesPipeline.summarize(
                program,
                settings.runner(),
                services.bootstrapServers(),
                contract,
                goldDeadLetters())),
        stage.keep(
            SalesPipeline.detect(
                program,
                settings.runner(),
                services.bootstrapServers(),
                contract,
                SaleEvents.writeRules(stage.home("sales.rules.yaml")),
                goldDeadLetters())));
  }

  private Path goldDeadLetters() {
    return program.directory().resolve("dead-letters-gold");
  }

  private void stopPipeline() {
    ledgers.add(pipeline.ledger());
    pipeline.close();
  }

  private void awaitFirstRows() throws SQLException {
    long deadline = System.nanoTime() + FIRST_ROWS_LIMIT.toNanos();
    Glance glance = Glance.take(services);
    while (glance.warehouseRows() == 0 || !glance.gold().ready() || !views.isReady(services)) {
      pipeline.check();
      gold.check();
      views.check();
      if (System.nanoTime() > deadline) {
        throw new ServiceException(
            "no row came to the warehouse in " + FIRST_ROWS_LIMIT.toSeconds() + " s");
      }
      Waiting.pass(Duration.ofMillis(250));
      glance = Glance.take(services);
    }
    display.say("The first rows are in the warehouse. The shop opens.");
    Database source = services.source();
    display.say(
        "Alter its tables while it is open, if you like: PGPASSWORD=$(cat %s) psql -h %s -p %d -U %s %s"
            .formatted(
                stage.home("source").resolve("password"),
                source.host(),
                source.port(),
                source.user(),
                source.name()));
  }

  private boolean drain(ColumnChanges changes) throws SQLException {
    boolean equal = newDrain(changes).untilEqual(pipeline);
    if (equal) {
      display.say("The log is drained.");
    }
    return equal;
  }

  /** Goes on with a contract that has the source's new columns. */
  private void drainWithNewContract(ColumnChanges changes) throws SQLException {
    display.say("The source's columns are not those of the contract any more:");
    for (String table : changes.tables()) {
      changes.described(table).forEach(line -> display.say("  " + table + ": " + line));
    }
    if (newDrain(changes).untilRead(pipeline)) {
      display.say("The log is drained, as far as this contract goes.");
    }
    long extra = sayWhatWaits();
    for (String table : changes.tables()) {
      Glance.exampleOfExtra(services, table)
          .ifPresent(row -> display.say("  such as, in " + table + ": " + row));
    }
    stopPipeline();
    display.say("Millrace has stopped. Its new contract is what ./millrace contract drafts;");
    display.say("  renamed columns keep their names in the warehouse.");
    ContractUpdate update = new ContractUpdate(program, changes, stage.directory(), display);
    pipeline = update.apply(contract -> startPipeline(contract, GROUP, program.deadLetters()));
    display.say(
        "Millrace goes on with the new contract: what %,d rows had in _extra moved over."
            .formatted(extra - Glance.take(services).extra()));
    for (String sql : changes.touches()) {
      display.say("No event tells of defaults in rows that do not change. At the source: " + sql);
      try (Connection connection = services.source().connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
    display.say("The shop opens again for %d s.".formatted(ENCORE.toSeconds()));
    openShop.run(ENCORE, Alterations.none(services.source(), display), pipeline);
    if (!drain(changes)) {
      readAgain(changes, update.contract());
    }
    sayWhatWaits();
  }

  /** A wide value is in the event that set it, and in _extra only until the row changes again. */
  private void readAgain(ColumnChanges changes, Path contract) throws SQLException {
    stopPipeline();
    display.say("Values that updates left out are in the log alone. Reading it again.");
    Path deadLetters = program.directory().resolve("dead-letters-again");
    startPipeline(contract, GROUP + "-again", deadLetters);
    drain(changes);
    long rejected = DeadLetters.waiting(deadLetters);
    if (rejected > 0) {
      display.say(
          "%,d records do not fit the contract now that did before; their rows are there."
              .formatted(rejected));
    }
  }

  private long sayWhatWaits() throws SQLException {
    Glance glance = Glance.take(services);
    display.say(
        "%,d rows have something in _extra, %,d dead letters wait."
            .formatted(glance.extra(), glance.deadLetters()));
    return glance.extra();
  }

  private Drain newDrain(ColumnChanges changes) {
    return new Drain(services, changes, display, settings.drain());
  }

  @Override
  public void close() {
    stage.close();
  }
}
