package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Writes blocks of changes to a lake, each range of the input once.
 *
 * <p>A part's commits are numbered, and a number can be taken once. Whoever finds his taken looks
 * at what the others have covered and leaves that out. So whatever is read again, restored or tried
 * by two at a time, only one commit ever names the changes of a range.
 */
final class LakeWriter {
  private final FileStore store;
  private final Manifest manifest;
  private final FileSet files;
  private final Map<InputPart, Commit> newest = new HashMap<>();
  private final Map<String, FileFingerprint> fingerprints = new HashMap<>();
  private final LakeTally tally = new LakeTally();
  private final RunCounter rowsWritten = RunCounter.named("lake_rows_written");
  private final RunCounter filesWritten = RunCounter.named("lake_files_written");
  private final RunCounter known = RunCounter.named("lake_changes_known");

  LakeWriter(LakeSettings settings) {
    this.store = FileStore.at(settings.directory());
    this.manifest = new Manifest(store);
    this.files = new FileSet(store, settings);
  }

  /** What came of the changes, since it was last taken. */
  LakeTally tally() {
    return tally;
  }

  /** Changes of one part that wait for their files. */
  private static final class Pending {
    private Ranges ranges = Ranges.NONE;
    private final List<ChangeEvent> changes = new ArrayList<>();
  }

  /**
   * Whether the lake holds all of a block already.
   *
   * @throws LakeException if the block is from a file that was replaced
   */
  boolean holds(ChangeBlock block) throws IOException {
    InputPart part = InputPart.of(block.source(), block.partition(), block.from());
    for (; part.from() < block.to(); part = part.next()) {
      long from = Math.max(part.from(), block.from());
      if (!newest(part, from).coverage().covers(from, Math.min(part.to(), block.to()))) {
        return false;
      }
      if (!part.isFile()) {
        break;
      }
    }
    known.add(block.count());
    tally.addKnown(block);
    return true;
  }

  /**
   * Notes in the manifest where reading a topic's partition began, so that a program that is
   * started again without a checkpoint knows where to read on although nothing was written yet.
   */
  void begin(ChangeBlock block) throws IOException {
    InputPart part = InputPart.of(block.source(), block.partition(), block.from());
    Commit last = newest(part, block.from());
    while (last.sequence() == 0 || block.from() < last.begin()) {
      commit(next(last, block.from(), Ranges.NONE, List.of()));
      last = newest(part, block.from());
    }
  }

  /** Writes what the lake does not hold yet of some blocks of one source. */
  void write(Iterable<ChangeBlock> blocks) throws IOException {
    List<ChangeBlock> ordered = new ArrayList<>();
    blocks.forEach(ordered::add);
    ordered.sort(Comparator.comparingLong(ChangeBlock::from));
    Map<InputPart, Pending> parts = new LinkedHashMap<>();
    for (ChangeBlock block : ordered) {
      add(block, parts);
    }
    for (Map.Entry<InputPart, Pending> part : parts.entrySet()) {
      write(part.getKey(), part.getValue());
    }
  }

  private void add(ChangeBlock block, Map<InputPart, Pending> parts) {
    Map<InputPart, Ranges> taken = new HashMap<>();
    InputPart part = InputPart.of(block.source(), block.partition(), block.from());
    for (; part.from() < block.to(); part = part.next()) {
      Pending pending = parts.computeIfAbsent(part, key -> new Pending());
      taken.put(part, pending.ranges);
      pending.ranges =
          pending.ranges.with(Math.max(part.from(), block.from()), Math.min(part.to(), block.to()));
      if (!part.isFile()) {
        break;
      }
    }
    ChangeEventReader reader = block.changes();
    while (reader.next()) {
      ChangeEvent change = reader.event();
      long offset = change.origin().offset();
      InputPart of = InputPart.of(block.source(), block.partition(), offset);
      if (taken.get(of).contains(offset)) {
        tally.add(change.table(), change.operation(), false);
      } else {
        parts.get(of).changes.add(change);
      }
    }
  }

  private void write(InputPart part, Pending pending) throws IOException {
    while (true) {
      Commit last = newest(part, pending.ranges.from());
      Ranges fresh = pending.ranges.without(last.coverage());
      if (fresh.isEmpty()) {
        known.add(pending.changes.size());
        count(pending, fresh);
        return;
      }
      List<LakeFile> written = files.write(pending.changes, fresh, name(part, fresh));
      if (commit(next(last, fresh.from(), fresh, written))) {
        count(pending, written);
        count(pending, fresh);
        return;
      }
      files.delete(written);
    }
  }

  private Commit next(Commit last, long from, Ranges ranges, List<LakeFile> written)
      throws IOException {
    InputPart part = last.inputPart();
    FileFingerprint input = part.isFile() ? fingerprint(part.source()) : null;
    return last.next(from, ranges, input, Instant.now(), written);
  }

  /** Whether the commit is in the manifest now; else another has taken its number. */
  private boolean commit(Commit next) throws IOException {
    // Whatever happens now: what was the newest may be so no longer.
    newest.remove(next.inputPart());
    boolean committed = manifest.put(next);
    if (committed) {
      newest.put(next.inputPart(), next);
    }
    return committed;
  }

  private void count(Pending pending, List<LakeFile> written) {
    long rows = written.stream().mapToLong(LakeFile::rows).sum();
    rowsWritten.add(rows);
    filesWritten.add(written.size());
    known.add(pending.changes.size() - rows);
  }

  private void count(Pending pending, Ranges written) {
    for (ChangeEvent change : pending.changes) {
      tally.add(change.table(), change.operation(), written.contains(change.origin().offset()));
    }
  }

  private Commit newest(InputPart part, long begin) throws IOException {
    Commit commit = newest.get(part);
    if (commit == null) {
      commit = manifest.newest(part, begin);
      FileFingerprint then = commit.fingerprint();
      if (then != null) {
        then.check(part.source(), fingerprint(part.source()));
      }
      newest.put(part, commit);
    }
    return commit;
  }

  private FileFingerprint fingerprint(String file) throws IOException {
    FileFingerprint fingerprint = fingerprints.get(file);
    if (fingerprint == null) {
      fingerprint = FileFingerprint.of(file);
      fingerprints.put(file, fingerprint);
    }
    return fingerprint;
  }

  /** Tells the range, and by its end one attempt from another. */
  private static String name(InputPart part, Ranges ranges) {
    return String.format(
        Locale.ROOT,
        "%s-%016d-%016d-%s",
        part.prefix(),
        ranges.from(),
        ranges.to(),
        UUID.randomUUID().toString().substring(0, 8));
  }
}
