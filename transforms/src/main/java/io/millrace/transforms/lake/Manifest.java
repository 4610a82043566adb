package io.millrace.transforms.lake;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;

/** The commits of input parts, as those who write them see them. */
final class Manifest {
  private static final String SUFFIX = ".json";

  private final LakeStore store;

  Manifest(LakeStore store) {
    this.store = store;
  }

  /**
   * The newest commit of a part, which covers all before it.
   *
   * @param begin where reading begins, if the part has none yet
   */
  Commit newest(InputPart part, long begin) throws IOException {
    OptionalLong last =
        store.list(part.folder()).stream()
            .filter(Manifest::isCommit)
            .mapToLong(Manifest::sequence)
            .max();
    if (last.isEmpty()) {
      return Commit.none(part, begin);
    }
    String path = path(part.folder(), last.getAsLong());
    return Commit.parse(store.read(path), path);
  }

  /** Whether the commit is now the one of its number; false if another is. */
  boolean put(Commit commit) throws IOException {
    String path = path(commit.inputPart().folder(), commit.sequence());
    return store.putIfAbsent(path, commit.toJson());
  }

  static String path(String folder, long sequence) {
    return folder + "/" + String.format(Locale.ROOT, "%010d", sequence) + SUFFIX;
  }

  static boolean isCommit(String name) {
    return name.matches("\\d{10,18}\\" + SUFFIX);
  }

  static long sequence(String name) {
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }
}
