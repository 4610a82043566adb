package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The database that holds the current rows, and who enters it. */
@Description("Warehouse")
public interface WarehouseAccessOptions extends PipelineOptions {
  @Description("The PostgreSQL database, as jdbc:postgresql://HOST:PORT/NAME, without a password.")
  @ValueName("JDBC_URL")
  @Nullable String getWarehouseUrl();

  void setWarehouseUrl(@Nullable String url);

  @Description("The user to connect as.")
  @ValueName("NAME")
  @Nullable String getWarehouseUser();

  void setWarehouseUser(@Nullable String user);

  @Description(
      "Where the password is: in a file, or in an environment variable; read by each worker.")
  @ValueName("file:PATH|env:NAME")
  @Nullable String getWarehousePassword();

  void setWarehousePassword(@Nullable String reference);
}
