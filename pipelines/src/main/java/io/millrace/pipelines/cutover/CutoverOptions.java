package io.millrace.pipelines.cutover;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.Range;
import io.millrace.pipelines.options.ValueName;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link CutoverCommand}. */
@Description("Cutover")
public interface CutoverOptions extends WarehouseAccessOptions, GeneralOptions {
  @Description("The schema whose views are swapped; version N of its tables is in SCHEMA_vN.")
  @ValueName("NAME")
  @Default.String("public")
  String getWarehouseSchema();

  void setWarehouseSchema(String schema);

  @Description("The version that is to serve.")
  @ValueName("N")
  @Range(from = 1)
  @Nullable Integer getTo();

  void setTo(@Nullable Integer version);

  @Description("Let the version serve again that did before.")
  boolean getBack();

  void setBack(boolean back);

  @Description("Only show the versions there are: which serves, their size and how far they are.")
  boolean getShow();

  void setShow(boolean show);

  @Description(
      "Make the tables that are in the schema itself its version 1, which then serves; needs"
          + " --contract. Pipelines write to it with --targetVersion=1 from then on.")
  boolean getAdopt();

  void setAdopt(boolean adopt);

  @Description("Drop this version, which must not serve.")
  @ValueName("N")
  @Range(from = 1)
  @Nullable Integer getDrop();

  void setDrop(@Nullable Integer version);

  @Description(
      "The data contract; the version has to have all its tables but the events, with the same rows"
          + " as the one that serves.")
  @ValueName("FILE")
  @Nullable String getContract();

  void setContract(@Nullable String file);

  @Description(
      "Let readers lose columns and tables that the version does not have, and get other types.")
  boolean getAllowDropped();

  void setAllowDropped(boolean allowed);

  @Description("How far the version may be behind the one that serves.")
  @Range(from = 0)
  @Default.Integer(60)
  int getMaxLagSeconds();

  void setMaxLagSeconds(int seconds);

  @Description("Do not compare the versions before.")
  boolean getSkipAudit();

  void setSkipAudit(boolean skipped);

  @Description("How long to try while others hold the views.")
  @Range(from = 1, to = 86_400)
  @Default.Integer(30)
  int getWaitSeconds();

  void setWaitSeconds(int seconds);

  @Description(
      "With --drop, drop also the version that served before; with --adopt, do not mind that"
          + " others of Millrace's are connected.")
  boolean getForce();

  void setForce(boolean forced);
}
