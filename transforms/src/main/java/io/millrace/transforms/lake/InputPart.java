package io.millrace.transforms.lake;

import io.millrace.schemas.Origin;
import io.millrace.transforms.store.PathNames;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What has a sequence of commits of its own: a topic's partition, or 64 MiB (decompressed) of a
 * file, so that several workers write what one file holds. Its bounds depend on nothing but the
 * input.
 *
 * @param source see {@link Origin#source()}
 * @param partition the topic's, or {@link Origin#NO_PARTITION}
 * @param number which part of a file, from 0; 0 for a topic
 */
record InputPart(String source, int partition, long number) {
  private static final int FILE_PART_BITS = 26;

  /** The part that a record belongs to. */
  static InputPart of(String source, int partition, long offset) {
    return new InputPart(
        source, partition, partition == Origin.NO_PARTITION ? offset >> FILE_PART_BITS : 0);
  }

  boolean isFile() {
    return partition == Origin.NO_PARTITION;
  }

  /** The first offset that may belong to it. */
  long from() {
    return isFile() ? number << FILE_PART_BITS : 0;
  }

  /** The offset behind the last that may belong to it. */
  long to() {
    return isFile() ? (number + 1) << FILE_PART_BITS : Long.MAX_VALUE;
  }

  InputPart next() {
    return new InputPart(source, partition, number + 1);
  }

  /** Where its commits are, below the lake's directory. */
  String folder() {
    return LakePaths.MANIFEST + "/" + sourceFolder() + "/" + (isFile() ? number : partition);
  }

  private String sourceFolder() {
    if (!isFile()) {
      return "topic=" + PathNames.escape(source);
    }
    Path name = Path.of(source).getFileName();
    return "file="
        + PathNames.hash(source)
        + "-"
        + PathNames.escape(name == null ? "" : name.toString());
  }

  /** The beginning of the names of its data files. */
  String prefix() {
    return String.format(
        Locale.ROOT, "%s-%05d", PathNames.hash(source), isFile() ? number : partition);
  }

  @Override
  public String toString() {
    return isFile() ? source + " (part " + number + ")" : source + "-" + partition;
  }
}
