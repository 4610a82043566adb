package io.millrace.runners.flink;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.beam.runners.flink.FlinkPipelineOptions;

/**
 * An option of Beam's Flink runner whose default suits Millrace better than Beam's own.
 *
 * @param option its name
 * @param valueName what help calls its value
 * @param when it is set
 * @param description what it is for, and its default
 * @param value what it is set to
 */
record FlinkSetting<T>(
    String option,
    String valueName,
    When when,
    String description,
    Function<Run, T> value,
    BiConsumer<FlinkPipelineOptions, T> setter,
    Function<FlinkPipelineOptions, T> getter) {

  /**
   * What a run is like.
   *
   * @param embedded in this JVM
   * @param streaming in Flink's streaming mode, because it is unbounded or the user wants it
   */
  record Run(boolean embedded, boolean streaming, boolean unbounded) {}

  /** Which runs a setting is for. */
  enum When {
    ALWAYS,
    EMBEDDED,
    BATCH,
    STREAMING,
    BOUNDED_STREAMING,
    EMBEDDED_STREAMING
  }

  /** All of them, in the order they are shown in. */
  static final List<FlinkSetting<?>> ALL =
      List.of(
          new FlinkSetting<>(
              "objectReuse",
              "true|false",
              When.ALWAYS,
              "Hand elements from step to step without copies. Default: true; no step of Millrace changes"
                  + " what it was given.",
              run -> true,
              FlinkPipelineOptions::setObjectReuse,
              FlinkPipelineOptions::getObjectReuse),
          new FlinkSetting<>(
              "useDataStreamForBatch",
              "true|false",
              When.BATCH,
              "Run files through Flink's DataStream in batch mode, which chains steps that have several"
                  + " outputs. Default: true; false for DataSet, which Flink has given up.",
              run -> true,
              FlinkPipelineOptions::setUseDataStreamForBatch,
              FlinkPipelineOptions::getUseDataStreamForBatch),
          new FlinkSetting<>(
              "parallelism",
              "N",
              When.EMBEDDED,
              "How many copies of each step work side by side. Default: embedded, one a core; on a"
                  + " cluster, its own.",
              run -> Runtime.getRuntime().availableProcessors(),
              FlinkPipelineOptions::setParallelism,
              FlinkPipelineOptions::getParallelism),
          new FlinkSetting<>(
              "maxBundleSize",
              "N",
              When.ALWAYS,
              "How many elements are handled between two writes, at most. Default: 50000, for large"
                  + " statements.",
              run -> 50_000L,
              FlinkPipelineOptions::setMaxBundleSize,
              FlinkPipelineOptions::getMaxBundleSize),
          new FlinkSetting<>(
              "maxBundleTimeMills",
              "N",
              When.STREAMING,
              "How many milliseconds pass between two writes, at most: the delay of a change at low rates."
                  + " Default: 250.",
              run -> 250L,
              FlinkPipelineOptions::setMaxBundleTimeMills,
              FlinkPipelineOptions::getMaxBundleTimeMills),
          new FlinkSetting<>(
              "checkpointingInterval",
              "N",
              When.STREAMING,
              "Milliseconds between two checkpoints of an unbounded run. Default: 10000.",
              run -> 10_000L,
              FlinkPipelineOptions::setCheckpointingInterval,
              FlinkPipelineOptions::getCheckpointingInterval),
          new FlinkSetting<>(
              "finishBundleBeforeCheckpointing",
              "true|false",
              When.STREAMING,
              "Write all that was read before a checkpoint is taken. Default: true; else some of it is in"
                  + " the checkpoint only, and lost where a run goes on from --kafkaGroup without it.",
              run -> true,
              FlinkPipelineOptions::setFinishBundleBeforeCheckpointing,
              FlinkPipelineOptions::getFinishBundleBeforeCheckpointing),
          new FlinkSetting<>(
              "shutdownSourcesAfterIdleMs",
              "N",
              When.BOUNDED_STREAMING,
              "Milliseconds after which sources that have come to their end let the run end."
                  + " Default: 0 for files; Beam's own default with checkpoints is never.",
              run -> 0L,
              FlinkPipelineOptions::setShutdownSourcesAfterIdleMs,
              FlinkPipelineOptions::getShutdownSourcesAfterIdleMs),
          new FlinkSetting<>(
              "stateBackend",
              "filesystem|rocksdb",
              When.EMBEDDED_STREAMING,
              "State on the heap with checkpoints in files, or in RocksDB (with --stateLayout=row)."
                  + " Default: filesystem; on a cluster, its own.",
              run -> "filesystem",
              FlinkPipelineOptions::setStateBackend,
              FlinkPipelineOptions::getStateBackend),
          new FlinkSetting<>(
              "stateBackendStoragePath",
              "URI",
              When.EMBEDDED_STREAMING,
              "Where checkpoints go. Default: embedded, a temporary directory, deleted at the end; on a"
                  + " cluster, its own.",
              run -> EmbeddedDirectory.checkpoints().toUri().toString(),
              FlinkPipelineOptions::setStateBackendStoragePath,
              FlinkPipelineOptions::getStateBackendStoragePath),
          new FlinkSetting<>(
              "flinkConfDir",
              "DIR",
              When.EMBEDDED,
              "Flink's own configuration. Default: embedded, one that begins again from the last"
                  + " checkpoint after a failure, up to 5 times in 10 minutes, and that in batch mode"
                  + " hands over between steps without files; on a cluster, its own.",
              run -> EmbeddedDirectory.configuration(run.streaming()).toString(),
              FlinkPipelineOptions::setFlinkConfDir,
              FlinkPipelineOptions::getFlinkConfDir));

  boolean appliesTo(Run run) {
    return switch (when) {
      case ALWAYS -> true;
      case EMBEDDED -> run.embedded();
      case BATCH -> !run.streaming();
      case STREAMING -> run.streaming();
      case BOUNDED_STREAMING -> run.streaming() && !run.unbounded();
      case EMBEDDED_STREAMING -> run.embedded() && run.streaming();
    };
  }

  void set(FlinkPipelineOptions options, Run run) {
    setter.accept(options, value.apply(run));
  }

  T get(FlinkPipelineOptions options) {
    return getter.apply(options);
  }
}
