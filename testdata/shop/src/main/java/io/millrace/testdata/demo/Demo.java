package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.Directories;
import io.millrace.testdata.LocalDebezium;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.ReplicationSlot;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.ServiceProcess;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopWorkload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the demonstration, step by step.
 *
 * <p>What it starts it stops in {@link #close}, the last first; and all of it ends by itself when
 * this JVM does, however that ends.
 */
final class Demo implements AutoCloseable {
  private static final String SLOT = "millrace";
  private static final int PARTITIONS = 2;
  private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(1);
  private static final Duration FIRST_ROWS_LIMIT = Duration.ofMinutes(3);
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);
  private static final Duration LEDGER_LIMIT = Duration.ofSeconds(30);
  private static final Duration GLANCE_EVERY = Duration.ofSeconds(1);

  /**
   * What to do.
   *
   * @param rate changes a second
   * @param customers how many the shop has at first
   * @param drain how long the warehouse may take to catch up once the workload has stopped
   */
  record Settings(
      String runner,
      Path pipelineJar,
      Duration time,
      double rate,
      int customers,
      long seed,
      Duration drain) {}

  private final Settings settings;
  private final Path directory;
  private final Display display;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;
  private Database source;
  private Database warehouse;
  private Pipeline pipeline;
  private ShopWorkload workload;

  Demo(Settings settings, Path directory, Display display) {
    this.settings = settings;
    this.directory = directory;
    this.display = display;
  }

  /** What came of it: all tables compared, and the ledger. */
  record Outcome(List<TableAudit> audits, Pipeline.Ledger ledger) {
    boolean isRight() {
      return audits.stream().allMatch(TableAudit::isEqual) && ledger.isBalanced();
    }
  }

  /** Runs it to its end and compares all tables. */
  Outcome run() throws SQLException, IOException {
    startServices();
    awaitFirstRows();
    runWorkload();
    awaitDrained();
    Pipeline.Ledger ledger = pipeline.ledger(LEDGER_LIMIT);
    pipeline.close();
    display.say("The pipeline has stopped. Comparing every row of every table.");
    return new Outcome(audit(), ledger);
  }

  private void startServices() throws SQLException {
    display.say("Starting PostgreSQL for the shop, Kafka, and PostgreSQL for the warehouse.");
    ServiceProcess shop =
        keep(ServiceProcess.postgres("source", home("source"), "shop", Lifetime.PARENT));
    ServiceProcess kafka = keep(ServiceProcess.kafka("kafka", home("kafka"), Lifetime.PARENT));
    ServiceProcess target =
        keep(ServiceProcess.postgres("warehouse", home("warehouse"), "warehouse", Lifetime.PARENT));
    source = shop.awaitDatabase();
    Shop.create(source);
    workload = keep(ShopWorkload.on(source, settings.seed()));
    workload.fill(settings.customers());
    String bootstrapServers = kafka.awaitBootstrapServers();
    List<String> topics = Shop.physicalNames().stream().map(table -> "shop." + table).toList();
    LocalKafka.createTopics(bootstrapServers, PARTITIONS, topics);
    warehouse = target.awaitDatabase();

    display.say("Starting Millrace: replicate on " + settings.runner() + ".");
    pipeline =
        keep(
            Pipeline.start(
                settings.pipelineJar(),
                settings.runner(),
                Directories.create(home("pipeline")),
                bootstrapServers,
                topics,
                Shop.writeContract(directory.resolve("shop.odcs.yaml")),
                warehouse));

    ReplicationSlot.create(source, SLOT, Shop.physicalNames());
    workload.openLongTransaction();
    display.say("Starting Debezium; its snapshot is taken while a transaction is open.");
    LocalDebezium debezium =
        keep(
            LocalDebezium.from(source)
                .to(bootstrapServers)
                .slot(SLOT)
                .tables(Shop.physicalNames())
                .directory(home("debezium"))
                .start());
    debezium.awaitStreaming(SNAPSHOT_LIMIT);
    display.say("The snapshot is done, changes are read from the log.");
  }

  private void awaitFirstRows() throws SQLException {
    long deadline = System.nanoTime() + FIRST_ROWS_LIMIT.toNanos();
    CompletableFuture<Void> never = new CompletableFuture<>();
    Glance glance = Glance.take(source, warehouse);
    while (glance.warehouseRows() == 0) {
      pipeline.check();
      if (System.nanoTime() > deadline) {
        throw new ServiceException(
            "no row came to the warehouse in " + FIRST_ROWS_LIMIT.toSeconds() + " s");
      }
      awaitQuietly(never, Duration.ofMillis(250));
      glance = Glance.take(source, warehouse);
    }
    display.say("The first rows are in the warehouse. The shop opens.");
  }

  private void runWorkload() throws SQLException {
    long before = workload.changes();
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              try {
                workload.run(settings.time(), settings.rate());
              } catch (SQLException e) {
                throw new ServiceException("the workload failed: " + e.getMessage(), e);
              }
            });
    long last = before;
    long lastNanos = System.nanoTime();
    while (!awaitQuietly(running, GLANCE_EVERY)) {
      pipeline.check();
      Glance glance = Glance.take(source, warehouse);
      long now = System.nanoTime();
      long changes = workload.changes();
      double rate = (changes - last) * 1e9 / (now - lastNanos);
      display.show(glance, changes - before, rate, "replicating");
      last = changes;
      lastNanos = now;
    }
    display.say("The shop has closed after %,d changes.".formatted(workload.changes() - before));
  }

  /**
   * Waits until both sides agree, or the time is up, or nothing has been written for a while. Two
   * looks in a row must agree: a row may pass by its last state on the way to it.
   */
  private void awaitDrained() throws SQLException {
    List<String> expected = Digests.of(source);
    long deadline = System.nanoTime() + settings.drain().toNanos();
    long lastWritten = System.nanoTime();
    CompletableFuture<Void> never = new CompletableFuture<>();
    int agreed = 0;
    while (agreed < 2) {
      pipeline.check();
      List<String> found = Digests.of(source, warehouse);
      long tables = expected.stream().filter(found::contains).count();
      agreed = tables == expected.size() ? agreed + 1 : 0;
      Glance glance = Glance.take(source, warehouse);
      long now = System.nanoTime();
      lastWritten = glance.applied() > 0 ? now : lastWritten;
      if (now > deadline || now - lastWritten > IDLE_LIMIT.toNanos()) {
        display.say(
            now > deadline
                ? "The warehouse did not catch up in " + settings.drain().toSeconds() + " s."
                : "The warehouse has come to rest and is not what it should be.");
        return;
      }
      display.show(
          glance, 0, 0, "draining, %d of %d tables agree".formatted(tables, expected.size()));
      awaitQuietly(never, GLANCE_EVERY);
    }
    display.say("The log is drained.");
  }

  private List<TableAudit> audit() throws SQLException, IOException {
    List<TableAudit> audits = new ArrayList<>();
    for (Shop.Table table : Shop.TABLES) {
      List<String> columns = TableRows.columns(source, table.name());
      try (TableRows expected = new TableRows(source, table.name(), table.key(), columns);
          TableRows found =
              new TableRows(warehouse, table.name() + "_live", table.key(), columns)) {
        audits.add(TableAudit.compare(table.name(), columns, expected, found));
      }
    }
    return audits;
  }

  /** Waits for it; false when the time is up. */
  private static boolean awaitQuietly(CompletableFuture<Void> future, Duration limit) {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new ServiceException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted", e);
    }
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    synchronized (started) {
      if (!closed) {
        started.push(closeable);
        return closeable;
      }
    }
    close(closeable);
    throw new ServiceException("interrupted");
  }

  private Path home(String name) {
    return directory.resolve(name);
  }

  /** Stops all that was started; a second call does nothing. */
  @Override
  public void close() {
    if (workload != null) {
      workload.stop();
    }
    AutoCloseable next = next();
    while (next != null) {
      close(next);
      next = next();
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // The others must stop too; what is left ends with this JVM.
      System.err.println("while stopping: " + e.getMessage());
    }
  }

  private AutoCloseable next() {
    synchronized (started) {
      closed = true;
      return started.poll();
    }
  }
}
