package io.millrace.pipelines.options;

import io.millrace.transforms.cdc.StateLayout;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How the merge keeps what it knows of each row. */
@Description("Merge")
public interface MergeOptions extends PipelineOptions {
  @Description(
      "How the state lies in the runner's store: a value a bucket (fastest on heap), or an entry a"
          + " row (for RocksDB). Part of a job's state: keep it for the job's life.")
  @Default.Enum("BUCKET")
  StateLayout getStateLayout();

  void setStateLayout(StateLayout layout);

  @Description(
      "Asks that all changes of a source's transaction show at once. Refused: several workers write"
          + " them, each by itself. _millrace.progress says through which commit all is there.")
  @Default.Boolean(false)
  boolean getAtomicTransactions();

  void setAtomicTransactions(boolean atomicTransactions);
}
