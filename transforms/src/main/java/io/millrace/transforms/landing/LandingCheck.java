package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.PathNames;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads all of a landing and finds what is wrong with it: commits or files that are missing or
 * damaged, gaps and overlaps, rows that are not what the manifest says of them.
 */
public final class LandingCheck {

  /**
   * What was found of a partition.
   *
   * @param begin the first offset, or 0 where the manifest cannot be read
   * @param problems each in a sentence; none if all is as it was written
   */
  public record Finding(
      String topic,
      int partition,
      long begin,
      long end,
      long files,
      long records,
      long bytes,
      List<String> problems) {}

  /**
   * What was found of a landing.
   *
   * @param partitions by topic and partition, those that cannot be read last
   * @param leftOver how many files are there that no commit names, or names no longer; these do no
   *     harm
   * @param leftOverBytes how long they are
   */
  public record Report(List<Finding> partitions, long leftOver, long leftOverBytes) {
    /** All problems. */
    public List<String> problems() {
      return partitions.stream().flatMap(partition -> partition.problems().stream()).toList();
    }
  }

  private static final int BUFFER_BYTES = 1 << 16;

  private final FileStore store;
  private final Consumer<LandedFile> progress;
  private final Map<String, Long> stored;

  private LandingCheck(FileStore store, Consumer<LandedFile> progress) throws IOException {
    this.store = store;
    this.progress = progress;
    // Listed first: what is committed after that is not in the list.
    this.stored =
        store.walk(LandingPaths.DATA).stream()
            .collect(Collectors.toMap(FileStore.Stored::path, FileStore.Stored::bytes));
  }

  /**
   * Checks a landing, by reading every file in it.
   *
   * @param progress is told of each file that was looked at
   * @throws LandingException if there is none, or it cannot be listed
   */
  public static Report run(String directory, Consumer<LandedFile> progress) {
    FileStore store = FileStore.at(directory);
    try {
      if (LandingFormat.read(store).isEmpty()) {
        throw new LandingException(
            "There is no landing in " + directory + "; archive --landing=DIR makes one");
      }
      return new LandingCheck(store, progress).run();
    } catch (IOException e) {
      throw new LandingException("The landing in " + directory + " cannot be listed: " + e, e);
    }
  }

  private Report run() throws IOException {
    List<PartitionState> states = new ArrayList<>();
    List<Finding> unreadable = new ArrayList<>();
    for (String folder : Landing.folders(store)) {
      try {
        states.add(new PartitionManifest(store, folder).refresh(PartitionState.none("", 0)));
      } catch (LandingException e) {
        unreadable.add(new Finding(folder, 0, 0, 0, 0, 0, 0, List.of(e.getMessage())));
      }
    }
    List<Finding> findings = new ArrayList<>();
    Set<String> counted = new HashSet<>();
    for (PartitionState state : states) {
      state.files().forEach(file -> counted.add(file.path()));
      findings.add(check(state));
    }
    findings.addAll(unreadable);
    long leftOverBytes = 0;
    long leftOver = 0;
    for (Map.Entry<String, Long> file : stored.entrySet()) {
      if (!counted.contains(file.getKey())) {
        leftOver++;
        leftOverBytes += file.getValue();
      }
    }
    return new Report(findings, leftOver, leftOverBytes);
  }

  private Finding check(PartitionState state) {
    List<String> problems = new ArrayList<>();
    String name = state.topic() + "-" + state.partition();
    long next = state.begin();
    for (LandedFile file : state.files()) {
      if (file.from() > next) {
        problems.add(name + " has a gap from " + next + " to " + file.from());
      } else if (file.from() < next) {
        problems.add(
            name
                + " has "
                + file.from()
                + " to "
                + Math.min(next, file.to())
                + " twice, also in "
                + store.locate(file.path()));
      }
      next = Math.max(next, file.to());
      String problem = problem(file);
      if (problem != null) {
        problems.add(problem);
      }
      progress.accept(file);
    }
    if (next != state.end()) {
      problems.add(name + " has a gap from " + next + " to " + state.end());
    }
    return new Finding(
        state.topic(),
        state.partition(),
        state.begin(),
        state.end(),
        state.files().size(),
        state.files().stream().mapToLong(LandedFile::records).sum(),
        state.files().stream().mapToLong(LandedFile::bytes).sum(),
        problems);
  }

  /** What is wrong with a file, or null. */
  private @Nullable String problem(LandedFile file) {
    String name = store.locate(file.path());
    try {
      long bytes = store.open(file.path()).getLength();
      if (bytes != file.bytes()) {
        return name + " has " + bytes + " bytes instead of " + file.bytes();
      }
      String checksum = checksum(file);
      if (!checksum.equals(file.checksum())) {
        return name + " has the checksum " + checksum + " instead of " + file.checksum();
      }
      return problemOfRows(file, name);
    } catch (LandingException e) {
      return e.getMessage();
    } catch (FileNotFoundException | NoSuchFileException e) {
      return name + " is missing";
    } catch (IOException e) {
      return name + " cannot be read: " + e;
    }
  }

  private String checksum(LandedFile file) throws IOException {
    MessageDigest digest = PathNames.sha256();
    InputFile input = store.open(file.path());
    byte[] buffer = new byte[BUFFER_BYTES];
    try (SeekableInputStream in = input.newStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Reads all rows, which finds those that are missing or not in order, too. */
  private @Nullable String problemOfRows(LandedFile file, String name) {
    RecordSupport seen = new RecordSupport(file.topic(), file.partition());
    try (LandedRecords records = LandedRecords.open(store, file, file.from(), true)) {
      for (@Nullable RecordBlock block = records.next(); block != null; block = records.next()) {
        RecordBlock.Cursor record = block.records();
        while (record.next()) {
          seen.count(record);
        }
      }
    }
    return Objects.equals(seen.minTimestamp(), file.minTimestamp())
            && Objects.equals(seen.maxTimestamp(), file.maxTimestamp())
        ? null
        : name
            + " has timestamps from "
            + seen.minTimestamp()
            + " to "
            + seen.maxTimestamp()
            + " instead of "
            + file.minTimestamp()
            + " to "
            + file.maxTimestamp();
  }
}
