package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Files that were written for a commit, and those that they are to replace. */
final class LandingDraft {
  private final FileStore store;
  private final PartitionState state;
  private final List<LandedFile> added = new ArrayList<>();
  private final List<LandedFile> replaced = new ArrayList<>();

  LandingDraft(FileStore store, PartitionState state) {
    this.store = store;
    this.state = state;
  }

  List<LandedFile> added() {
    return added;
  }

  /** Writes a file of what some files have, which it replaces, and of a part of a run. */
  void add(List<LandedFile> before, long from, long to, RecordRun run) throws IOException {
    long start = before.isEmpty() ? from : before.get(0).from();
    RecordFileWriter file =
        new RecordFileWriter(store, state.topic(), state.partition(), start, to);
    try {
      for (LandedFile old : before) {
        copy(old, file);
      }
      run.each(from, to, file::write);
      added.add(file.finish());
      replaced.addAll(before);
    } catch (IOException | RuntimeException e) {
      file.abandon(e);
      throw e;
    }
  }

  /** Writes a file of what some neighbouring files have, which it replaces. */
  void merge(List<LandedFile> files) throws IOException {
    long to = files.get(files.size() - 1).to();
    add(files, to, to, RecordRun.behind(to, List.of()));
  }

  private void copy(LandedFile old, RecordFileWriter file) throws IOException {
    try (LandedRecords records = LandedRecords.open(store, old, old.from(), true)) {
      for (@Nullable RecordBlock block = records.next(); block != null; block = records.next()) {
        RecordBlock.Cursor record = block.records();
        while (record.next()) {
          file.write(record);
        }
      }
    }
  }

  /** The commit that makes the files count. */
  LandingCommit commit(long begin, long end, Instant now) {
    return state.next(begin, end, added, replaced, now);
  }

  /** Deletes what was written, because it does not come to a commit. */
  void abandon(@Nullable Exception cause) throws IOException {
    for (LandedFile file : added) {
      try {
        store.delete(file.path());
      } catch (IOException e) {
        if (cause == null) {
          throw e;
        }
        cause.addSuppressed(e);
      }
    }
  }
}
