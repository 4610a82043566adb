package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Millrace's sink: images decoded, positions compared in the database, system columns and ledger
 * kept, as in production.
 */
final class MillraceSink implements Contestant {
  private static final String TABLE = "millrace_orders";
  private static final String HISTORY_TABLE = "historic_orders";

  /** How many events the launcher lets Flink put into a bundle. */
  private static final int BUNDLE = 50_000;

  private final boolean history;
  private final SinkTable table;
  private final List<ChangeEvent> events;
  private final WriteStep step;

  private MillraceSink(Settings settings, boolean history) throws IOException, SQLException {
    this.history = history;
    String name = history ? HISTORY_TABLE : TABLE;
    Warehouse warehouse = warehouse(settings).withHistory(history);
    Contract contract = OrderEvents.contract(name);
    WarehouseTables.prepare(warehouse, contract);
    table = new SinkTable(name, settings);
    events = OrderEvents.generate(settings.number("events"), contract);
    step = new WriteStep(warehouse, contract, "benchmark");
  }

  /** Keeps the current rows. */
  static MillraceSink latest(Settings settings) throws IOException, SQLException {
    return new MillraceSink(settings, false);
  }

  /** Keeps all versions, too. */
  static MillraceSink history(Settings settings) throws IOException, SQLException {
    return new MillraceSink(settings, true);
  }

  private static Warehouse warehouse(Settings settings) {
    Warehouse warehouse =
        Warehouse.at(settings.text("url"))
            .withUser(settings.text("user"))
            .withPassword("file:" + settings.text("password"));
    int batch = (int) settings.number("batch");
    return batch == 0 ? warehouse : warehouse.withBatchEvents(batch);
  }

  @Override
  public void reset() throws SQLException, IOException {
    if (history) {
      table.execute("TRUNCATE " + HISTORY_TABLE + "_changes");
    }
    table.begin();
  }

  @Override
  public void run() throws IOException {
    for (int from = 0; from < events.size(); from += BUNDLE) {
      step.write(events.subList(from, Math.min(from + BUNDLE, events.size())));
    }
    table.end();
  }

  @Override
  public Outcome outcome() throws SQLException {
    return table.outcome(
        history ? Map.of("versions", table.count(HISTORY_TABLE + "_history")) : Map.of());
  }

  @Override
  public void close() {
    step.close();
    table.close();
  }
}
