package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** What is looked for in events. */
@Description("Alerts")
public interface AlertOptions extends PipelineOptions {
  @Description("The rules (YAML): what of which events makes an alert.")
  @ValueName("FILE")
  @Validation.Required
  String getRules();

  void setRules(String file);
}
