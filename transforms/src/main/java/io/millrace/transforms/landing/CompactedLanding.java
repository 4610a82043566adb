package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.function.LongPredicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes some of the records of a log to another landing, which has the same ranges of offsets and
 * is read in place of the log.
 */
public final class CompactedLanding {
  private final FileStore store;

  private CompactedLanding(FileStore store) {
    this.store = store;
  }

  /** Of a directory, in which it was begun. */
  public static CompactedLanding of(String directory) {
    return new CompactedLanding(FileStore.at(directory));
  }

  /**
   * Begins a compacted landing, or finds one that was not completed, to be written anew.
   *
   * @throws LandingException if there is one that is complete, was begun for other tables, or is
   *     not compacted, or if it cannot be written
   */
  public static void begin(String directory, Compaction compaction) {
    FileStore store = FileStore.at(directory);
    try {
      store.check();
      LandingFormat.beginCompacted(store, compaction);
      if (isComplete(store)) {
        throw new LandingException(
            "The log in "
                + directory
                + " was compacted to its end, and stays as it is; name a new directory");
      }
    } catch (IOException e) {
      throw new LandingException("The landing cannot be written to " + directory + ": " + e, e);
    }
  }

  static boolean isComplete(FileStore store) throws IOException {
    try {
      return store.read(LandingPaths.COMPLETE).length > 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Writes the records of a range that are wanted. The file counts once it is committed.
   *
   * @param isWanted is asked for each offset that has a record
   * @throws LandingException if a part of the range was not landed
   */
  public LandedFile write(
      LandedLog log, String topic, int partition, long from, long to, LongPredicate isWanted) {
    try {
      RecordFileWriter file = new RecordFileWriter(store, topic, partition, from, to);
      try {
        for (long position = from; position < to; ) {
          position = copy(log, position, to, isWanted, file);
        }
        return file.finish();
      } catch (IOException | RuntimeException e) {
        file.abandon(e);
        throw e;
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static long copy(
      LandedLog log, long from, long to, LongPredicate isWanted, RecordFileWriter file)
      throws IOException {
    long position = from;
    try (LandedRecords landed = log.records(from, true)) {
      for (@Nullable RecordBlock block = landed.next();
          block != null && position < to;
          block = landed.next()) {
        RecordBlock.Cursor record = block.records();
        while (record.next()) {
          if (record.offset() < to && isWanted.test(record.offset())) {
            file.write(record);
          }
        }
        position = block.to();
      }
    }
    return position;
  }

  /**
   * Makes files count, in place of all that the partition had of an attempt before.
   *
   * @param files by offset, each beginning where the one before ends
   */
  public void commit(List<LandedFile> files) {
    LandedFile first = files.get(0);
    long end = files.get(files.size() - 1).to();
    PartitionManifest manifest = new PartitionManifest(store, first.topic(), first.partition());
    PartitionState none = PartitionState.none(first.topic(), first.partition());
    try {
      PartitionState state = manifest.refresh(none);
      while (!state.files().equals(files)
          && !manifest.put(state.next(first.from(), end, files, state.files(), Instant.now()))) {
        state = manifest.refresh(state);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Lets it be read, and not be written any more. */
  public void complete() {
    try {
      store.putIfAbsent(
          LandingPaths.COMPLETE,
          ("{\"completedAt\":\"" + Instant.now() + "\"}\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private LandingException unwritable(IOException e) {
    return new LandingException(
        "The landing in " + store.locate("") + " cannot be written: " + e, e);
  }
}
