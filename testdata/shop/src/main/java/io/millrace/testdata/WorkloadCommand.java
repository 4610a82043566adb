package io.millrace.testdata;

import io.millrace.testdata.sales.SalesFeed;
import io.millrace.testdata.shop.ShopWorkload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code workload}: keeps the shop of running services busy. */
@Command(
    name = "workload",
    description = {
      "Changes the sample shop of running services: inserts, updates, deletes, changes of keys,"
          + " large and long transactions, one truncate. Sends purchases and payments to Kafka"
          + " meanwhile, some of them late or twice.",
      "Start the services first."
    })
final class WorkloadCommand implements Callable<Integer> {

  @Mixin private ServicesCommand.Directory directory;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "how long (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "200",
      description = "changes a second (default: ${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "100",
      description = "purchases and payments a second (default: ${DEFAULT-VALUE})")
  private double events;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "decides what happens (default: ${DEFAULT-VALUE})")
  private long seed;

  @Override
  public Integer call() throws SQLException {
    Properties settings =
        directory
            .services()
            .settings()
            .orElseThrow(() -> new ServiceException("no services there; start them first"));
    Database source =
        new Database(
            settings.getProperty("source.jdbcUrl"),
            settings.getProperty("source.user"),
            settings.getProperty("source.password"));
    Duration time = Duration.ofSeconds(seconds);
    try (ShopWorkload workload = ShopWorkload.on(source, seed);
        SalesFeed feed =
            new SalesFeed(settings.getProperty("kafka.bootstrapServers"), seed, events)) {
      CompletableFuture<Void> feeding =
          events > 0
              ? CompletableFuture.runAsync(() -> feed.run(time))
              : CompletableFuture.completedFuture(null);
      workload.run(time, rate);
      await(feeding);
      System.out.println(workload.changes() + " changes, " + feed.sent().size() + " events");
    }
    return 0;
  }

  private static void await(CompletableFuture<Void> feeding) {
    try {
      feeding.join();
    } catch (CompletionException e) {
      throw new ServiceException(e.getCause().getMessage(), e.getCause());
    }
  }
}
