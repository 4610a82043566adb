package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Flink in this JVM, set up as Millrace's launcher sets it up: who runs on it is all that differs.
 */
public final class LocalFlink {
  /** How many copies of each step work side by side. */
  public static final int PARALLELISM = 2;

  /** Milliseconds between checkpoints in streaming mode, to files. */
  public static final long CHECKPOINT_INTERVAL = 10_000;

  /** Milliseconds between watermarks, where event time matters. */
  public static final long WATERMARK_INTERVAL = 50;

  /** What an embedded run in batch mode has: no files between steps that run at the same time. */
  private static final Map<String, String> IN_BATCH =
      Map.of(
          "execution.batch-shuffle-mode",
          "ALL_EXCHANGES_PIPELINED",
          "jobmanager.scheduler",
          "Default");

  /** A new one, with object reuse. */
  public static StreamExecutionEnvironment environment(RuntimeExecutionMode mode) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    if (mode == RuntimeExecutionMode.BATCH) {
      configuration.addAll(Configuration.fromMap(IN_BATCH));
    }
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration);
    environment.setRuntimeMode(mode);
    environment.getConfig().enableObjectReuse();
    if (mode == RuntimeExecutionMode.STREAMING) {
      environment.enableCheckpointing(CHECKPOINT_INTERVAL);
    }
    return environment;
  }

  /** A directory with Flink's configuration for batch mode. */
  public static String batchConfiguration() {
    StringBuilder yaml = new StringBuilder();
    IN_BATCH.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
    Path directory = temporary("configuration");
    try {
      Files.writeString(directory.resolve("config.yaml"), yaml);
      return directory.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where checkpoints go. */
  public static String checkpoints() {
    return temporary("checkpoints").toUri().toString();
  }

  private static Path temporary(String name) {
    try {
      return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LocalFlink() {}
}
