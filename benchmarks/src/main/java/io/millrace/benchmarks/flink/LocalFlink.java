package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** A new one, with object reuse. */
  public static StreamExecutionEnvironment environment(RuntimeExecutionMode mode) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration);
    environment.setRuntimeMode(mode);
    environment.getConfig().enableObjectReuse();
    if (mode == RuntimeExecutionMode.STREAMING) {
      environment.enableCheckpointing(CHECKPOINT_INTERVAL);
    }
    return environment;
  }

  /** Where checkpoints go. */
  public static String checkpoints() {
    Path directory = Path.of(System.getProperty("java.io.tmpdir"), "checkpoints");
    try {
      return Files.createDirectories(directory).toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LocalFlink() {}
}
