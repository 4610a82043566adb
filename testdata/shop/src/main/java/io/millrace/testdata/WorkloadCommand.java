package io.millrace.testdata;

import io.millrace.testdata.shop.ShopWorkload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code workload}: keeps the shop of running services busy. */
@Command(
    name = "workload",
    description = {
      "Changes the sample shop of running services: inserts, updates, deletes, changes of keys,"
          + " large and long transactions, one truncate.",
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
    try (ShopWorkload workload = ShopWorkload.on(source, seed)) {
      workload.run(Duration.ofSeconds(seconds), rate);
      System.out.println(workload.changes() + " changes");
    }
    return 0;
  }
}
