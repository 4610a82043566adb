package io.millrace.runners.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where an embedded run keeps its checkpoints: they are worth nothing after its end. */
final class CheckpointDirectory {

  /** Creates a directory that is deleted when this JVM ends in an orderly way. */
  static Path create() {
    try {
      Path directory = Files.createTempDirectory("millrace-checkpoints-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "checkpoints"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for checkpoints could be created", e);
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

  private CheckpointDirectory() {}
}
