package io.millrace.transforms.read;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/**
 * The lines of a file whose first byte lies in {@code [start, end)}; of an Avro file all records.
 *
 * @param size of the file when it was matched, in bytes
 * @param lastModifiedMillis of the file when it was matched
 * @param splittable whether a part of the file can be read without what is before it
 */
record FileRange(
    String file, long size, long lastModifiedMillis, boolean splittable, long start, long end)
    implements Serializable {

  /** All lines of a file. */
  static FileRange whole(Metadata file) {
    String name = file.resourceId().toString();
    boolean splittable = file.isReadSeekEfficient() && !isCompressed(name) && !isAvro(name);
    long size = file.sizeBytes();
    return new FileRange(name, size, file.lastModifiedMillis(), splittable, 0, size);
  }

  boolean isCompressed() {
    return isCompressed(file);
  }

  private static boolean isCompressed(String name) {
    return Compression.AUTO.isCompressed(name);
  }

  /** Whether the file is an Avro object container, as its name says. */
  boolean isAvro() {
    return isAvro(file);
  }

  private static boolean isAvro(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".avro");
  }

  /** What reading this range costs, in bytes of the file as stored. */
  long length() {
    return end - start;
  }

  /** Ranges of nearly equal length, none over {@code most} bytes, that together are this one. */
  List<FileRange> cut(long most) {
    if (!splittable || length() <= most) {
      return List.of(this);
    }
    long count = (length() + most - 1) / most;
    List<FileRange> pieces = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      pieces.add(between(start + length() * i / count, start + length() * (i + 1) / count));
    }
    return pieces;
  }

  FileRange between(long newStart, long newEnd) {
    return new FileRange(file, size, lastModifiedMillis, splittable, newStart, newEnd);
  }

  /** The file's bytes from its beginning, decompressed as its name says. */
  ReadableByteChannel open() throws IOException {
    ReadableByteChannel stored = FileSystems.open(FileSystems.matchNewResource(file, false));
    return isCompressed() ? Compression.detect(file).readDecompressed(stored) : stored;
  }
}
