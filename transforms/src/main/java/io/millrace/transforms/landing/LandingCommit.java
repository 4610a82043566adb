package io.millrace.transforms.landing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An entry of a partition's manifest: what changed. Stored as JSON under its number; nothing ever
 * overwrites one.
 *
 * @param version of this format
 * @param sequence from 1, without gaps
 * @param begin the first offset that the landing has of the partition
 * @param end the offset behind the last
 * @param added files that count from now on
 * @param removed the paths of files that count no longer
 * @param committedAt when, in ISO 8601
 * @param millrace the version of the program; empty if it is not packaged
 * @param checkpoint all there is, in some commits, so that no reader has to begin with the first
 */
record LandingCommit(
    int version,
    long sequence,
    String topic,
    int partition,
    long begin,
    long end,
    List<LandedFile> added,
    List<String> removed,
    String committedAt,
    String millrace,
    @Nullable Checkpoint checkpoint) {
  static final int VERSION = 1;

  /** Every so many commits, one is a checkpoint. */
  static final int CHECKPOINT_EVERY = 64;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * What a partition has after a commit.
   *
   * @param files that count, in order
   * @param removed paths of files that do not count any more, with the time of the commit
   */
  record Checkpoint(List<LandedFile> files, Map<String, String> removed) {}

  /** The number of the last checkpoint up to a commit; 0 if there is none. */
  static long checkpointBefore(long sequence) {
    return sequence / CHECKPOINT_EVERY * CHECKPOINT_EVERY;
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A commit could not be written as JSON", e);
    }
  }

  /**
   * Reads a commit.
   *
   * @throws LandingException if it is none, or of a newer version
   */
  static LandingCommit parse(byte[] json, String path) {
    LandingCommit commit;
    try {
      commit = JSON.readValue(json, LandingCommit.class);
    } catch (IOException e) {
      throw new LandingException(
          path + " of the landing is damaged: " + e.getMessage() + "; bring it back from a copy",
          e);
    }
    if (commit.version > VERSION) {
      throw new LandingException(
          path + " of the landing has version " + commit.version + "; use a newer Millrace");
    }
    return commit;
  }
}
