package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.Directories;
import io.millrace.testdata.LocalDebezium;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.ReplicationSlot;
import io.millrace.testdata.ServiceProcess;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopWorkload;
import io.millrace.testdata.shop.SourceColumn;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What every demonstration plays on: the shop's database and who writes to it, Debezium, Kafka, and
 * the warehouse. It stops them, and whatever else it was given to keep, the last first.
 */
final class Stage implements AutoCloseable {
  private static final String SLOT = "millrace";
  private static final int PARTITIONS = 2;
  private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(1);

  private final Settings settings;
  private final Path directory;
  private final Display display;
  private final Started started = new Started();
  private Services services;
  private Program program;
  private Map<String, List<SourceColumn>> columns;
  private volatile ShopWorkload workload;

  Stage(Settings settings, Path directory, Display display) {
    this.settings = settings;
    this.directory = directory;
    this.display = display;
  }

  /**
   * Starts the databases and Kafka, and fills the shop.
   *
   * @param moreTopics that there are beside those of the shop's tables
   */
  void startServices(List<String> moreTopics) throws SQLException {
    display.say("Starting PostgreSQL for the shop, Kafka, and PostgreSQL for the warehouse.");
    ServiceProcess shop =
        keep(ServiceProcess.postgres("source", home("source"), "shop", Lifetime.PARENT));
    ServiceProcess kafka = keep(ServiceProcess.kafka("kafka", home("kafka"), Lifetime.PARENT));
    ServiceProcess target =
        keep(ServiceProcess.postgres("warehouse", home("warehouse"), "warehouse", Lifetime.PARENT));
    Database source = shop.awaitDatabase();
    Shop.create(source);
    columns = Shop.columns(source);
    workload = keep(ShopWorkload.on(source, settings.seed()));
    workload.fill(settings.customers());
    String bootstrapServers = kafka.awaitBootstrapServers();
    LocalKafka.createTopics(bootstrapServers, PARTITIONS, Services.topics());
    LocalKafka.createTopics(bootstrapServers, PARTITIONS, moreTopics);
    Database warehouse = target.awaitDatabase();
    program =
        new Program(
            settings.pipelineJar(), Directories.create(home("pipeline")), source, warehouse);
    services = new Services(source, bootstrapServers, warehouse, program.deadLetters());
  }

  /** Starts Debezium, and waits until it reads changes. */
  void startDebezium() throws SQLException {
    ReplicationSlot.create(services.source(), SLOT, Shop.physicalNames());
    workload.openLongTransaction();
    display.say("Starting Debezium; its snapshot is taken while a transaction is open.");
    LocalDebezium debezium =
        keep(
            LocalDebezium.from(services.source())
                .to(services.bootstrapServers())
                .slot(SLOT)
                .tables(Shop.physicalNames())
                .directory(home("debezium"))
                .start());
    debezium.awaitStreaming(SNAPSHOT_LIMIT);
    display.say("The snapshot is done, changes are read from the log.");
  }

  /** Stops it in the end. */
  <T extends AutoCloseable> T keep(T closeable) {
    return started.keep(closeable);
  }

  /** A place for the files of something. */
  Path home(String name) {
    return directory.resolve(name);
  }

  Path directory() {
    return directory;
  }

  Services services() {
    return services;
  }

  Program program() {
    return program;
  }

  ShopWorkload workload() {
    return workload;
  }

  /** The columns that the shop's tables had at first. */
  Map<String, List<SourceColumn>> columns() {
    return columns;
  }

  @Override
  public void close() {
    if (workload != null) {
      workload.stop();
    }
    started.close();
  }
}
