package io.millrace.pipelines.result;

import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.pipelines.options.DeadLetterOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.ResultOptions;
import io.millrace.pipelines.options.RunOptions;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.pipelines.options.WarehouseOptions;

/** Where a pipeline writes the tables that it computes. */
public interface ResultTableOptions
    extends ContractFileOptions,
        KafkaOptions,
        WarehouseAccessOptions,
        WarehouseOptions,
        ResultOptions,
        DeadLetterOptions,
        RunOptions {}
