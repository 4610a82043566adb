package io.millrace.testdata.events;

import io.millrace.testdata.Directories;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Puts all lines in random order: first each into one of many temporary files, then each file
 * shuffled in memory. All orders are alike likely.
 */
final class Shuffle implements Line.Output {
  private static final long LINES_PER_BUCKET = 50_000;

  private final Random random;
  private final Line.Output next;
  private final Path directory;
  private final List<DataOutputStream> buckets = new ArrayList<>();

  /**
   * A shuffle for about this many lines.
   *
   * @param directory for the temporary files; created, and deleted in the end
   */
  Shuffle(long seed, long lines, Path directory, Line.Output next) {
    this.random = new Random(seed);
    this.next = next;
    this.directory = Directories.create(directory);
    long count = Math.max(1, Math.min(500, lines / LINES_PER_BUCKET));
    try {
      for (int i = 0; i < count; i++) {
        buckets.add(
            new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(bucket(i)), 1 << 16)));
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void accept(Line line) {
    try {
      DataOutputStream bucket = buckets.get(random.nextInt(buckets.size()));
      bucket.writeUTF(line.flaw().name());
      bucket.writeInt(line.bytes().length);
      bucket.write(line.bytes());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      for (int i = 0; i < buckets.size(); i++) {
        buckets.get(i).close();
        List<Line> lines = read(bucket(i));
        Collections.shuffle(lines, random);
        lines.forEach(next);
      }
    } catch (IOException e) {
      throw failure(e);
    } finally {
      Directories.delete(directory);
    }
    next.close();
  }

  private static List<Line> read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (DataInputStream input =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      while (true) {
        Flaw flaw = Flaw.valueOf(input.readUTF());
        lines.add(new Line(input.readNBytes(input.readInt()), flaw));
      }
    } catch (EOFException e) {
      return lines;
    }
  }

  private Path bucket(int number) {
    return directory.resolve("lines-" + number);
  }

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException("could not shuffle in " + directory, e);
  }
}
