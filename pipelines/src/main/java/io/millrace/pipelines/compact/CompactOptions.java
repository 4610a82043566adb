package io.millrace.pipelines.compact;

import io.millrace.pipelines.options.BucketOptions;
import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.FormatOptions;
import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.SchemaRegistryOptions;

/** The options of {@link CompactCommand}. */
public interface CompactOptions
    extends CompactionOptions,
        ContractFileOptions,
        FormatOptions,
        SchemaRegistryOptions,
        BucketOptions,
        GeneralOptions {}
