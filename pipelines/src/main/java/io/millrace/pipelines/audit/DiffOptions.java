package io.millrace.pipelines.audit;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.Range;
import io.millrace.pipelines.options.ValueName;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link DiffCommand}. */
@Description("Versions")
public interface DiffOptions extends WarehouseAccessOptions, ComparisonOptions, GeneralOptions {
  @Description("The schema of the warehouse's tables; that of version N is NAME_vN.")
  @ValueName("NAME")
  @Default.String("public")
  String getWarehouseSchema();

  void setWarehouseSchema(String schema);

  @Description("The version to begin with; unless given, the tables of the schema itself.")
  @Range(from = 1)
  @Nullable Integer getVersion();

  void setVersion(@Nullable Integer version);

  @Description("The version that is compared with it.")
  @Range(from = 1)
  @Nullable Integer getAgainst();

  void setAgainst(@Nullable Integer version);

  @Description("A schema that is compared with it, in place of a version.")
  @ValueName("NAME")
  @Nullable String getAgainstSchema();

  void setAgainstSchema(@Nullable String schema);
}
