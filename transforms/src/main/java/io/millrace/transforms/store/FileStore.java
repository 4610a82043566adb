package io.millrace.transforms.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.parquet.io.InputFile;

/**
 * The files of a directory, named by their paths below it. Another file system than the local one
 * fits in here if it can put an object only where there is none, as object stores can (generation
 * or etag preconditions).
 */
public interface FileStore {

  /** A file as {@link #walk} finds it. */
  record Stored(String path, long bytes, Instant modifiedAt) {}

  /**
   * The files in a directory, with or without {@code file:} before it.
   *
   * @throws IllegalArgumentException if the directory is not on a local file system
   */
  static FileStore at(String directory) {
    String name = directory.replaceFirst("^file:(//)?", "");
    if (name.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")) {
      throw new IllegalArgumentException(
          "The directory has to be local or mounted so far, got " + directory);
    }
    return new LocalFileStore(Path.of(name));
  }

  /** The names of the files directly in a folder; none if there is no such folder. */
  List<String> list(String folder) throws IOException;

  /** All files below a folder; none if there is no such folder. */
  List<Stored> walk(String folder) throws IOException;

  byte[] read(String path) throws IOException;

  /** A file whose parts are read in any order; whether it is there shows when it is read. */
  InputFile open(String path);

  /**
   * Begins a file that must not be there yet. Once it is closed, it outlives a power failure.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  OutputStream create(String path) throws IOException;

  /**
   * Puts a whole file where there is none, for all to see at once, so that of several that try only
   * one succeeds. It outlives a power failure.
   *
   * @return false if there is one already
   */
  boolean putIfAbsent(String path, byte[] content) throws IOException;

  /** Deletes a file if it is there. */
  void delete(String path) throws IOException;

  /** A file's whole name, as readers take it. */
  String locate(String path);

  /**
   * Makes sure that files can be made here.
   *
   * @throws IOException if not
   */
  void check() throws IOException;
}
