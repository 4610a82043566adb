package io.millrace.pipelines.summarize;

import io.millrace.pipelines.event.EventPipelineOptions;

/** The options of {@link Summarize}. */
public interface SummarizeOptions extends EventPipelineOptions {}
