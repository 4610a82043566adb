package io.millrace.pipelines.event;

import io.millrace.pipelines.options.BucketOptions;
import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.EventOptions;
import io.millrace.pipelines.options.FileInputOptions;
import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LakeInputOptions;
import io.millrace.pipelines.options.LandingInputOptions;
import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.pipelines.result.ResultTableOptions;

/** The options of a pipeline that computes tables of business events. */
public interface EventPipelineOptions
    extends ContractFileOptions,
        FileInputOptions,
        LakeInputOptions,
        LandingInputOptions,
        KafkaOptions,
        SchemaRegistryOptions,
        EventOptions,
        BucketOptions,
        ResultTableOptions,
        GeneralOptions {}
