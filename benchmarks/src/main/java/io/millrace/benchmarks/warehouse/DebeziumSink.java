package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Debezium's JDBC sink task, at the batch size that is fastest here: each size is tried twice when
 * it is made. It runs on the libraries of its distribution and of Kafka Connect, in a class loader
 * of its own, as Kafka Connect runs its plugins.
 */
final class DebeziumSink implements Contestant {
  /** Batch sizes to be tried. */
  static final String BATCHES = "500,2000,5000,10000,20000,50000";

  private static final String TABLE = "debezium_orders";
  private static final String DRIVER = "io.millrace.benchmarks.warehouse.connect.SinkTaskDriver";

  private final SinkTable table;
  private final DebeziumLoader loader;
  private final IntConsumer driver;
  private final Map<String, String> tried = new LinkedHashMap<>();
  private final int best;

  DebeziumSink(Settings settings) throws Exception {
    table = new SinkTable(TABLE, settings);
    table.create(", PRIMARY KEY (id)");
    loader = DebeziumLoader.create();
    Thread.currentThread().setContextClassLoader(loader);
    driver =
        loader
            .loadClass(DRIVER)
            .asSubclass(IntConsumer.class)
            .getConstructor(Map.class, String.class, Long.class)
            .newInstance(configuration(), TABLE, settings.number("events"));
    best = fastest(settings.text("batches"), settings.number("events"));
  }

  private Map<String, String> configuration() {
    return Map.ofEntries(
        Map.entry("name", "debezium-sink"),
        Map.entry("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector"),
        Map.entry("connection.url", table.database().jdbcUrl()),
        Map.entry("connection.username", table.database().user()),
        Map.entry("connection.password", table.database().password()),
        Map.entry("connection.pool.min_size", "1"),
        Map.entry("connection.pool.max_size", "1"),
        Map.entry("collection.name.format", "${topic}"),
        Map.entry("schema.evolution", "none"),
        Map.entry("insert.mode", "upsert"),
        Map.entry("delete.enabled", "true"),
        Map.entry("primary.key.mode", "record_key"),
        Map.entry("use.reduction.buffer", "true"),
        Map.entry("dialect.postgres.unnest.insert.enabled", "true"));
  }

  private int fastest(String batches, long events) throws SQLException, IOException {
    int fastest = 0;
    double least = Double.MAX_VALUE;
    for (String size : batches.split(",", -1)) {
      int batch = Integer.parseInt(size.strip());
      for (int attempt = 0; attempt < 2; attempt++) {
        table.begin();
        long begin = System.nanoTime();
        driver.accept(batch);
        double seconds = (System.nanoTime() - begin) / 1e9;
        tried.put(size, String.format(Locale.ROOT, "%,.0f/s", events / seconds));
        if (attempt > 0 && seconds < least) {
          least = seconds;
          fastest = batch;
        }
      }
    }
    // Has the task of the chosen size start before the first run that counts.
    driver.accept(fastest);
    return fastest;
  }

  @Override
  public void reset() throws SQLException, IOException {
    table.begin();
  }

  @Override
  public void run() throws IOException {
    driver.accept(best);
    table.end();
  }

  @Override
  public Outcome outcome() throws SQLException {
    return table.outcome(
        Map.of("batch size", best + ", the fastest of " + tried.toString().replace('=', ' ')));
  }

  @Override
  public void close() {
    try {
      ((AutoCloseable) driver).close();
      loader.close();
    } catch (Exception e) {
      throw new IllegalStateException("Debezium's sink does not stop", e);
    }
    table.close();
  }
}
