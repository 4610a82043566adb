package io.millrace.pipelines.options;

import io.millrace.transforms.cdc.Deletes;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How the tables of the warehouse are written. */
@Description("Warehouse tables")
public interface WarehouseOptions extends PipelineOptions {
  @Description("The schema of the target tables.")
  @ValueName("NAME")
  @Default.String("public")
  String getWarehouseSchema();

  void setWarehouseSchema(String schema);

  @Description(
      "The version of the tables to write, in the schema SCHEMA_vN; the schema itself has views of"
          + " the version that is in service. Without it the tables are in the schema itself.")
  @ValueName("N")
  @Range(from = 1)
  @Nullable Integer getTargetVersion();

  void setTargetVersion(@Nullable Integer version);

  @Description(
      "What a delete does: the row stays and is marked (_deleted), or it goes. For the life of the"
          + " tables.")
  @Default.Enum("SOFT")
  Deletes getDeletes();

  void setDeletes(Deletes deletes);

  @Description(
      "Whether all versions of each row are kept, too: in the view TABLE_history, with _valid_from"
          + " and _valid_to. For the life of the tables.")
  @Default.Boolean(false)
  boolean getHistory();

  void setHistory(boolean history);

  @Description("How many changes are written in one statement, at most.")
  @Range(from = 1, to = 1_000_000)
  @Default.Integer(25_000)
  int getWarehouseBatch();

  void setWarehouseBatch(int changes);
}
