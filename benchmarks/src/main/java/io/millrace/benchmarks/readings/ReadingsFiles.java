package io.millrace.benchmarks.readings;

import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The readings in two files, as a topic of two partitions has them: each reading in the one or the
 * other, so that both hold all sensors and all times. A reading is 20 bytes: sensor (int), time
 * (long), value (long), big-endian.
 */
public final class ReadingsFiles implements Scene {
  /** Bytes of a reading. */
  public static final int READING_BYTES = 20;

  /** Readings that are read, and handed on, at once. */
  public static final int BLOCK_READINGS = 4_096;

  /** Files, of which each is read from beginning to end by one reader. */
  public static final int PARTITIONS = 2;

  private final Path directory;
  private final Readings readings;
  private final long events;

  /** Writes the files. */
  public static ReadingsFiles write(Request request) throws IOException {
    return new ReadingsFiles(request);
  }

  private ReadingsFiles(Request request) throws IOException {
    this.events = request.events();
    this.directory = request.directory();
    this.readings = new Readings(events);
    request.progress().accept(String.format(Locale.ROOT, "generating %,d readings", events));
    try (DataOutputStream first = open(0);
        DataOutputStream second = open(1)) {
      readings.generate(
          (sensor, time, value) -> {
            DataOutputStream out = (value & 1) == 0 ? first : second;
            out.writeInt(sensor);
            out.writeLong(time);
            out.writeLong(value);
          });
    }
  }

  private DataOutputStream open(int partition) throws IOException {
    return new DataOutputStream(
        new BufferedOutputStream(Files.newOutputStream(file(directory, partition)), 1 << 18));
  }

  private static Path file(Path directory, int partition) {
    return directory.resolve("readings-" + partition + ".bin");
  }

  /** The files that the settings of a contestant name. */
  public static List<String> files(Settings settings) {
    Path directory = Path.of(settings.text("directory"));
    return List.of(file(directory, 0).toString(), file(directory, 1).toString());
  }

  @Override
  public Settings settings() {
    return Settings.none().with("directory", directory).with("events", events);
  }

  @Override
  public String answer(String contest) {
    return readings.answer(WindowKind.valueOf(contest.toUpperCase(Locale.ROOT)));
  }

  @Override
  public List<String> notes() {
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d readings of %,d sensors, %d bytes each, in %d files; up to 1 s of disorder",
            events,
            Readings.sensors(events),
            READING_BYTES,
            PARTITIONS));
  }
}
