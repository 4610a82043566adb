package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.LandedRecords;
import io.millrace.transforms.landing.Landing;
import java.util.List;
import java.util.OptionalLong;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What was landed of one partition, when it was looked at.
 *
 * @param landing its directory; null if there is none
 * @param files in the order of their offsets
 */
record LandedLog(@Nullable String landing, List<LandedFile> files) {

  static LandedLog of(LogSettings settings, String topic, int partition) {
    if (settings.landing() == null) {
      return new LandedLog(null, List.of());
    }
    Landing landing = Landing.at(settings.landing());
    return new LandedLog(
        settings.landing(),
        landing.partitions(topic).contains(partition)
            ? landing.files(topic, partition)
            : List.of());
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** The first offset; there must be one. */
  long begin() {
    return files.get(0).from();
  }

  /** The offset behind the last; there must be one. */
  long end() {
    return files.get(files.size() - 1).to();
  }

  /** The file that an offset is in, or null. */
  @Nullable LandedFile file(long offset) {
    for (LandedFile file : files) {
      if (file.from() <= offset && offset < file.to()) {
        return file;
      }
    }
    return null;
  }

  /** Opens the file that an offset is in, there; null if it is in none. */
  @Nullable LandedRecords open(long offset) {
    LandedFile file = file(offset);
    return file == null ? null : LandedRecords.open(landing, file, offset, false);
  }

  /** The first offset whose record is of a time or later; empty if there is none. */
  OptionalLong offsetAt(long millis) {
    for (LandedFile file : files) {
      if (file.maxTimestamp() != null && file.maxTimestamp() >= millis) {
        try (LandedRecords records = LandedRecords.open(landing, file, file.from(), false)) {
          return OptionalLong.of(offsetAt(records, millis));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static long offsetAt(LandedRecords landed, long millis) {
    for (RecordBlock block = landed.next(); block != null; block = landed.next()) {
      RecordBlock.Cursor records = block.records();
      while (records.next()) {
        if (records.timestampMillis() >= millis) {
          return records.offset();
        }
      }
    }
    throw new IllegalStateException("No record of a landed file has its greatest timestamp");
  }
}
