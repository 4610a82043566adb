package io.millrace.transforms.lake;

import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NumberedFiles;
import java.io.IOException;
import java.util.OptionalLong;

/** The commits of input parts, as those who write them see them. */
final class Manifest {
  private final FileStore store;

  Manifest(FileStore store) {
    this.store = store;
  }

  /**
   * The newest commit of a part, which covers all before it.
   *
   * @param begin where reading begins, if the part has none yet
   */
  Commit newest(InputPart part, long begin) throws IOException {
    OptionalLong last = NumberedFiles.newest(store, part.folder());
    if (last.isEmpty()) {
      return Commit.none(part, begin);
    }
    String path = NumberedFiles.path(part.folder(), last.getAsLong());
    return Commit.parse(store.read(path), path);
  }

  /** Whether the commit is now the one of its number; false if another is. */
  boolean put(Commit commit) throws IOException {
    String path = NumberedFiles.path(commit.inputPart().folder(), commit.sequence());
    return store.putIfAbsent(path, commit.toJson());
  }
}
