package io.millrace.transforms.quality;

import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What dead letters a directory holds: how many of each kind, each letter once, however many lines
 * it stands on. It reads all files where it is called.
 */
public final class DeadLetterScan {
  private static final int MOST_PLACES = 20;

  private final SortedMap<Kind, Count> kinds = new TreeMap<>();
  private final List<String> damagedPlaces = new ArrayList<>();
  private long damaged;

  /**
   * Letters that are counted together.
   *
   * @param table where known
   * @param reason why they failed last
   */
  public record Kind(@Nullable String table, DeadLetter.Stage stage, Reason reason)
      implements Comparable<Kind> {
    private static final Comparator<Kind> ORDER =
        Comparator.comparing(Kind::table, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Kind::stage)
            .thenComparing(Kind::reason);

    /** The kind of a letter that was sent again. */
    public static Kind of(RetryMark mark) {
      return new Kind(mark.table(), mark.stage(), mark.reason());
    }

    @Override
    public int compareTo(Kind other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * How many letters of a kind there are.
   *
   * @param waiting to be sent again
   * @param failedAgain of these, how many were sent again before
   * @param done sent again, with success
   */
  public record Count(long waiting, long failedAgain, long done) {
    Count plus(@Nullable RetryMark mark) {
      boolean isDone = mark != null && mark.done();
      return new Count(
          waiting + (isDone ? 0 : 1),
          failedAgain + (mark != null && !isDone ? 1 : 0),
          done + (isDone ? 1 : 0));
    }
  }

  /**
   * Counts the letters of a directory that are meant.
   *
   * @throws FileNotFoundException if it is local and not there
   */
  public static DeadLetterScan of(String directory, DeadLetterFilter filter) throws IOException {
    ResourceId folder = DeadLetterFiles.resource(directory);
    if (DeadLetterFiles.isLocal(folder) && !Files.isDirectory(Path.of(folder.toString()))) {
      throw new FileNotFoundException("there is no directory " + directory);
    }
    DeadLetterScan scan = new DeadLetterScan();
    Map<String, RetryMark> marks = RetryMarks.in(directory).load();
    Map<String, Found> letters = new HashMap<>();
    for (Metadata file :
        FileSystems.match(DeadLetters.filesIn(directory), EmptyMatchTreatment.ALLOW).metadata()) {
      scan.read(file, marks, filter, letters);
    }
    letters.values().forEach(scan::count);
    return scan;
  }

  /** A letter, as it was rejected last. */
  private record Found(Kind kind, long rejectedAtMillis, @Nullable RetryMark mark) {
    static Found later(Found one, Found other) {
      return one.rejectedAtMillis >= other.rejectedAtMillis ? one : other;
    }
  }

  private DeadLetterScan() {}

  private void read(
      Metadata file,
      Map<String, RetryMark> marks,
      DeadLetterFilter filter,
      Map<String, Found> letters)
      throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            Channels.newReader(FileSystems.open(file.resourceId()), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isEmpty()) {
          continue;
        }
        DeadLetter letter = parse(line);
        if (letter == null) {
          damaged(file.resourceId() + ":" + number);
          continue;
        }
        String id = LetterId.of(letter);
        RetryMark mark = RetryMark.about(letter, marks, id);
        if (filter.accepts(letter, mark)) {
          Reason reason = mark == null ? letter.reason() : mark.reason();
          Kind kind = new Kind(letter.table(), letter.stage(), reason);
          letters.merge(id, new Found(kind, letter.rejectedAtMillis(), mark), Found::later);
        }
      }
    }
  }

  private void count(Found letter) {
    kinds.put(
        letter.kind(), kinds.getOrDefault(letter.kind(), new Count(0, 0, 0)).plus(letter.mark()));
  }

  private static @Nullable DeadLetter parse(String line) {
    try {
      return DeadLetters.parse(line);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void damaged(String place) {
    damaged++;
    if (damagedPlaces.size() < MOST_PLACES) {
      damagedPlaces.add(place);
    }
  }

  /** The letters by kind. */
  public SortedMap<Kind, Count> kinds() {
    return kinds;
  }

  /** How many letters wait to be sent again. */
  public long waiting() {
    return kinds.values().stream().mapToLong(Count::waiting).sum();
  }

  /** How many lines hold no dead letter, whatever the filter. */
  public long damaged() {
    return damaged;
  }

  /** Where the first of these lines are, as {@code file:line}. */
  public List<String> damagedPlaces() {
    return damagedPlaces;
  }
}
