package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The lines of the files that match some patterns, in blocks. Split, it is the lines of some ranges
 * of these files; one file can be split, and several small ones can be in one split.
 *
 * <p>Not a {@code FileBasedSource}: that takes one pattern, would read a file twice that matches
 * two, and makes a split of every small file. A split's reader never gives work away, so a block
 * never crosses the end of its split.
 */
final class FileSource extends BoundedSource<RecordBlock> {
  private static final long serialVersionUID = 1L;

  /** So that a runner that asks for two bundles does not hold half of a large file as one. */
  private static final long MOST_BUNDLE_BYTES = 64L << 20;

  /** Below this, starting to read takes longer than reading. */
  private static final long LEAST_BUNDLE_BYTES = 1L << 20;

  private final Settings settings;
  private final @Nullable List<FileRange> split;

  /**
   * What every part of the source knows.
   *
   * @param maxLineBytes how long a line may be
   * @param maxNumberedBytes how large a file may be whose lines are numbered where a split does not
   *     begin with the file, since that takes reading what is before
   */
  record Settings(List<String> patterns, int maxLineBytes, long maxNumberedBytes)
      implements Serializable {}

  FileSource(Settings settings) {
    this(settings, null);
  }

  FileSource(Settings settings, @Nullable List<FileRange> split) {
    this.settings = settings;
    this.split = split;
  }

  @Override
  public List<FileSource> split(long desiredBundleBytes, PipelineOptions options) {
    long most = Math.max(LEAST_BUNDLE_BYTES, Math.min(MOST_BUNDLE_BYTES, desiredBundleBytes));
    List<FileSource> splits = new ArrayList<>();
    List<FileRange> group = new ArrayList<>();
    long grouped = 0;
    for (FileRange range : ranges()) {
      for (FileRange piece : range.cut(most)) {
        if (!group.isEmpty() && grouped + piece.length() > most) {
          splits.add(new FileSource(settings, List.copyOf(group)));
          group.clear();
          grouped = 0;
        }
        group.add(piece);
        grouped += piece.length();
      }
    }
    if (!group.isEmpty()) {
      splits.add(new FileSource(settings, List.copyOf(group)));
    }
    return splits;
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return ranges().stream().mapToLong(FileRange::length).sum();
  }

  @Override
  public BoundedReader<RecordBlock> createReader(PipelineOptions options) {
    return new FileReader(this, ranges(), settings);
  }

  @Override
  public Coder<RecordBlock> getOutputCoder() {
    return RecordBlockCoder.of();
  }

  private List<FileRange> ranges() {
    return split == null ? FilePatterns.match(settings.patterns()) : split;
  }

  @Override
  public String toString() {
    return "FileSource(" + (split == null ? settings.patterns() : split) + ")";
  }
}
