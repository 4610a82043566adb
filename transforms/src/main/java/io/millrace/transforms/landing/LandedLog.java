package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What was landed of one partition, when it was looked at. Where several landings have an offset,
 * the first of them is read: a compacted one before that which it was made of.
 */
public final class LandedLog {
  /** What is read of one file. */
  private record Piece(String directory, LandedFile file, long from, long to) {}

  /**
   * What is read of one file.
   *
   * @param records how many the file has, also outside of the range
   */
  public record Span(long from, long to, long records) {}

  /** By the first offset of each. */
  private final NavigableMap<Long, Piece> pieces;

  private final long compactedEnd;

  private LandedLog(NavigableMap<Long, Piece> pieces, long compactedEnd) {
    this.pieces = pieces;
    this.compactedEnd = compactedEnd;
  }

  /**
   * Looks for a partition.
   *
   * @param directories of landings of the same topics, the first of which goes before the others
   * @throws LandingException if one cannot be read, or a commit is missing
   */
  public static LandedLog of(List<String> directories, String topic, int partition) {
    NavigableMap<Long, Piece> pieces = new TreeMap<>();
    long compactedEnd = Long.MIN_VALUE;
    for (String directory : directories) {
      FileStore store = FileStore.at(directory);
      boolean isCompacted = Landing.compaction(store).isPresent();
      PartitionState state = Landing.state(store, topic, partition);
      for (LandedFile file : state.files()) {
        add(pieces, directory, file);
      }
      if (isCompacted && !state.isEmpty()) {
        compactedEnd = Math.max(compactedEnd, state.end());
      }
    }
    return new LandedLog(pieces, compactedEnd);
  }

  /** Adds what a file has and none before it. */
  private static void add(NavigableMap<Long, Piece> pieces, String directory, LandedFile file) {
    List<Piece> added = new ArrayList<>();
    Map.Entry<Long, Piece> before = pieces.floorEntry(file.from());
    long position = before == null ? file.from() : Math.max(file.from(), before.getValue().to);
    for (Piece known : pieces.subMap(file.from(), false, file.to(), false).values()) {
      if (position < known.from) {
        added.add(new Piece(directory, file, position, known.from));
      }
      position = known.to;
    }
    if (position < file.to()) {
      added.add(new Piece(directory, file, position, file.to()));
    }
    added.forEach(piece -> pieces.put(piece.from, piece));
  }

  /**
   * The topics that were landed, and their partitions.
   *
   * @throws LandingException if a landing cannot be read
   */
  public static SortedMap<String, SortedSet<Integer>> partitions(List<String> directories) {
    SortedMap<String, SortedSet<Integer>> all = new TreeMap<>();
    for (String directory : directories) {
      Landing landing = Landing.at(directory);
      for (String topic : landing.topics()) {
        all.computeIfAbsent(topic, key -> new TreeSet<>()).addAll(landing.partitions(topic));
      }
    }
    return all;
  }

  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** The first offset; there must be one. */
  public long begin() {
    return pieces.firstEntry().getValue().from;
  }

  /** The offset behind the last; there must be one. */
  public long end() {
    return pieces.lastEntry().getValue().to;
  }

  /** The offset up to which records may be missing that later ones make needless. */
  public OptionalLong compactedEnd() {
    return compactedEnd == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(compactedEnd);
  }

  /** What is read of each file, in the order of offsets. */
  public List<Span> spans() {
    return pieces.values().stream().map(LandedLog::span).toList();
  }

  private static Span span(Piece piece) {
    return new Span(piece.from, piece.to, piece.file.records());
  }

  /** What is read of the file that an offset is in; null if it was not landed. */
  public @Nullable Span span(long offset) {
    Piece piece = piece(offset);
    return piece == null ? null : span(piece);
  }

  private @Nullable Piece piece(long offset) {
    Map.Entry<Long, Piece> piece = pieces.floorEntry(offset);
    return piece == null || offset >= piece.getValue().to ? null : piece.getValue();
  }

  /**
   * Opens the file that an offset is in, there; null if it was not landed.
   *
   * @throws LandingException if the file is missing, or not as it was written
   */
  public @Nullable LandedRecords open(long offset, boolean headers) {
    Piece piece = piece(offset);
    return piece == null ? null : LandedRecords.open(piece.directory, piece.file, offset, headers);
  }

  /**
   * Opens the file that an offset is in, there.
   *
   * @throws LandingException if it was not landed, or the file is missing, or not as it was written
   */
  public LandedRecords records(long offset, boolean headers) {
    LandedRecords records = open(offset, headers);
    if (records == null) {
      throw new LandingException("Offset " + offset + " was landed, and is not there any more");
    }
    return records;
  }

  /**
   * The first offset whose record is of a time or later; empty if there is none.
   *
   * @throws LandingException if a file is missing, or not as it was written
   */
  public OptionalLong offsetAt(long millis) {
    for (Piece piece : pieces.values()) {
      Long newest = piece.file.maxTimestamp();
      if (newest != null && newest >= millis) {
        OptionalLong found = offsetAt(piece, millis);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong offsetAt(Piece piece, long millis) {
    try (LandedRecords landed =
        LandedRecords.open(piece.directory, piece.file, piece.from, false)) {
      for (RecordBlock block = landed.next(); block != null; block = landed.next()) {
        RecordBlock.Cursor records = block.records();
        while (records.next()) {
          if (records.timestampMillis() >= millis && records.offset() < piece.to) {
            return OptionalLong.of(records.offset());
          }
        }
      }
    }
    return OptionalLong.empty();
  }
}
