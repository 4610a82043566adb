package io.millrace.transforms.lake;

import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NumberedFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@link WriteLake} has committed to a directory: the files that count, each change in one of
 * them. A snapshot of when it was read; later commits only add files.
 */
public final class LakeManifest {
  private final FileStore store;
  private final List<Commit> commits;
  private final List<LakeFile> files;

  private LakeManifest(FileStore store, List<Commit> commits, List<LakeFile> files) {
    this.store = store;
    this.commits = commits;
    this.files = files;
  }

  /**
   * Reads the manifest of a lake; that of a directory without one is empty.
   *
   * @throws LakeException if it cannot be read, or a commit is missing
   */
  public static LakeManifest read(String directory) {
    FileStore store = FileStore.at(directory);
    try {
      SortedMap<String, Long> newest = new TreeMap<>();
      for (FileStore.Stored file : store.walk(LakePaths.MANIFEST)) {
        int name = file.path().lastIndexOf('/') + 1;
        if (NumberedFiles.isNumbered(file.path().substring(name))) {
          long sequence = NumberedFiles.number(file.path().substring(name));
          newest.merge(file.path().substring(0, name - 1), sequence, Math::max);
        }
      }
      List<Commit> commits = new ArrayList<>();
      for (Map.Entry<String, Long> part : newest.entrySet()) {
        addAll(part.getKey(), part.getValue(), store, commits);
      }
      return new LakeManifest(store, List.copyOf(commits), files(commits));
    } catch (IOException e) {
      throw new LakeException("The lake in " + directory + " cannot be read: " + e, e);
    }
  }

  /** Reads each by its number: a listing of a folder that grows may leave some out. */
  private static void addAll(String folder, long newest, FileStore store, List<Commit> commits)
      throws IOException {
    for (long sequence = 1; sequence <= newest; sequence++) {
      String path = NumberedFiles.path(folder, sequence);
      try {
        commits.add(Commit.parse(store.read(path), path));
      } catch (NoSuchFileException e) {
        throw new LakeException("The lake lacks the commit " + path, e);
      }
    }
  }

  private static List<LakeFile> files(Collection<Commit> commits) {
    return commits.stream()
        .flatMap(commit -> commit.files().stream())
        .sorted(Comparator.comparing(LakeFile::table).thenComparing(LakeFile::path))
        .toList();
  }

  /** The same, of one table only, by its name in the contract. */
  public LakeManifest of(String table) {
    return of(Set.of(table));
  }

  /** The same, of these tables only, by their names in the contract. */
  public LakeManifest of(Set<String> tables) {
    return new LakeManifest(
        store, commits, files.stream().filter(file -> tables.contains(file.table())).toList());
  }

  /** Whether nothing was ever committed: there is no lake, or one without anything in it. */
  public boolean isEmpty() {
    return commits.isEmpty();
  }

  /** All files that count, by table, date and path. */
  public List<LakeFile> files() {
    return files;
  }

  /** The files of each table, by its name in the contract. */
  public SortedMap<String, List<LakeFile>> tables() {
    return files.stream()
        .collect(Collectors.groupingBy(LakeFile::table, TreeMap::new, Collectors.toList()));
  }

  /** A file's whole name. */
  public String locate(LakeFile file) {
    return store.locate(file.path());
  }

  /**
   * The offset at which reading has to go on, of each topic's partition that the lake holds changes
   * of, so that it misses none.
   */
  public Map<String, Map<Integer, Long>> topicOffsets() {
    Map<String, Map<Integer, Long>> offsets = new HashMap<>();
    // The newest commit of a part comes last.
    for (Commit commit : commits) {
      if (!commit.inputPart().isFile()) {
        offsets
            .computeIfAbsent(commit.source(), topic -> new HashMap<>())
            .put(commit.partition(), commit.resumeAt());
      }
    }
    return offsets;
  }

  /** What is wrong with the files that count: missing, or not as long as they were; else empty. */
  public List<String> check() {
    try {
      Map<String, Long> stored =
          store.walk("").stream()
              .collect(Collectors.toMap(FileStore.Stored::path, FileStore.Stored::bytes));
      List<String> faults = new ArrayList<>();
      for (LakeFile file : files) {
        Long bytes = stored.get(file.path());
        if (bytes == null) {
          faults.add(locate(file) + " is missing");
        } else if (bytes != file.bytes()) {
          faults.add(locate(file) + " has " + bytes + " bytes instead of " + file.bytes());
        }
      }
      return faults;
    } catch (IOException e) {
      throw new LakeException("The lake's files cannot be listed: " + e, e);
    }
  }

  /**
   * Deletes what attempts left behind that never came to a commit.
   *
   * @param age how old such a file has to be, so that none is taken from an attempt that goes on
   * @return how many were deleted
   */
  public int clean(Duration age) {
    Instant before = Instant.now().minus(age);
    Set<String> counted = files(commits).stream().map(LakeFile::path).collect(Collectors.toSet());
    int deleted = 0;
    try {
      for (FileStore.Stored file : store.walk("")) {
        if (isLeftOver(file.path(), counted) && file.modifiedAt().isBefore(before)) {
          store.delete(file.path());
          deleted++;
        }
      }
    } catch (IOException e) {
      throw new LakeException("The lake's files cannot be cleaned up: " + e, e);
    }
    return deleted;
  }

  private static boolean isLeftOver(String path, Set<String> counted) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return path.startsWith(LakePaths.MANIFEST + "/")
        ? name.startsWith(".")
        : path.startsWith(LakePaths.TABLE) && name.endsWith(".parquet") && !counted.contains(path);
  }

  /**
   * SQL for DuckDB that makes two views a table: {@code orders_log} of every record, and {@code
   * orders} of each change once, also where the log holds a change twice. Where a table is itself
   * called {@code orders_log}, the view is {@code orders_log_}.
   */
  public String duckDbViews() {
    Set<String> tables = files(commits).stream().map(LakeFile::table).collect(Collectors.toSet());
    StringBuilder sql = new StringBuilder();
    tables()
        .forEach(
            (table, ofTable) -> {
              String log = table + "_log";
              while (tables.contains(log)) {
                log += "_";
              }
              sql.append(DuckDbViews.of(table, log, ofTable, this::locate));
            });
    return sql.toString();
  }
}
