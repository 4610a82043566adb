package io.millrace.testdata;

import io.millrace.testdata.sales.SaleEvents;
import io.millrace.testdata.sales.SalesFeed;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code services start|stop|status}. */
@Command(
    name = "services",
    description = {
      "Starts and stops a sample shop with everything around it, in the background: a source"
          + " database (PostgreSQL), Kafka, Debezium between them, and a warehouse (PostgreSQL).",
      "All are bound to localhost, on free ports."
    })
final class ServicesCommand {

  static final class Directory {
    @Option(
        names = "--dir",
        paramLabel = "DIR",
        defaultValue = ".millrace/services",
        description = "where the services keep their files (default: ${DEFAULT-VALUE})")
    private Path path;

    ServicesDirectory services() {
      return new ServicesDirectory(path);
    }
  }

  @Command(
      name = "start",
      description = {
        "Starts the services, fills the shop if it is new, and prints how to connect.",
        "The same settings are written to DIR/services.properties."
      })
  int start(
      @Mixin Directory directory,
      @Option(
              names = "--customers",
              paramLabel = "N",
              defaultValue = "200",
              description = "size of a new shop (default: ${DEFAULT-VALUE})")
          int customers) {
    ServicesDirectory services = directory.services();
    long running = services.status().values().stream().filter(Optional::isPresent).count();
    if (running == ServicesDirectory.SERVICES.size()) {
      System.out.println("The services run already.");
      services.settings().ifPresent(settings -> print(services, settings));
      return 0;
    }
    if (running > 0) {
      System.err.println("Some services run already and some do not; stop them first.");
      return 3;
    }
    print(services, services.start(customers));
    return 0;
  }

  @Command(
      name = "stop",
      description = "Stops the services and deletes their data, unless told to keep them.")
  int stop(
      @Mixin Directory directory,
      @Option(names = "--keep", description = "keep the data for the next start") boolean keep) {
    ServicesDirectory services = directory.services();
    services.stop();
    if (!keep) {
      services.deleteData();
    }
    System.out.println(keep ? "Stopped; data kept." : "Stopped; data deleted.");
    return 0;
  }

  @Command(
      name = "status",
      description = "Says what runs; exit code 0 if all services do, 1 otherwise.")
  int status(@Mixin Directory directory) {
    ServicesDirectory services = directory.services();
    Map<String, Optional<ProcessHandle>> status = services.status();
    status.forEach(
        (service, process) ->
            System.out.printf(
                "%-10s %s%n",
                service,
                process.map(running -> "running, process " + running.pid()).orElse("stopped")));
    boolean all = status.values().stream().allMatch(Optional::isPresent);
    if (all) {
      services.settings().ifPresent(settings -> print(services, settings));
    }
    return all ? 0 : 1;
  }

  private static void print(ServicesDirectory services, Properties settings) {
    System.out.printf(
        """

        source     %s (user %s)
        kafka      %s
                   topics %s
        warehouse  %s (user %s)
        settings and passwords: %s

        Replicate the shop with:
          ./millrace replicate --runner=flink --format=debezium --contract=%s \\
            --kafkaBootstrapServers=%s --kafkaTopics=%s \\
            --warehouseUrl=%s --warehouseUser=%s \\
            --warehousePassword=file:%s
        Keep views of its tables with denormalize, and --contract=%s instead.
        Sum up its purchases and payments with summarize, keep its buyers with evolve, or find alerts
        with detect (which also needs --rules=%s), with
        the same --kafkaBootstrapServers and --warehouse... options, and:
          --kafkaTopics=%s --contract=%s \\
            --disorder=%d
        """,
        settings.getProperty("source.jdbcUrl"),
        settings.getProperty("source.user"),
        settings.getProperty("kafka.bootstrapServers"),
        settings.getProperty("kafka.topics"),
        settings.getProperty("warehouse.jdbcUrl"),
        settings.getProperty("warehouse.user"),
        services.propertiesFile(),
        settings.getProperty("contract"),
        settings.getProperty("kafka.bootstrapServers"),
        settings.getProperty("kafka.topics"),
        settings.getProperty("warehouse.jdbcUrl"),
        settings.getProperty("warehouse.user"),
        services.propertiesFile().resolveSibling("warehouse.password"),
        services.viewsContractFile(),
        services.salesRulesFile(),
        String.join(",", SalesFeed.topics()),
        services.salesContractFile(),
        SaleEvents.DISORDER / 1_000);
  }
}
