package io.millrace.testdata.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks at a directory of dead letters. */
final class DeadLetters {

  /** How many letters wait, that is, were not sent again, or failed again. */
  static long waiting(Path directory) {
    return lines(directory, "stage=", "") - lines(directory, "retried", "\"done\":true");
  }

  /** How many lines hold a text, in the files of the parts whose names begin so. */
  private static long lines(Path directory, String part, String text) {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> files =
          paths
              .filter(Files::isRegularFile)
              .filter(file -> directory.relativize(file).getName(0).toString().startsWith(part))
              .toList();
      long count = 0;
      for (Path file : files) {
        // A line that is just being written may end in the middle of a character.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
          count += lines.filter(line -> line.contains(text)).count();
        }
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException("the dead letters in " + directory + " cannot be read", e);
    }
  }

  private DeadLetters() {}
}
