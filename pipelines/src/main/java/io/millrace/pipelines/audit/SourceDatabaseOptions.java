package io.millrace.pipelines.audit;

import io.millrace.pipelines.options.ValueName;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The database that changes come from. */
@Description("Source")
public interface SourceDatabaseOptions extends PipelineOptions {
  @Description("The source, as jdbc:postgresql://HOST:PORT/NAME, without a password.")
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
}
