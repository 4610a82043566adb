package io.millrace.transforms.landing;

import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NumberedFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** The commits of one partition. */
final class PartitionManifest {
  private final FileStore store;
  private final String folder;

  PartitionManifest(FileStore store, String topic, int partition) {
    this(store, LandingPaths.commits(topic, partition));
  }

  /**
   * The commits in a folder.
   *
   * @param folder as a listing of the manifest tells it
   */
  PartitionManifest(FileStore store, String folder) {
    this.store = store;
    this.folder = folder;
  }

  /**
   * What the partition has now.
   *
   * @param known an earlier state
   * @throws LandingException if a commit is missing or damaged
   */
  PartitionState refresh(PartitionState known) throws IOException {
    long newest = NumberedFiles.newest(store, folder).orElse(0);
    if (newest < known.sequence()) {
      throw new LandingException(
          "The landing lacks commits behind "
              + newest
              + " in "
              + store.locate(folder)
              + "; bring them back from a copy");
    }
    long checkpoint = LandingCommit.checkpointBefore(newest);
    PartitionState state = known;
    for (long sequence = Math.max(checkpoint, known.sequence() + 1);
        sequence <= newest;
        sequence++) {
      if (sequence > 0) {
        state = state.with(read(sequence));
      }
    }
    return state;
  }

  /** Reads one by its number: a listing of a folder that grows may leave some out. */
  private LandingCommit read(long sequence) throws IOException {
    String path = NumberedFiles.path(folder, sequence);
    try {
      return LandingCommit.parse(store.read(path), path);
    } catch (NoSuchFileException e) {
      throw new LandingException(
          "The landing lacks the commit " + store.locate(path) + "; bring it back from a copy", e);
    }
  }

  /** Whether the commit is now the one of its number; false if another is. */
  boolean put(LandingCommit commit) throws IOException {
    return store.putIfAbsent(NumberedFiles.path(folder, commit.sequence()), commit.toJson());
  }
}
