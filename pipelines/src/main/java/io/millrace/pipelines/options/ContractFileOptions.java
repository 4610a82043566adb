package io.millrace.pipelines.options;

import io.millrace.schemas.UnknownColumns;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What the tables are, and what happens to what they do not have. */
@Description("Contract")
public interface ContractFileOptions extends PipelineOptions {
  @Description("The data contract (ODCS v3, YAML) with the tables, keys, columns and types.")
  @ValueName("FILE")
  @Validation.Required
  String getContract();

  void setContract(String file);

  @Description(
      "What happens to columns that the contract does not have: captured in the column _extra,"
          + " ignored, or the record rejected to the dead letters; a table's unknownColumns in the"
          + " contract goes before.")
  @Default.Enum("CAPTURE")
  UnknownColumns getUnknownColumns();

  void setUnknownColumns(UnknownColumns unknownColumns);

  @Description(
      "Sends rows of some of the source's tables to tables of the contract, where not to those of"
          + " their names: a regular expression for whole names schema.table, a colon, and the"
          + " table's name in the contract, in which $1 is what the first group matched; several"
          + " routes are separated by semicolons. A table goes to all that its routes name.")
  @ValueName("REGEX:TABLE;...")
  @Nullable String getRoute();

  void setRoute(@Nullable String routes);

  @Description("What the names of all tables (and their views) in the target begin with.")
  @ValueName("TEXT")
  @Nullable String getTablePrefix();

  void setTablePrefix(@Nullable String prefix);

  @Description("What the names of all tables in the target end with, before the _live of views.")
  @ValueName("TEXT")
  @Nullable String getTableSuffix();

  void setTableSuffix(@Nullable String suffix);
}
