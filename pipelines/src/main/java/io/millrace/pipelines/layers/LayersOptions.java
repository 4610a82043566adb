package io.millrace.pipelines.layers;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.ValueName;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** The options of {@link LayersCommand}. */
@Description("Layers")
public interface LayersOptions extends GeneralOptions {
  @Description("The data contract (ODCS v3, YAML) with the tables.")
  @ValueName("FILE")
  @Validation.Required
  String getContract();

  void setContract(String file);

  @Description("Print it as JSON.")
  boolean getJson();

  void setJson(boolean json);
}
