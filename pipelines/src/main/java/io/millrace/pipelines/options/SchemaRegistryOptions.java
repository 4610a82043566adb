package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The registry of Avro schemas, and who enters it. */
@Description("Schema registry")
public interface SchemaRegistryOptions extends PipelineOptions {
  @Description(
      "The schema registry, where records are in Avro that names its schema by number: one with"
          + " Confluent's interface, as http://HOST:PORT, or Apicurio's, as"
          + " http://HOST:PORT/apis/registry/v2. The format is what the same records are in JSON.")
  @ValueName("URL")
  @Nullable String getSchemaRegistry();

  void setSchemaRegistry(@Nullable String url);

  @Description("The user to enter the registry as.")
  @ValueName("NAME")
  @Nullable String getSchemaRegistryUser();

  void setSchemaRegistryUser(@Nullable String user);

  @Description(
      "Where the registry's password is: in a file, or in an environment variable; read by each"
          + " worker.")
  @ValueName("file:PATH|env:NAME")
  @Nullable String getSchemaRegistryPassword();

  void setSchemaRegistryPassword(@Nullable String reference);
}
