package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopViews;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Replicates the shop into version 1 of the tables, and lands its topics; lets the topics forget
 * what is landed, computes version 2 from the landing, compares both with the source, and lets
 * version 2 serve, all while the shop goes on.
 */
final class ReplayDemo implements Demonstration {
  private static final Duration FIRST_ROWS_LIMIT = Duration.ofMinutes(3);
  private static final Duration LANDED_LIMIT = Duration.ofMinutes(4);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final double BUSY = 0.5;

  private final Settings settings;
  private final Stage stage;
  private final Display display;
  private Services services;
  private VersionRun.Contracts contracts;
  private ArchivePipeline archive;
  private VersionRun first;

  ReplayDemo(Settings settings, Path directory, Display display) {
    this.settings = settings;
    this.stage = new Stage(settings, directory, display);
    this.display = display;
  }

  @Override
  public Outcome run() throws SQLException, IOException {
    start();
    awaitFirstRows();
    ColumnChanges unchanged = new ColumnChanges(stage.columns(), stage.columns());
    Alterations none = Alterations.none(services.source(), display);
    new OpenShop(stage.workload(), settings.rate(), Optional.empty(), services, display)
        .run(settings.time(), none, first.tables());
    // At rest, it can be said which records are in version 1.
    if (!drain(unchanged, first.tables())) {
      throw new ServiceException("version 1 did not become like the source");
    }
    forgetWhatIsLanded();
    double rate = settings.rate() * BUSY;
    display.say(
        "The shop opens again, until version 2 serves, at %,.0f changes a second.".formatted(rate));
    long before = stage.workload().changes();
    VersionRun second;
    List<String> faults;
    try (BusyShop shop = new BusyShop(stage.workload(), rate)) {
      Replay replay = new Replay(settings, stage, display, first, contracts, shop);
      second = replay.start(landing());
      faults = replay.finish();
      check();
    }
    display.say(
        "The shop has closed after %,d changes.".formatted(stage.workload().changes() - before));
    drain(unchanged, second.tables());
    var views = second.views().await(services, display, settings.drain());
    display.say("Comparing every row of every table that serves with the source.");
    return new Outcome(
        RowAudit.ofSource(
            stage.program(), contracts.tables(), Shop.names(), "public", Duration.ZERO),
        Digests.areEqual(services, unchanged),
        views,
        Optional.empty(),
        List.of(first.tables().ledger(), second.tables().ledger()),
        deadLetters(first) + deadLetters(second),
        faults);
  }

  private void start() throws SQLException {
    stage.startServices(List.of());
    services = stage.services();
    display.say(
        "Starting Millrace: archive, and replicate and denormalize into version 1 of the tables, on "
            + settings.runner()
            + ".");
    contracts =
        new VersionRun.Contracts(
            Shop.writeContract(stage.home("shop.odcs.yaml")),
            ShopViews.writeContract(stage.home("views.odcs.yaml")));
    Flow topics = Flow.ofTopics(services);
    archive =
        stage.keep(ArchivePipeline.start(stage.program(), settings.runner(), topics, landing()));
    first = VersionRun.start(1, stage, settings.runner(), topics, contracts);
    stage.startDebezium();
  }

  private Path landing() {
    return stage.home("landing");
  }

  private void awaitFirstRows() throws SQLException {
    long deadline = System.nanoTime() + FIRST_ROWS_LIMIT.toNanos();
    while (Glance.take(services).warehouseRows() == 0 || !first.views().isReady(services)) {
      check();
      if (System.nanoTime() > deadline) {
        throw new ServiceException(
            "no row came to the warehouse in " + FIRST_ROWS_LIMIT.toSeconds() + " s");
      }
      Waiting.pass(LOOK_EVERY);
    }
    display.say("The first rows are in the warehouse. The shop opens.");
  }

  private boolean drain(ColumnChanges unchanged, Pipeline pipeline) throws SQLException {
    boolean equal = new Drain(services, unchanged, display, settings.drain()).untilEqual(pipeline);
    if (equal) {
      display.say("The log is drained.");
    }
    return equal;
  }

  /** Version 2 can have the records from the landing only, then. */
  private void forgetWhatIsLanded() throws SQLException {
    try (TopicOffsets topics = new TopicOffsets(services.bootstrapServers())) {
      Map<TopicPartition, Long> ends = topics.ends(Services.topics());
      long deadline = System.nanoTime() + LANDED_LIMIT.toNanos();
      while (first.read(services.warehouse()) < sum(ends) || !isLanded(ends)) {
        check();
        if (System.nanoTime() > deadline) {
          throw new ServiceException(
              "of %,d records %,d were in version 1 and %,d landed after %d s"
                  .formatted(
                      sum(ends),
                      first.read(services.warehouse()),
                      sum(archive.ends()),
                      LANDED_LIMIT.toSeconds()));
        }
        Waiting.pass(LOOK_EVERY);
        ends = topics.ends(Services.topics());
      }
      topics.forget(ends);
      display.say(
          "All %,d records are landed, and in version 1. The topics forget them."
              .formatted(sum(ends)));
    }
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private boolean isLanded(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> landed = archive.ends();
    return ends.entrySet().stream()
        .allMatch(end -> landed.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private void check() {
    archive.check();
    first.check();
  }

  private long deadLetters(VersionRun run) {
    return DeadLetters.waiting(VersionRun.deadLetters(stage.program(), run.version()));
  }

  @Override
  public void close() {
    stage.close();
  }
}
