package io.millrace.transforms.store;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The files of a folder that are numbered one after the other. A number can be taken only once, so
 * of several that try one wins.
 */
public final class NumberedFiles {
  private static final String SUFFIX = ".json";

  /** The path of the file of a number. */
  public static String path(String folder, long number) {
    return folder + "/" + String.format(Locale.ROOT, "%010d", number) + SUFFIX;
  }

  /** Whether a file of this name is one of them. */
  public static boolean isNumbered(String name) {
    return name.matches("\\d{10,18}\\" + SUFFIX);
  }

  /** The number in a file's name. */
  public static long number(String name) {
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** The greatest number in a folder; none if there is no file or no folder. */
  public static OptionalLong newest(FileStore store, String folder) throws IOException {
    return store.list(folder).stream()
        .filter(NumberedFiles::isNumbered)
        .mapToLong(NumberedFiles::number)
        .max();
  }

  private NumberedFiles() {}
}
