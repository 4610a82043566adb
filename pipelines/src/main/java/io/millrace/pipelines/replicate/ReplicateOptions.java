package io.millrace.pipelines.replicate;

import io.millrace.pipelines.options.BucketOptions;
import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.DeadLetterOptions;
import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LakeOptions;
import io.millrace.pipelines.options.LandingInputOptions;
import io.millrace.pipelines.options.MergeOptions;
import io.millrace.pipelines.options.RunOptions;
import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.pipelines.options.SourceOptions;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.pipelines.options.WarehouseOptions;

/** The options of {@link Replicate}. */
public interface ReplicateOptions
    extends ContractFileOptions,
        SourceOptions,
        LandingInputOptions,
        KafkaOptions,
        SchemaRegistryOptions,
        WarehouseAccessOptions,
        WarehouseOptions,
        LakeOptions,
        BucketOptions,
        MergeOptions,
        DeadLetterOptions,
        RunOptions,
        GeneralOptions {}
