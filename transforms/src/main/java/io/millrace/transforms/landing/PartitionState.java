package io.millrace.transforms.landing;

import io.millrace.transforms.landing.LandingCommit.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a landing has of a partition as of some commit.
 *
 * @param sequence the commit's number; 0 if there is none
 * @param begin the first offset
 * @param end the offset behind the last, where landing goes on
 * @param files those that count, by offset
 * @param removed paths of files that do not count any more, with the time of the commit
 */
record PartitionState(
    String topic,
    int partition,
    long sequence,
    long begin,
    long end,
    List<LandedFile> files,
    Map<String, String> removed) {

  /** After so long, a file that was removed is deleted, or is one left over like any other. */
  static final Duration REMEMBERED = Duration.ofDays(2);

  private static final String VERSION = version();

  /** A partition without a commit. */
  static PartitionState none(String topic, int partition) {
    return new PartitionState(topic, partition, 0, 0, 0, List.of(), Map.of());
  }

  boolean isEmpty() {
    return sequence == 0;
  }

  /** The commit that makes these changes to this state. */
  LandingCommit next(
      long newBegin, long newEnd, List<LandedFile> added, List<LandedFile> gone, Instant now) {
    List<String> paths = gone.stream().map(LandedFile::path).toList();
    LandingCommit commit =
        new LandingCommit(
            LandingCommit.VERSION,
            sequence + 1,
            topic,
            partition,
            newBegin,
            newEnd,
            List.copyOf(added),
            paths,
            now.toString(),
            VERSION,
            null);
    return commit.sequence() % LandingCommit.CHECKPOINT_EVERY == 0
        ? withCheckpoint(commit, now)
        : commit;
  }

  private LandingCommit withCheckpoint(LandingCommit commit, Instant now) {
    PartitionState after = with(commit);
    Map<String, String> remembered = new TreeMap<>(after.removed);
    remembered.values().removeIf(at -> Instant.parse(at).isBefore(now.minus(REMEMBERED)));
    return new LandingCommit(
        commit.version(),
        commit.sequence(),
        topic,
        partition,
        commit.begin(),
        commit.end(),
        commit.added(),
        commit.removed(),
        commit.committedAt(),
        commit.millrace(),
        new Checkpoint(after.files, remembered));
  }

  /**
   * The state after a commit, which follows this one or is a checkpoint.
   *
   * @throws LandingException if it does neither
   */
  PartitionState with(LandingCommit commit) {
    Checkpoint checkpoint = commit.checkpoint();
    if (checkpoint != null) {
      return after(commit, List.copyOf(checkpoint.files()), Map.copyOf(checkpoint.removed()));
    }
    Set<String> gone = new HashSet<>(commit.removed());
    List<LandedFile> left = new ArrayList<>();
    for (LandedFile file : files) {
      if (!gone.remove(file.path())) {
        left.add(file);
      }
    }
    if (commit.sequence() != sequence + 1 || !gone.isEmpty()) {
      throw new LandingException(
          "Commit "
              + commit.sequence()
              + " of "
              + topic
              + "-"
              + partition
              + " in the landing does not fit to those before it; bring the manifest back from a"
              + " copy");
    }
    left.addAll(commit.added());
    left.sort(Comparator.comparingLong(LandedFile::from));
    Map<String, String> all = new TreeMap<>(removed);
    commit.removed().forEach(path -> all.put(path, commit.committedAt()));
    return after(commit, List.copyOf(left), all);
  }

  private static PartitionState after(
      LandingCommit commit, List<LandedFile> files, Map<String, String> removed) {
    return new PartitionState(
        commit.topic(),
        commit.partition(),
        commit.sequence(),
        commit.begin(),
        commit.end(),
        files,
        removed);
  }

  /**
   * The files of one block, at the end of what was landed, that a new file behind them takes in: as
   * many as are no longer than what comes, so that few are left and none is copied often; all of
   * them where the block is complete.
   *
   * @param from where the block begins
   * @param records how many come
   */
  List<LandedFile> takenIn(long from, long records, boolean complete) {
    int first = files.size();
    long sum = records;
    while (first > 0
        && files.get(first - 1).from() >= from
        && (complete || files.get(first - 1).records() <= sum)) {
      first--;
      sum += files.get(first).records();
    }
    return files.subList(first, files.size());
  }

  /** Whether all of some files count. */
  boolean hasAll(List<LandedFile> some) {
    return new HashSet<>(files).containsAll(some);
  }

  private static String version() {
    @Nullable String version = PartitionState.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }
}
