package io.millrace.pipelines.ledger;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.Range;
import io.millrace.pipelines.options.ValueName;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link LedgerCommand}. */
@Description("Ledger")
public interface LedgerOptions extends WarehouseAccessOptions, GeneralOptions {
  @Description("The run; the newest unless given.")
  @ValueName("NAME")
  @Nullable String getRun();

  void setRun(@Nullable String run);

  @Description("The lake, for runs that write to no warehouse.")
  @ValueName("DIR")
  @Nullable String getLake();

  void setLake(@Nullable String directory);

  @Description("How many of the newest runs, instead of one.")
  @ValueName("N")
  @Range(from = 1, to = 10_000)
  @Default.Integer(1)
  int getLast();

  void setLast(int last);

  @Description(
      "How long a run that goes on may take until it balances; then it is an error if it does not.")
  @Range(from = 0)
  @Default.Integer(0)
  int getSettleSeconds();

  void setSettleSeconds(int seconds);
}
