package io.millrace.transforms.landing;

import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NumberedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@link WriteLanding} has committed to a directory: for each partition a gapless row of files
 * that together have each record once. A snapshot of when it was read; a file that has been
 * replaced since is still there for a day.
 */
public final class Landing {
  private final FileStore store;
  private final SortedMap<String, SortedMap<Integer, PartitionState>> partitions;

  private Landing(
      FileStore store, SortedMap<String, SortedMap<Integer, PartitionState>> partitions) {
    this.store = store;
    this.partitions = partitions;
  }

  /**
   * Reads the manifest of a landing; that of a directory without one is empty.
   *
   * @param directory local or mounted
   * @throws LandingException if it cannot be read, or a commit is missing
   * @throws IllegalArgumentException if the directory is not on a local file system
   */
  public static Landing at(String directory) {
    return at(FileStore.at(directory));
  }

  static Landing at(FileStore store) {
    SortedMap<String, SortedMap<Integer, PartitionState>> partitions = new TreeMap<>();
    try {
      LandingFormat.read(store);
      for (String folder : folders(store)) {
        PartitionState state =
            new PartitionManifest(store, folder).refresh(PartitionState.none("", 0));
        partitions
            .computeIfAbsent(state.topic(), topic -> new TreeMap<>())
            .put(state.partition(), state);
      }
    } catch (IOException e) {
      throw unreadable(store, e);
    }
    return new Landing(store, partitions);
  }

  /** What there is of one partition; an empty state if it was not landed. */
  static PartitionState state(FileStore store, String topic, int partition) {
    try {
      return new PartitionManifest(store, topic, partition)
          .refresh(PartitionState.none(topic, partition));
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  /**
   * What the landing in a directory was compacted for; empty if it has all records, or there is
   * none.
   *
   * @throws LandingException if it cannot be read, or was not compacted to its end
   */
  public static Optional<Compaction> compaction(String directory) {
    return compaction(FileStore.at(directory));
  }

  static Optional<Compaction> compaction(FileStore store) {
    try {
      Optional<Compaction> compaction = LandingFormat.read(store).map(LandingFormat::compaction);
      if (compaction.isPresent() && !CompactedLanding.isComplete(store)) {
        throw new LandingException(
            "The log in "
                + store.locate("")
                + " was not compacted to its end, and is not read; run compact again");
      }
      return compaction;
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  private static LandingException unreadable(FileStore store, IOException e) {
    return new LandingException("The landing in " + store.locate("") + " cannot be read: " + e, e);
  }

  /** The folders of the manifest that have commits. */
  static Iterable<String> folders(FileStore store) throws IOException {
    TreeSet<String> folders = new TreeSet<>();
    for (FileStore.Stored file : store.walk(LandingPaths.MANIFEST)) {
      int name = file.path().lastIndexOf('/') + 1;
      if (NumberedFiles.isNumbered(file.path().substring(name))) {
        folders.add(file.path().substring(0, name - 1));
      }
    }
    return folders;
  }

  /** Whether nothing was ever committed: there is no landing, or one without anything in it. */
  public boolean isEmpty() {
    return partitions.isEmpty();
  }

  /** The topics, sorted. */
  public List<String> topics() {
    return List.copyOf(partitions.keySet());
  }

  /** The partitions of a topic that were landed, sorted; none if the topic was not. */
  public List<Integer> partitions(String topic) {
    return List.copyOf(partitions.getOrDefault(topic, new TreeMap<>()).keySet());
  }

  /**
   * The files of a partition, by offset. Each begins where the one before ends.
   *
   * @throws IllegalArgumentException if the partition was not landed
   */
  public List<LandedFile> files(String topic, int partition) {
    return state(topic, partition).files();
  }

  /** All files, by topic, partition and offset. */
  public List<LandedFile> files() {
    List<LandedFile> files = new ArrayList<>();
    partitions.values().forEach(of -> of.values().forEach(state -> files.addAll(state.files())));
    return files;
  }

  /**
   * The first offset that was landed of a partition, and is still there.
   *
   * @throws IllegalArgumentException if the partition was not landed
   */
  public long begin(String topic, int partition) {
    return state(topic, partition).begin();
  }

  /**
   * The next offset of a partition that is to be landed.
   *
   * @throws IllegalArgumentException if the partition was not landed
   */
  public long end(String topic, int partition) {
    return state(topic, partition).end();
  }

  /** The next offsets to be landed, by topic and partition. */
  public Map<String, Map<Integer, Long>> ends() {
    Map<String, Map<Integer, Long>> ends = new HashMap<>();
    partitions.forEach(
        (topic, of) -> {
          Map<Integer, Long> ofTopic = new HashMap<>();
          of.forEach((partition, state) -> ofTopic.put(partition, state.end()));
          ends.put(topic, ofTopic);
        });
    return ends;
  }

  /** A file's whole name. */
  public String locate(LandedFile file) {
    return store.locate(file.path());
  }

  private PartitionState state(String topic, int partition) {
    PartitionState state = partitions.getOrDefault(topic, new TreeMap<>()).get(partition);
    if (state == null) {
      throw new IllegalArgumentException(
          "Partition " + partition + " of " + topic + " was not landed; there are " + ends());
    }
    return state;
  }

  /** SQL for DuckDB that makes a view of each topic's records, by the topic's name. */
  public String duckDbViews() {
    StringBuilder sql = new StringBuilder();
    for (String topic : topics()) {
      List<LandedFile> ofTopic = new ArrayList<>();
      partitions.get(topic).values().forEach(state -> ofTopic.addAll(state.files()));
      sql.append(TopicView.of(topic, ofTopic.stream().map(this::locate).toList()));
    }
    return sql.toString();
  }
}
