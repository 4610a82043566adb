package io.millrace.pipelines.archive;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LandingOptions;

/** The options of {@link Archive}, and of what is done to what it has written. */
public interface ArchiveOptions
    extends KafkaOptions, LandingOptions, UpkeepOptions, GeneralOptions {}
