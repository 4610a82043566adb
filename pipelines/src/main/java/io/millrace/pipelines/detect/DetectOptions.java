package io.millrace.pipelines.detect;

import io.millrace.pipelines.event.EventPipelineOptions;
import io.millrace.pipelines.options.AlertOptions;

/** The options of {@link DetectAlerts}. */
public interface DetectOptions extends EventPipelineOptions, AlertOptions {}
