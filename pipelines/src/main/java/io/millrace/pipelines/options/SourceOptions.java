package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;

/** What the changes are, and the files they are in where they are not in Kafka. */
@Description("Source")
public interface SourceOptions extends FileInputOptions, FormatOptions {}
