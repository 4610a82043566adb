package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Lands blocks of records, each offset once, and always where the partition's landing ends.
 *
 * <p>A partition's commits are numbered, and a number can be taken once. Whoever finds his taken
 * looks where the others have come to, and goes on from there. So whatever is read again, restored
 * or tried by two at a time, the files that count never overlap and never leave a gap.
 */
final class LandingWriter {
  private final FileStore store;
  private final LandingFormat format;
  private final Map<String, PartitionState> known = new HashMap<>();
  private final RunCounter recordsWritten = RunCounter.named("landing_records_written");
  private final RunCounter filesWritten = RunCounter.named("landing_files_written");

  LandingWriter(LandingSettings settings) throws IOException {
    store = FileStore.at(settings.directory());
    format = LandingFormat.begin(store, settings.blockOffsets());
  }

  /** Whether nothing of a block is left to be landed, as far as is known without looking. */
  boolean holds(RecordBlock block) throws IOException {
    PartitionState state = known.get(key(block));
    if (state == null) {
      state = refresh(block);
    }
    return !state.isEmpty() && block.to() <= state.end();
  }

  /** The offset at which the landing of a block's partition ends. */
  long end(RecordBlock block) throws IOException {
    return refresh(block).end();
  }

  /**
   * Notes in the manifest where a partition's landing begins, so that a program that is started
   * again without a checkpoint knows where to read on although nothing was written yet.
   */
  void begin(RecordBlock block) throws IOException {
    PartitionState state = known.get(key(block));
    while (state == null || state.isEmpty()) {
      state = refresh(block);
      if (state.isEmpty()) {
        commit(block, state.next(block.from(), block.from(), List.of(), List.of(), Instant.now()));
      }
    }
  }

  /**
   * Lands what of some blocks of one partition follows what is landed.
   *
   * @return the blocks that do not follow yet
   */
  List<RecordBlock> write(Iterable<RecordBlock> blocks) throws IOException {
    List<RecordBlock> ordered = new ArrayList<>();
    blocks.forEach(ordered::add);
    if (ordered.isEmpty()) {
      return ordered;
    }
    ordered.sort(Comparator.comparingLong(RecordBlock::from));
    begin(ordered.get(0));
    while (true) {
      PartitionState state = refresh(ordered.get(0));
      RecordRun run = RecordRun.behind(state.end(), ordered);
      if (run.isEmpty()) {
        return run.later();
      }
      LandingDraft draft = new LandingDraft(store, state);
      try {
        add(draft, state, run);
      } catch (IOException | RuntimeException e) {
        draft.abandon(e);
        throw e;
      }
      if (commit(ordered.get(0), draft.commit(state.begin(), run.to(), Instant.now()))) {
        recordsWritten.add(run.count(run.from(), run.to()));
        filesWritten.add(draft.added().size());
        return run.later();
      }
      draft.abandon(null);
    }
  }

  /** Writes a file for each block of offsets that a run has a part in. */
  private void add(LandingDraft draft, PartitionState state, RecordRun run) throws IOException {
    for (long from = run.from(); from < run.to(); ) {
      long to = Math.min(format.blockEnd(from), run.to());
      List<LandedFile> before =
          from > run.from()
              ? List.of()
              : state.takenIn(
                  format.blockStart(from), run.count(from, to), to == format.blockEnd(from));
      draft.add(before, from, to, run);
      from = to;
    }
  }

  private PartitionState refresh(RecordBlock block) throws IOException {
    PartitionState state = known.get(key(block));
    PartitionState now =
        manifest(block)
            .refresh(
                state == null ? PartitionState.none(block.source(), block.partition()) : state);
    known.put(key(block), now);
    return now;
  }

  /** Whether the commit is in the manifest now; else another has taken its number. */
  private boolean commit(RecordBlock block, LandingCommit commit) throws IOException {
    @Nullable PartitionState before = known.remove(key(block));
    boolean committed = manifest(block).put(commit);
    if (committed && before != null) {
      known.put(key(block), before.with(commit));
    }
    return committed;
  }

  private PartitionManifest manifest(RecordBlock block) {
    return new PartitionManifest(store, block.source(), block.partition());
  }

  private static String key(RecordBlock block) {
    return block.source() + "\n" + block.partition();
  }
}
