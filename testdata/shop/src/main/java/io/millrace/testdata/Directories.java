package io.millrace.testdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;

/** Directories and files that only this user may read, and their removal. */
public final class Directories {
  private static final int DELETE_ATTEMPTS = 20;

  /** Creates a directory in the system's temporary one; its name begins with {@code millrace-}. */
  public static Path temporary(String name) {
    try {
      return Files.createTempDirectory("millrace-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("could not create a temporary directory", e);
    }
  }

  /** Creates the directory and its parents where they are missing. */
  public static Path create(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not create the directory " + directory, e);
    }
  }

  /** Writes a file that only this user may read; replaces what was there. */
  public static void writeSecret(Path file, String text) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** Deletes the directory with all that is in it; does not follow links; absent is fine. */
  public static void delete(Path directory) {
    for (int attempt = 1; Files.exists(directory); attempt++) {
      try {
        Files.walkFileTree(directory, new Delete());
      } catch (DirectoryNotEmptyException e) {
        // A server that is just stopping writes files of its own.
        if (attempt == DELETE_ATTEMPTS) {
          throw new UncheckedIOException("could not delete " + directory, e);
        }
        LockSupport.parkNanos(100_000_000L);
      } catch (IOException e) {
        throw new UncheckedIOException("could not delete " + directory, e);
      }
    }
  }

  private static final class Delete extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      // A server that is just stopping deletes files of its own.
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }

  private Directories() {}
}
