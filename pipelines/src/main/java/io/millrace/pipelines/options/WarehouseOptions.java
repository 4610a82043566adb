package io.millrace.pipelines.options;

import io.millrace.transforms.cdc.Deletes;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The database that holds the current rows, and how it is written. */
@Description("Warehouse")
public interface WarehouseOptions extends PipelineOptions {
  @Description(
      "The PostgreSQL database to write to, as jdbc:postgresql://HOST:PORT/NAME, without a"
          + " password.")
  @ValueName("JDBC_URL")
  @Validation.Required
  String getWarehouseUrl();

  void setWarehouseUrl(String url);

  @Description("The user to connect as.")
  @ValueName("NAME")
  @Nullable String getWarehouseUser();

  void setWarehouseUser(@Nullable String user);

  @Description(
      "Where the password is: in a file, or in an environment variable; read by each worker.")
  @ValueName("file:PATH|env:NAME")
  @Nullable String getWarehousePassword();

  void setWarehousePassword(@Nullable String reference);

  @Description("The schema of the target tables.")
  @ValueName("NAME")
  @Default.String("public")
  String getWarehouseSchema();

  void setWarehouseSchema(String schema);

  @Description(
      "What a delete does: the row stays and is marked (_deleted), or it goes. For the life of the"
          + " tables.")
  @Default.Enum("SOFT")
  Deletes getDeletes();

  void setDeletes(Deletes deletes);

  @Description("How many changes are written in one statement, at most.")
  @Range(from = 1, to = 1_000_000)
  @Default.Integer(8_000)
  int getWarehouseBatch();

  void setWarehouseBatch(int changes);
}
