package io.millrace.transforms.landing;

import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NumberedFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes fewer files of a landing, or fewer records, while others write and read it. Files that
 * count no longer stay for some time, for those who are at them.
 */
public final class LandingUpkeep {
  /** How long files that do not count stay, unless another time is chosen. */
  public static final Duration DEFAULT_GRACE = Duration.ofDays(1);

  /** How large compacted files are at most, unless another size is chosen. */
  public static final int DEFAULT_TARGET_MEGABYTES = 256;

  /** So many files, or ten times so many, become one. */
  private static final int STEP = 10;

  /** Of the commits that no reader needs any more, the last ones stay. */
  private static final long COMMITS_KEPT = LandingCommit.CHECKPOINT_EVERY;

  private final FileStore store;
  private final LandingFormat format;

  private LandingUpkeep(FileStore store, LandingFormat format) {
    this.store = store;
    this.format = format;
  }

  /**
   * Of a landing.
   *
   * @throws LandingException if there is none
   */
  public static LandingUpkeep of(String directory) {
    FileStore store = FileStore.at(directory);
    try {
      return new LandingUpkeep(
          store,
          LandingFormat.read(store)
              .orElseThrow(
                  () ->
                      new LandingException(
                          "There is no landing in "
                              + directory
                              + "; archive --landing=DIR makes one")));
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  private static LandingException unreadable(FileStore store, IOException e) {
    return new LandingException(
        "The landing in " + store.locate("") + " cannot be changed: " + e, e);
  }

  private interface Task {
    void run(PartitionManifest manifest, PartitionState state) throws IOException;
  }

  private void eachPartition(Task task) {
    try {
      for (String folder : Landing.folders(store)) {
        PartitionManifest manifest = new PartitionManifest(store, folder);
        task.run(manifest, manifest.refresh(PartitionState.none("", 0)));
      }
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  /**
   * Makes one file of ten, a hundred and so on that lie side by side, where their blocks are
   * complete and the one file is not too large. The order of magnitude is that of offsets, so what
   * becomes one does not depend on when this runs.
   *
   * @param targetBytes how large files may become
   * @param progress is told of each new file
   */
  public void compact(long targetBytes, Consumer<LandedFile> progress) {
    eachPartition(
        (manifest, state) -> {
          for (List<LandedFile> group : groups(state, targetBytes)) {
            merge(manifest, state, group, progress);
          }
        });
  }

  /** The files that become one, those with the widest ranges first. */
  private List<List<LandedFile>> groups(PartitionState state, long targetBytes) {
    List<List<LandedFile>> groups = new ArrayList<>();
    Set<LandedFile> taken = new HashSet<>();
    for (long width : widths(state.end())) {
      for (List<LandedFile> group : aligned(state, width)) {
        long bytes = group.stream().mapToLong(LandedFile::bytes).sum();
        if (group.size() > 1 && bytes <= targetBytes && group.stream().noneMatch(taken::contains)) {
          groups.add(group);
          taken.addAll(group);
        }
      }
    }
    return groups;
  }

  /** How many offsets a file may be for, the most first. */
  private List<Long> widths(long end) {
    List<Long> widths = new ArrayList<>();
    for (long width = format.blockOffsets(); width <= end / STEP; ) {
      width *= STEP;
      widths.add(0, width);
    }
    return widths;
  }

  /** The files of each range of so many offsets that was landed up to its end. */
  private static Iterable<List<LandedFile>> aligned(PartitionState state, long width) {
    Map<Long, List<LandedFile>> ranges = new TreeMap<>();
    for (LandedFile file : state.files()) {
      boolean isComplete = (file.from() / width + 1) * width <= state.end();
      boolean isWithin = (file.to() - 1) / width == file.from() / width;
      if (isComplete && isWithin) {
        ranges.computeIfAbsent(file.from() / width, range -> new ArrayList<>()).add(file);
      }
    }
    return ranges.values();
  }

  private void merge(
      PartitionManifest manifest,
      PartitionState known,
      List<LandedFile> group,
      Consumer<LandedFile> progress)
      throws IOException {
    PartitionState state = manifest.refresh(known);
    if (!state.hasAll(group)) {
      return;
    }
    LandingDraft draft = new LandingDraft(store, state);
    draft.merge(group);
    // Others may commit meanwhile, which is no reason to copy again.
    while (state.hasAll(group)) {
      LandingCommit commit =
          state.next(state.begin(), state.end(), draft.added(), group, Instant.now());
      if (manifest.put(commit)) {
        draft.added().forEach(progress);
        return;
      }
      state = manifest.refresh(state);
    }
    draft.abandon(null);
  }

  /**
   * Takes away, from the beginning of each partition on, the files whose records are all older than
   * some time; a file without a timestamp only with one that is older behind it. Where landing goes
   * on stays as it is.
   *
   * @return the files that do not count any more
   */
  public List<LandedFile> expire(Instant before) {
    List<LandedFile> gone = new ArrayList<>();
    eachPartition(
        (manifest, known) -> {
          PartitionState state = known;
          while (true) {
            List<LandedFile> old = old(state, before);
            if (old.isEmpty()) {
              return;
            }
            long begin = old.get(old.size() - 1).to();
            if (manifest.put(state.next(begin, state.end(), List.of(), old, Instant.now()))) {
              gone.addAll(old);
              return;
            }
            state = manifest.refresh(state);
          }
        });
    return gone;
  }

  private static List<LandedFile> old(PartitionState state, Instant before) {
    int count = 0;
    for (int i = 0; i < state.files().size(); i++) {
      Long newest = state.files().get(i).maxTimestamp();
      if (newest != null && newest >= before.toEpochMilli()) {
        break;
      }
      count = newest == null ? count : i + 1;
    }
    return state.files().subList(0, count);
  }

  /**
   * Deletes files that do not count any more, or never did because an attempt failed, and commits
   * that no reader needs.
   *
   * @param grace for how long such a file stays
   * @return how many files of data were deleted
   */
  public int clean(Duration grace) {
    Instant before = Instant.now().minus(grace);
    Set<String> counted = new HashSet<>();
    Map<String, String> removed = new HashMap<>();
    int[] deleted = new int[1];
    try {
      // Listed first: what is committed after that is not in the list.
      List<FileStore.Stored> data = store.walk(LandingPaths.DATA);
      eachPartition(
          (manifest, state) -> {
            state.files().forEach(file -> counted.add(file.path()));
            removed.putAll(state.removed());
          });
      for (FileStore.Stored file : data) {
        String at = removed.get(file.path());
        Instant since = at == null ? file.modifiedAt() : Instant.parse(at);
        if (!counted.contains(file.path())
            && file.path().endsWith(".parquet")
            && since.isBefore(before)) {
          store.delete(file.path());
          deleted[0]++;
        }
      }
      cleanManifest(before);
    } catch (IOException e) {
      throw unreadable(store, e);
    }
    return deleted[0];
  }

  private void cleanManifest(Instant before) throws IOException {
    Map<String, Long> newest = new HashMap<>();
    List<FileStore.Stored> files = store.walk(LandingPaths.MANIFEST);
    for (FileStore.Stored file : files) {
      if (NumberedFiles.isNumbered(name(file))) {
        newest.merge(folder(file), NumberedFiles.number(name(file)), Math::max);
      }
    }
    for (FileStore.Stored file : files) {
      boolean isDraft = name(file).startsWith(".");
      boolean isPast =
          NumberedFiles.isNumbered(name(file))
              && NumberedFiles.number(name(file))
                  < LandingCommit.checkpointBefore(newest.get(folder(file))) - COMMITS_KEPT;
      if ((isDraft || isPast) && file.modifiedAt().isBefore(before)) {
        store.delete(file.path());
      }
    }
  }

  private static String name(FileStore.Stored file) {
    return file.path().substring(file.path().lastIndexOf('/') + 1);
  }

  private static String folder(FileStore.Stored file) {
    return file.path().substring(0, file.path().lastIndexOf('/'));
  }
}
