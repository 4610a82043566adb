package io.millrace.pipelines.contract;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.ValueName;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link ContractCommand}. */
@Description("Contract")
public interface ContractOptions extends GeneralOptions {
  @Description("Only check this contract, and tell what it says.")
  @ValueName("FILE")
  @Nullable String getCheck();

  void setCheck(@Nullable String file);

  @Description(
      "The PostgreSQL database to describe, as jdbc:postgresql://HOST:PORT/NAME, without a"
          + " password.")
  @ValueName("JDBC_URL")
  @Nullable String getDatabaseUrl();

  void setDatabaseUrl(@Nullable String url);

  @Description("The user to connect as.")
  @ValueName("NAME")
  @Nullable String getDatabaseUser();

  void setDatabaseUser(@Nullable String user);

  @Description("Where the password is: in a file, or in an environment variable.")
  @ValueName("file:PATH|env:NAME")
  @Nullable String getDatabasePassword();

  void setDatabasePassword(@Nullable String reference);

  @Description("The schemas whose tables are described, separated by commas.")
  @ValueName("SCHEMA,...")
  @Default.String("public")
  String getSchemas();

  void setSchemas(String schemas);

  @Description("Only these tables, as TABLE or SCHEMA.TABLE, separated by commas; all by default.")
  @ValueName("TABLE,...")
  @Nullable String getTables();

  void setTables(@Nullable String tables);

  @Description("The file to write. One that exists is left alone unless --overwrite is given.")
  @ValueName("FILE")
  @Nullable String getOutput();

  void setOutput(@Nullable String file);

  @Description("Write the file even if it exists; what was added to it by hand is lost.")
  boolean getOverwrite();

  void setOverwrite(boolean overwrite);
}
