package io.millrace.pipelines.retry;

import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.DeadLetterOptions;
import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.Range;
import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.pipelines.options.ValueName;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.pipelines.options.WarehouseOptions;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.quality.DeadLetter.Stage;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link RetryDeadLetters}. */
@Description("Which dead letters")
public interface RetryOptions
    extends DeadLetterOptions,
        ContractFileOptions,
        SchemaRegistryOptions,
        WarehouseAccessOptions,
        WarehouseOptions,
        GeneralOptions {
  @Description("Only those of this table. Letters that name no table are left out then.")
  @ValueName("SCHEMA.TABLE")
  @Nullable String getTable();

  void setTable(@Nullable String table);

  @Description("Only those that failed for this reason, the last time.")
  @Nullable Reason getReason();

  void setReason(@Nullable Reason reason);

  @Description("Only those that were stopped here at first.")
  @Nullable Stage getStage();

  void setStage(@Nullable Stage stage);

  @Description("Only those that were rejected on this day (UTC) or later.")
  @ValueName("DATE")
  @Nullable String getSince();

  void setSince(@Nullable String date);

  @Description("Only those that were rejected on this day (UTC) or earlier.")
  @ValueName("DATE")
  @Nullable String getUntil();

  void setUntil(@Nullable String date);

  @Description("Only count them, by table, stage and reason; nothing is sent or marked.")
  boolean getDryRun();

  void setDryRun(boolean dryRun);

  @Description(
      "The format of the records, where it is not the one that they were read in at first.")
  @Nullable ChangeFormat getFormat();

  void setFormat(@Nullable ChangeFormat format);

  @Description(
      "The epoch of the records' positions, where it is not the one that they were read in at"
          + " first.")
  @Range(from = 0)
  @Nullable Integer getPositionEpoch();

  void setPositionEpoch(@Nullable Integer epoch);
}
