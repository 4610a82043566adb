package io.millrace.transforms.warehouse;

import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunLedger.Stage;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Writes the newest sums of a bundle when it ends. */
final class LedgerFn extends DoFn<KV<String, ChangeCounts>, Void> {
  private static final long serialVersionUID = 1L;

  private final Warehouse warehouse;
  private final String run;
  private final Stage stage;
  private transient WarehouseSession session;
  private transient SortedMap<String, ChangeCounts> newest;

  LedgerFn(Warehouse warehouse, String run, Stage stage) {
    this.warehouse = warehouse;
    this.run = run;
    this.stage = stage;
  }

  @Setup
  public void setup() {
    session = new WarehouseSession(warehouse, PostgresDialect.INSTANCE, WarehouseSession.PATIENT);
  }

  @StartBundle
  public void startBundle() {
    newest = new TreeMap<>();
  }

  @ProcessElement
  public void process(@Element KV<String, ChangeCounts> sum) {
    newest.merge(sum.getKey(), sum.getValue(), ChangeCounts::newer);
  }

  @FinishBundle
  public void finishBundle() {
    if (!newest.isEmpty()) {
      session.run(
          "writing the ledger",
          connection -> {
            Ledger.replace(connection, run, stage, newest);
            return newest.size();
          });
    }
  }

  @Teardown
  public void teardown() {
    if (session != null) {
      session.close();
    }
  }
}
