package io.millrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a benchmark's files go: the user's directory, or one that is deleted at the end. */
final class WorkDirectory implements AutoCloseable {
  private final Path path;
  private final Thread hook;

  /**
   * A directory.
   *
   * @param given the user's, or null for a temporary one
   */
  static WorkDirectory of(Path given) throws IOException {
    return given == null
        ? new WorkDirectory(Files.createTempDirectory("millrace-benchmark-"), true)
        : new WorkDirectory(Files.createDirectories(given.toAbsolutePath()), false);
  }

  private WorkDirectory(Path path, boolean temporary) {
    this.path = path;
    this.hook = temporary ? new Thread(this::delete, "delete-files") : null;
    if (temporary) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (hook != null) {
      Runtime.getRuntime().removeShutdownHook(hook);
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> paths = Files.walk(path)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A contestant may still write while it ends; what is left is in a temporary place.
    }
  }
}
