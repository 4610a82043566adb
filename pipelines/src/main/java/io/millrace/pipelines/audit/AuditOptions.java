package io.millrace.pipelines.audit;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.ValueName;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link AuditCommand}. */
@Description("Sides")
public interface AuditOptions
    extends SourceDatabaseOptions, WarehouseAccessOptions, ComparisonOptions, GeneralOptions {
  @Description("The schema of the warehouse's tables.")
  @ValueName("NAME")
  @Default.String("public")
  String getWarehouseSchema();

  void setWarehouseSchema(String schema);

  @Description("The directory that replicate --lake=DIR wrote to.")
  @ValueName("DIR")
  @Nullable String getLake();

  void setLake(@Nullable String directory);
}
