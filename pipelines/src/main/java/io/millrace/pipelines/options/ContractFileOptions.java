package io.millrace.pipelines.options;

import io.millrace.schemas.UnknownColumns;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

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
          + " ignored, or the record rejected to the dead letters.")
  @Default.Enum("CAPTURE")
  UnknownColumns getUnknownColumns();

  void setUnknownColumns(UnknownColumns unknownColumns);
}
