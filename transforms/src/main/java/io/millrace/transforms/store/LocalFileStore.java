package io.millrace.transforms.store;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** The files of a local directory, or of one that is mounted and has hard links. */
final class LocalFileStore implements FileStore {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path directory;

  LocalFileStore(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public List<String> list(String folder) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Override
  public List<Stored> walk(String folder) throws IOException {
    List<Stored> found = new ArrayList<>();
    Path root = directory.resolve(folder);
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        try {
          BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
          if (attributes.isRegularFile()) {
            String path = directory.relativize(file).toString().replace('\\', '/');
            found.add(
                new Stored(path, attributes.size(), attributes.lastModifiedTime().toInstant()));
          }
        } catch (NoSuchFileException e) {
          // A draft that was there a moment ago.
        }
      }
    }
    return found;
  }

  @Override
  public byte[] read(String path) throws IOException {
    return Files.readAllBytes(directory.resolve(path));
  }

  @Override
  public InputFile open(String path) {
    return new LocalInputFile(directory.resolve(path));
  }

  @Override
  public OutputStream create(String path) throws IOException {
    Path file = directory.resolve(path);
    createFolders(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    OutputStream buffered =
        new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    return new FilterOutputStream(buffered) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        if (channel.isOpen()) {
          out.flush();
          channel.force(true);
          super.close();
          sync(file.getParent());
        }
      }
    };
  }

  @Override
  public boolean putIfAbsent(String path, byte[] content) throws IOException {
    Path file = directory.resolve(path);
    Path draft = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    createFolders(file.getParent());
    try (FileChannel channel =
        FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try (OutputStream out = Channels.newOutputStream(channel)) {
        out.write(content);
        channel.force(true);
      }
      // Unlike a rename, a link never replaces what is there.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      throw new IOException(
          "The file system of " + directory + " has no hard links, which are needed here", e);
    } finally {
      Files.deleteIfExists(draft);
    }
    sync(file.getParent());
    return true;
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(directory.resolve(path));
  }

  @Override
  public String locate(String path) {
    return directory.resolve(path).toString();
  }

  @Override
  public void check() throws IOException {
    createFolders(directory);
    if (!Files.isWritable(directory)) {
      throw new IOException("it is not writable");
    }
  }

  private void createFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      if (!folder.equals(directory)) {
        createFolders(folder.getParent());
      }
      Files.createDirectories(folder);
      sync(folder.getParent());
    }
  }

  /** Makes the entries of a folder outlive a power failure, where the system knows how. */
  private static void sync(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
