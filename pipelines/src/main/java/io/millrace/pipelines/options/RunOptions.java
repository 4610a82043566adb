package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What a run is called. */
@Description("Ledger")
public interface RunOptions extends PipelineOptions {
  @Description(
      "What the ledger calls the run; made of the command and the time unless given. A new name for"
          + " each run, but the same one for a job that goes on from a savepoint.")
  @ValueName("NAME")
  @Nullable String getRun();

  void setRun(@Nullable String run);
}
