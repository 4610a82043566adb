package io.millrace.transforms.read;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/** Names and patterns of files, as given by the user, and the files they stand for. */
final class FilePatterns {

  /** Splits at the commas that do not stand in a pattern's braces. */
  static List<String> split(String... lists) {
    List<String> patterns = new ArrayList<>();
    for (String list : lists) {
      int depth = 0;
      int start = 0;
      for (int i = 0; i <= list.length(); i++) {
        char next = i < list.length() ? list.charAt(i) : ',';
        if (next == '{') {
          depth++;
        } else if (next == '}') {
          depth--;
        } else if (next == ',' && (depth <= 0 || i == list.length())) {
          String pattern = list.substring(start, i).strip();
          if (!pattern.isEmpty()) {
            patterns.add(pattern);
          }
          start = i + 1;
        }
      }
    }
    return List.copyOf(patterns);
  }

  /**
   * The files, each once however many patterns it matches.
   *
   * @throws SourceException if a pattern matches no file, or a directory
   */
  static List<FileRange> match(List<String> patterns) {
    Map<String, FileRange> files = new LinkedHashMap<>();
    for (String pattern : patterns) {
      for (Metadata file : matchOne(pattern)) {
        if (file.resourceId().isDirectory()) {
          throw SourceException.input(
              pattern + " is a directory; name the files in it, as in " + pattern + "/*.jsonl");
        }
        files.putIfAbsent(file.resourceId().toString(), FileRange.whole(file));
      }
    }
    return List.copyOf(files.values());
  }

  private static List<Metadata> matchOne(String pattern) {
    try {
      MatchResult match = FileSystems.match(pattern);
      if (match.status() == MatchResult.Status.OK && !match.metadata().isEmpty()) {
        return match.metadata();
      }
      if (match.status() == MatchResult.Status.ERROR) {
        throw SourceException.world("The files " + pattern + " cannot be listed", error(match));
      }
    } catch (FileNotFoundException e) {
      // Said below.
    } catch (IOException e) {
      throw SourceException.world(
          "The files " + pattern + " cannot be listed: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw SourceException.input(pattern + " is not a pattern of files: " + e.getMessage(), e);
    }
    throw SourceException.input("No file matches " + pattern);
  }

  private static Throwable error(MatchResult match) {
    try {
      return new IllegalStateException("No error after all: " + match.metadata());
    } catch (IOException e) {
      return e;
    }
  }

  private FilePatterns() {}
}
