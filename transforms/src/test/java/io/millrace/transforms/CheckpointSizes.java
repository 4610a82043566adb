package io.millrace.transforms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How large the checkpoints of a job are after every so many events, for its source to wait for
 * them: so their number is the machine's in no way.
 */
final class CheckpointSizes implements AutoCloseable {
  /** Of a source that stands still, the first may yet be ahead of the watermark's way. */
  private static final int CHECKPOINTS_PER_STOP = 2;

  private static final Map<String, CheckpointSizes> OPEN = new ConcurrentHashMap<>();

  private final Path directory;
  private final long period;
  private final List<Long> sizes = new ArrayList<>();
  private int atThisStop;

  private CheckpointSizes(Path directory, long period) {
    this.directory = directory;
    this.period = period;
  }

  /** Makes a source of this directory stop after every so many events. */
  static CheckpointSizes every(long period, Path directory) {
    CheckpointSizes sizes = new CheckpointSizes(directory, period);
    OPEN.put(directory.toString(), sizes);
    return sizes;
  }

  /** The open one of a directory. */
  static CheckpointSizes of(String directory) {
    return OPEN.get(directory);
  }

  /** Whether an event may be read, or checkpoints of what was read before it are awaited. */
  synchronized boolean mayRead(long event) {
    return event % period != 0 || sizes.size() >= event / period;
  }

  /** Takes that a checkpoint is complete that has all events before this one. */
  synchronized void complete(long event) {
    if (event > 0 && !mayRead(event) && ++atThisStop == CHECKPOINTS_PER_STOP) {
      atThisStop = 0;
      sizes.add(newest());
    }
  }

  private long newest() {
    while (true) {
      try {
        return newestNow();
      } catch (NoSuchFileException e) {
        // An older one was deleted in this moment; the newest stays until the next.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private long newestNow() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      // Its metadata is what a checkpoint is complete with.
      Path checkpoint =
          walk.filter(file -> file.endsWith("_metadata"))
              .map(Path::getParent)
              .max(Comparator.comparingLong(CheckpointSizes::number))
              .orElseThrow();
      try (Stream<Path> parts = Files.list(checkpoint)) {
        return parts.mapToLong(part -> part.toFile().length()).sum();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  /** The bytes of the checkpoint of each stop, in their order. */
  synchronized List<Long> all() {
    return List.copyOf(sizes);
  }

  @Override
  public void close() {
    OPEN.remove(directory.toString());
  }
}
