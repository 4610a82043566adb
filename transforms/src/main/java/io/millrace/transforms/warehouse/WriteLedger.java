package io.millrace.transforms.warehouse;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunLedger.Stage;
import io.millrace.transforms.quality.SumCounts;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes what a run counts to {@code _millrace.ledger}: per table, the sums since it began. {@link
 * WarehouseTables#prepare} makes the table first; {@link Ledger} reads it.
 *
 * <p>Input: counts by table, each counted once, as the transforms hand them over. They are summed
 * in state, so what a failure undoes is not counted, and what is done again is counted once. The
 * sums in the warehouse may be ahead of a run that has just begun again; they are right when it has
 * caught up. A job that goes on from a savepoint keeps its sums, and so must keep its run's name.
 *
 * <p>Errors: as {@link WriteWarehouse}.
 */
@AutoValue
public abstract class WriteLedger extends PTransform<PCollection<KV<String, ChangeCounts>>, PDone> {
  abstract Warehouse warehouse();

  abstract String run();

  abstract Stage stage();

  /** Writes the ledger of a run of this name. */
  public static WriteLedger to(Warehouse warehouse, String run) {
    return new AutoValue_WriteLedger(warehouse, run, Stage.MERGE);
  }

  /** Writes what this stage counts; by default, what was read and what the merge made of it. */
  public WriteLedger withStage(Stage stage) {
    return new AutoValue_WriteLedger(warehouse(), run(), stage);
  }

  @Override
  public PDone expand(PCollection<KV<String, ChangeCounts>> input) {
    input
        .apply("Sum", SumCounts.perTable())
        .apply("Write", ParDo.of(new LedgerFn(warehouse(), run(), stage())));
    return PDone.in(input.getPipeline());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .include("warehouse", warehouse())
        .add(DisplayData.item("run", run()))
        .add(DisplayData.item("stage", stage().name()));
  }
}
