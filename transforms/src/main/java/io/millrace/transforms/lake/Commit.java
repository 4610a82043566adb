package io.millrace.transforms.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.transforms.lake.Ranges.Range;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An entry of the manifest: what was written of a range of one input part. Stored as JSON under its
 * number; nothing ever overwrites one.
 *
 * @param version of this format
 * @param sequence from 1, without gaps
 * @param source of the part
 * @param partition of the part
 * @param part its number
 * @param begin the offset at which the part was first read
 * @param added the ranges whose changes the files hold
 * @param covered the ranges of this and all earlier commits
 * @param fingerprint of the input, if it is a file
 * @param committedAt when, in ISO 8601
 * @param files none where the ranges hold no changes
 */
record Commit(
    int version,
    long sequence,
    String source,
    int partition,
    long part,
    long begin,
    List<Range> added,
    List<Range> covered,
    @Nullable FileFingerprint fingerprint,
    String committedAt,
    List<LakeFile> files) {
  static final int VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What stands before a part's first commit. */
  static Commit none(InputPart part, long begin) {
    return new Commit(
        VERSION,
        0,
        part.source(),
        part.partition(),
        part.number(),
        begin,
        List.of(),
        List.of(),
        null,
        "",
        List.of());
  }

  /** The commit after this one. */
  Commit next(
      long from, Ranges ranges, @Nullable FileFingerprint input, Instant now, List<LakeFile> more) {
    return new Commit(
        VERSION,
        sequence + 1,
        source,
        partition,
        part,
        Math.min(begin, from),
        ranges.list(),
        coverage().with(ranges).list(),
        input,
        now.toString(),
        more);
  }

  InputPart inputPart() {
    return new InputPart(source, partition, part);
  }

  Ranges coverage() {
    return new Ranges(covered);
  }

  /** Where to read on so that nothing is left out. */
  long resumeAt() {
    return coverage().firstMissing(begin);
  }

  byte[] toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A commit could not be written as JSON", e);
    }
  }

  /**
   * Reads a commit.
   *
   * @throws LakeException if it is none, or of a newer version
   */
  static Commit parse(byte[] json, String path) {
    Commit commit;
    try {
      commit = JSON.readValue(json, Commit.class);
    } catch (IOException e) {
      throw new LakeException(path + " of the lake is damaged: " + e.getMessage(), e);
    }
    if (commit.version > VERSION) {
      throw new LakeException(
          path + " of the lake has version " + commit.version + "; use a newer Millrace");
    }
    return commit;
  }
}
