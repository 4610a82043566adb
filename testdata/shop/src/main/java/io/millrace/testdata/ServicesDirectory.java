package io.millrace.testdata;

import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.sales.SaleEvents;
import io.millrace.testdata.sales.SalesFeed;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopViews;
import io.millrace.testdata.shop.ShopWorkload;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Source, Kafka, Debezium and warehouse as background processes, with all their files in one
 * directory.
 *
 * <p>Files: a directory and a {@code .pid} file for each service, {@code services.properties} with
 * the connection settings (readable for this user only: passwords are in it), {@code
 * warehouse.password}, {@code shop.odcs.yaml}.
 */
final class ServicesDirectory {
  static final List<String> SERVICES = List.of("source", "kafka", "warehouse", "debezium");
  static final int PARTITIONS = 2;

  private final Path directory;

  ServicesDirectory(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  Path propertiesFile() {
    return directory.resolve("services.properties");
  }

  Path contractFile() {
    return directory.resolve("shop.odcs.yaml");
  }

  /** The contract of views of the shop's tables. */
  Path viewsContractFile() {
    return directory.resolve("views.odcs.yaml");
  }

  Path salesContractFile() {
    return directory.resolve("sales.odcs.yaml");
  }

  Path salesRulesFile() {
    return directory.resolve("sales.rules.yaml");
  }

  /** The process of each service, empty where it does not run. */
  Map<String, Optional<ProcessHandle>> status() {
    Map<String, Optional<ProcessHandle>> status = new LinkedHashMap<>();
    SERVICES.forEach(service -> status.put(service, pidFile(service).process()));
    return status;
  }

  /**
   * Starts all services and fills the shop.
   *
   * @param customers how many, for a shop that is new
   * @return the connection settings
   * @throws ServiceException if one does not start; those that did are stopped again
   */
  Properties start(int customers) {
    Directories.create(directory);
    Thread interrupted = new Thread(this::stop, "stop-services");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      Properties settings = startAll(customers);
      ShutdownHooks.remove(interrupted);
      return settings;
    } catch (SQLException e) {
      throw new ServiceException("could not prepare the shop: " + e.getMessage(), e);
    }
  }

  private Properties startAll(int customers) throws SQLException {
    ServiceProcess source =
        ServiceProcess.postgres("source", home("source"), "shop", Lifetime.DETACHED);
    pidFile("source").write(source.handle());
    ServiceProcess kafka = ServiceProcess.kafka("kafka", home("kafka"), Lifetime.DETACHED);
    pidFile("kafka").write(kafka.handle());
    ServiceProcess warehouse =
        ServiceProcess.postgres("warehouse", home("warehouse"), "warehouse", Lifetime.DETACHED);
    pidFile("warehouse").write(warehouse.handle());

    Database shop = source.awaitDatabase();
    fill(shop, customers);
    String bootstrapServers = kafka.awaitBootstrapServers();
    List<String> topics = Shop.physicalNames().stream().map(table -> "shop." + table).toList();
    LocalKafka.createTopics(bootstrapServers, PARTITIONS, topics);
    LocalKafka.createTopics(bootstrapServers, PARTITIONS, SalesFeed.topics());
    LocalKafka.createTopics(
        bootstrapServers,
        PARTITIONS,
        ShopViews.all().stream().map(view -> "gold." + view.name()).toList());
    LocalDebezium debezium =
        LocalDebezium.from(shop)
            .to(bootstrapServers)
            .tables(Shop.physicalNames())
            .directory(home("debezium"))
            .start(Lifetime.DETACHED);
    pidFile("debezium").write(debezium.handle());
    Database target = warehouse.awaitDatabase();
    Shop.writeContract(contractFile());
    ShopViews.writeContract(viewsContractFile());
    SaleEvents.writeContract(salesContractFile());
    SaleEvents.writeRules(salesRulesFile());
    Directories.writeSecret(directory.resolve("warehouse.password"), target.password());
    return writeSettings(shop, bootstrapServers, topics, target);
  }

  private void fill(Database shop, int customers) throws SQLException {
    if (!Shop.exists(shop)) {
      Shop.create(shop);
      try (ShopWorkload workload = ShopWorkload.on(shop, 1)) {
        workload.fill(customers);
      }
    }
  }

  private Properties writeSettings(
      Database shop, String bootstrapServers, List<String> topics, Database warehouse) {
    Properties settings = new Properties();
    put(settings, "source", shop);
    settings.setProperty("kafka.bootstrapServers", bootstrapServers);
    settings.setProperty("kafka.topics", String.join(",", topics));
    put(settings, "warehouse", warehouse);
    settings.setProperty("contract", contractFile().toString());
    String text =
        settings.stringPropertyNames().stream()
            .sorted()
            .map(name -> name + "=" + settings.getProperty(name).replace("\\", "\\\\"))
            .collect(Collectors.joining("\n", "", "\n"));
    Directories.writeSecret(propertiesFile(), text);
    return settings;
  }

  private static void put(Properties settings, String name, Database database) {
    settings.setProperty(name + ".jdbcUrl", database.jdbcUrl());
    settings.setProperty(name + ".user", database.user());
    settings.setProperty(name + ".password", database.password());
  }

  /** The connection settings, as the last start wrote them; empty without one. */
  Optional<Properties> settings() {
    if (!Files.exists(propertiesFile())) {
      return Optional.empty();
    }
    try (Reader reader = Files.newBufferedReader(propertiesFile())) {
      Properties settings = new Properties();
      settings.load(reader);
      return Optional.of(settings);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + propertiesFile(), e);
    }
  }

  /** Stops all that runs and keeps the data. */
  void stop() {
    List<ProcessHandle> running = status().values().stream().flatMap(Optional::stream).toList();
    running.forEach(ProcessHandle::destroy);
    running.forEach(process -> Processes.stop(process, Duration.ofSeconds(20)));
    LocalPostgres.stopLeftOver(home("source"));
    LocalPostgres.stopLeftOver(home("warehouse"));
    SERVICES.forEach(service -> pidFile(service).delete());
  }

  /** Deletes what the services wrote, and the directory if nothing else is in it. */
  void deleteData() {
    SERVICES.forEach(service -> Directories.delete(home(service)));
    try {
      Files.deleteIfExists(propertiesFile());
      Files.deleteIfExists(contractFile());
      Files.deleteIfExists(viewsContractFile());
      Files.deleteIfExists(salesContractFile());
      Files.deleteIfExists(salesRulesFile());
      Files.deleteIfExists(directory.resolve("warehouse.password"));
      if (Files.isDirectory(directory) && isEmpty(directory)) {
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not clean up " + directory, e);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private Path home(String service) {
    return directory.resolve(service);
  }

  private PidFile pidFile(String service) {
    return new PidFile(directory.resolve(service + ".pid"));
  }
}
