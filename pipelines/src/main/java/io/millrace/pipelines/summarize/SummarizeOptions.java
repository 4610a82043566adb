package io.millrace.pipelines.summarize;

import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.DeadLetterOptions;
import io.millrace.pipelines.options.EventOptions;
import io.millrace.pipelines.options.FileInputOptions;
import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.RunOptions;
import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.pipelines.options.WarehouseOptions;

/** The options of {@link Summarize}. */
public interface SummarizeOptions
    extends ContractFileOptions,
        FileInputOptions,
        KafkaOptions,
        SchemaRegistryOptions,
        EventOptions,
        WarehouseAccessOptions,
        WarehouseOptions,
        DeadLetterOptions,
        RunOptions,
        GeneralOptions {}
