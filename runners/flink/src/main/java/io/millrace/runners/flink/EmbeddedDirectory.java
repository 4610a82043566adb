package io.millrace.runners.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The temporary directory of an embedded run: its checkpoints, which are worth nothing after its
 * end, and the part of Flink's configuration that Beam has no options for. It is deleted when this
 * JVM ends in an orderly way.
 */
final class EmbeddedDirectory {
  /** How often a run may fail and begin again; a count for its whole life would run out one day. */
  private static final String STREAMING =
      """
      restart-strategy:
        type: failure-rate
        failure-rate:
          max-failures-per-interval: 5
          failure-rate-interval: 10 min
          delay: 5 s
      """;

  /** All steps run at the same time here, so nothing between them needs to be kept in files. */
  private static final String BATCH =
      """
      execution:
        batch-shuffle-mode: ALL_EXCHANGES_PIPELINED
      jobmanager:
        scheduler: Default
      """;

  private static Path directory;

  /** Where checkpoints go. */
  static Path checkpoints() {
    return create("checkpoints");
  }

  /** Where Flink's configuration is. */
  static Path configuration(boolean streaming) {
    Path configuration = create("configuration");
    try {
      Files.writeString(configuration.resolve("config.yaml"), streaming ? STREAMING : BATCH);
    } catch (IOException e) {
      throw new UncheckedIOException("Flink's configuration could not be written", e);
    }
    return configuration;
  }

  private static synchronized Path create(String name) {
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("millrace-flink-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete"));
      }
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory could be created", e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // Flink may still write to it while everything stops; what is left is in a temporary place.
    }
  }

  private EmbeddedDirectory() {}
}
