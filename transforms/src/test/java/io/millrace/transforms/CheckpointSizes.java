package io.millrace.transforms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks, while a job goes on, at how large its checkpoints are. */
final class CheckpointSizes implements AutoCloseable {
  private static final long PERIOD_MILLIS = 20;

  private final Path directory;
  private final Map<Long, Long> sizes = new TreeMap<>();
  private final Thread thread = new Thread(this::watch, "checkpoint-sizes");
  private volatile boolean ended;

  /** Looks at all checkpoints in a directory. */
  CheckpointSizes(Path directory) {
    this.directory = directory;
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!ended) {
        look();
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try (Stream<Path> files = Files.walk(directory)) {
      // Its metadata is what a checkpoint is complete with; older ones are deleted meanwhile.
      for (Path metadata : files.filter(file -> file.endsWith("_metadata")).toList()) {
        Path checkpoint = metadata.getParent();
        long number = Long.parseLong(checkpoint.getFileName().toString().substring(4));
        long size = size(checkpoint);
        sizes.merge(number, size, Math::max);
      }
    } catch (IOException | UncheckedIOException e) {
      // It was deleted in this moment; the next look finds others.
    }
  }

  private static long size(Path checkpoint) throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    return size;
  }

  /** The bytes of each checkpoint that was seen, in their order. */
  List<Long> all() {
    return new ArrayList<>(sizes.values());
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
