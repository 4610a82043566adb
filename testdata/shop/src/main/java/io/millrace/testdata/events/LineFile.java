package io.millrace.testdata.events;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** A file of lines, compressed if its name ends in {@code .gz}; remembers which are broken. */
final class LineFile implements Line.Output {

  private record Broken(long line, Flaw flaw) {}

  private final Path file;
  private final OutputStream output;
  private final List<Broken> broken = new ArrayList<>();
  private long lines;
  private long bytes;

  LineFile(Path file) {
    this.file = file;
    try {
      OutputStream raw = Files.newOutputStream(file);
      OutputStream packed =
          file.toString().endsWith(".gz") ? new GZIPOutputStream(raw, 1 << 16) : raw;
      this.output = new BufferedOutputStream(packed, 1 << 18);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  @Override
  public void accept(Line line) {
    try {
      output.write(line.bytes());
      output.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
    lines++;
    bytes += line.bytes().length + 1L;
    if (line.flaw() != Flaw.NONE) {
      broken.add(new Broken(lines, line.flaw()));
    }
  }

  long lines() {
    return lines;
  }

  /** Before compression. */
  long bytes() {
    return bytes;
  }

  int brokenLines() {
    return broken.size();
  }

  /** Writes the number, from 1, and the kind of each broken line, as JSON lines. */
  void writeBroken(Path to) throws IOException {
    Files.write(
        to,
        broken.stream()
            .map(
                one ->
                    "{\"line\":%d,\"kind\":\"%s\"}"
                        .formatted(one.line(), one.flaw().name().toLowerCase(Locale.ROOT)))
            .toList());
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
