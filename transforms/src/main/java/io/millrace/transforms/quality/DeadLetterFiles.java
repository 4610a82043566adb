package io.millrace.transforms.quality;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Appends lines to files in folders of a directory, a file a folder. On a local file system a file
 * stays open and goes on growing with each {@link #flush}, and it and every folder that is made for
 * it belong to their owner alone, where the file system knows owners. Elsewhere files cannot grow,
 * so each flush makes one.
 */
final class DeadLetterFiles implements Closeable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final int MOST_BUFFERED_BYTES = 1 << 20;
  private static final int MOST_OPEN_FILES = 8;
  private static final long ENOUGH_BYTES = 128L << 20;

  private final ResourceId directory;
  private final @Nullable Path localDirectory;
  private final Map<String, ByteArrayOutputStream> buffers = new HashMap<>();
  private final Map<String, FileChannel> open = new HashMap<>();
  private int buffered;

  /** Files in this directory, with or without {@code file:} before it. */
  static DeadLetterFiles in(String directory) {
    ResourceId resource = resource(directory);
    return new DeadLetterFiles(resource, isLocal(resource));
  }

  /** The directory that a user named. */
  static ResourceId resource(String directory) {
    return FileSystems.matchNewResource(directory.replaceFirst("^file:(//)?", ""), true);
  }

  static boolean isLocal(ResourceId resource) {
    return resource.getScheme().equals("file");
  }

  DeadLetterFiles(ResourceId directory, boolean local) {
    this.directory = directory;
    this.localDirectory = local ? Path.of(directory.toString()) : null;
  }

  /**
   * Makes the directory, if there is none, and sees whether files can be made in it.
   *
   * @throws IOException if not
   */
  void check() throws IOException {
    if (localDirectory != null) {
      OwnerOnly.createDirectories(localDirectory);
      if (!Files.isWritable(localDirectory)) {
        throw new IOException("it is not writable");
      }
    }
  }

  void append(String folder, byte[] line) throws IOException {
    ByteArrayOutputStream buffer =
        buffers.computeIfAbsent(folder, key -> new ByteArrayOutputStream());
    buffer.write(line, 0, line.length);
    buffer.write('\n');
    buffered += line.length + 1;
    if (buffered >= MOST_BUFFERED_BYTES) {
      flush();
    }
  }

  /** Writes what was appended; afterwards it outlives this process. */
  void flush() throws IOException {
    Iterator<Map.Entry<String, ByteArrayOutputStream>> waiting = buffers.entrySet().iterator();
    while (waiting.hasNext()) {
      Map.Entry<String, ByteArrayOutputStream> buffer = waiting.next();
      ByteBuffer bytes = ByteBuffer.wrap(buffer.getValue().toByteArray());
      if (localDirectory == null) {
        writeRemote(buffer.getKey(), bytes);
      } else {
        appendLocal(localDirectory.resolve(buffer.getKey()), bytes);
      }
      waiting.remove();
    }
    buffered = 0;
  }

  private void writeRemote(String folder, ByteBuffer bytes) throws IOException {
    ResourceId file = directory;
    for (Path part : Path.of(folder)) {
      file = file.resolve(part.toString(), StandardResolveOptions.RESOLVE_DIRECTORY);
    }
    file = file.resolve(fileName(), StandardResolveOptions.RESOLVE_FILE);
    try (WritableByteChannel channel = FileSystems.create(file, MimeTypes.TEXT)) {
      write(channel, bytes);
    }
  }

  private void appendLocal(Path folder, ByteBuffer bytes) throws IOException {
    FileChannel channel = open.get(folder.toString());
    if (channel == null) {
      if (open.size() == MOST_OPEN_FILES) {
        closeFiles();
      }
      OwnerOnly.createDirectories(folder);
      Path file = folder.resolve(fileName());
      channel = FileChannel.open(file, NEW, OwnerOnly.file(folder));
      open.put(folder.toString(), channel);
    }
    try {
      write(channel, bytes);
    } catch (IOException e) {
      // What was torn off stays the end of its file; a retry begins another.
      open.remove(folder.toString()).close();
      throw e;
    }
    if (channel.size() >= ENOUGH_BYTES) {
      open.remove(folder.toString()).close();
    }
  }

  private static void write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** A name that no other run, and no other worker, has. */
  static String fileName() {
    return TIME.format(Instant.now()) + "-" + UUID.randomUUID() + ".jsonl";
  }

  private void closeFiles() throws IOException {
    for (FileChannel channel : open.values()) {
      channel.close();
    }
    open.clear();
  }

  @Override
  public void close() throws IOException {
    flush();
    closeFiles();
  }
}
