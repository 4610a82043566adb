package io.millrace.testdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A file that names a running process: its id and, because ids are given out again, the time it
 * began.
 */
record PidFile(Path file) {

  void write(ProcessHandle process) {
    try {
      Files.writeString(file, process.pid() + " " + begin(process).toEpochMilli() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> process() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      String[] parts = Files.readString(file).strip().split(" ", 2);
      long begin = Long.parseLong(parts[1]);
      return ProcessHandle.of(Long.parseLong(parts[0]))
          .filter(Processes::isRunning)
          .filter(process -> begin(process).toEpochMilli() == begin);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + file, e);
    }
  }

  private static Instant begin(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
