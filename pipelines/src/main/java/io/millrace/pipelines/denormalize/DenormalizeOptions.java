package io.millrace.pipelines.denormalize;

import io.millrace.pipelines.options.BucketOptions;
import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LandingInputOptions;
import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.pipelines.options.SourceOptions;
import io.millrace.pipelines.options.ViewOptions;
import io.millrace.pipelines.result.ResultTableOptions;

/** The options of {@link Denormalize}. */
public interface DenormalizeOptions
    extends ContractFileOptions,
        SourceOptions,
        LandingInputOptions,
        KafkaOptions,
        SchemaRegistryOptions,
        ViewOptions,
        BucketOptions,
        ResultTableOptions,
        GeneralOptions {}
