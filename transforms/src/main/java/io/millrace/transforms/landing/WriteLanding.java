package io.millrace.transforms.landing;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Writes the records of topics to Parquet files as they were received, and keeps a manifest that
 * names the files that count (see {@link Landing}).
 *
 * <p>Each offset once, whatever fails. A file has all that the log had of a partition from one
 * offset up to another, and ends at a multiple of {@link #withBlockOffsets} if not before. What
 * comes later is landed in files of their own, and when a block of offsets is complete, one file
 * replaces those that it was landed in. No two commits of a partition are at odds, on this run or
 * any other, and each goes on where the one before ended. What is read again is left out.
 *
 * <p>Nothing is left out in silence: where a record that comes does not follow what is landed, and
 * what is between does not come, the run fails with a {@link LandingException}.
 *
 * <p>Records wait in state until there is enough for files, or for the maximum age, or until the
 * input ends. Order: as in the partition, or a little out of it; the first block that comes of a
 * partition says where its landing begins. Input is in the global window, and headers are those
 * that its reader kept. Memory and state: up to {@link #withFileBytes} for each partition, as much
 * again while it is written, and a row group of 16 MB. The counters {@code
 * landing_records_written}, {@code landing_files_written} and {@code landing_blocks_known} (left
 * out, since they are landed) are in the namespace {@code millrace}.
 *
 * <pre>{@code
 * pipeline
 *     .apply(ReadTopics.from("broker:9092").topics(List.of("orders")).withHeaders())
 *     .apply(WriteLanding.to("/data/landing"));
 * }</pre>
 */
@AutoValue
public abstract class WriteLanding extends PTransform<PCollection<RecordBlock>, PDone> {
  /** How many offsets make a block, unless another number is chosen. */
  public static final int DEFAULT_BLOCK_OFFSETS = 100_000;

  /** Packed records that are written at once, unless another size is chosen. */
  public static final int DEFAULT_FILE_MEGABYTES = 32;

  /** How long a record waits for its file, unless another time is chosen. */
  public static final int DEFAULT_MAX_AGE_SECONDS = 60;

  abstract String directory();

  abstract @Nullable Long blockOffsets();

  abstract long fileBytes();

  abstract Duration maxAge();

  abstract Builder toBuilder();

  /**
   * Writes to a directory, which is made when it is needed.
   *
   * @param directory local or mounted
   */
  public static WriteLanding to(String directory) {
    return new AutoValue_WriteLanding.Builder()
        .setDirectory(directory)
        .setFileBytes((long) DEFAULT_FILE_MEGABYTES << 20)
        .setMaxAge(Duration.standardSeconds(DEFAULT_MAX_AGE_SECONDS))
        .build();
  }

  /**
   * How many offsets make a block, in a landing that is begun: {@value #DEFAULT_BLOCK_OFFSETS}
   * unless said otherwise. A landing keeps its number for its life.
   *
   * @throws IllegalArgumentException if {@code offsets} is not positive
   */
  public WriteLanding withBlockOffsets(long offsets) {
    return toBuilder().setBlockOffsets(positive("blockOffsets", offsets)).build();
  }

  /**
   * After how many bytes of records, as they are packed before Parquet, files are written.
   *
   * @throws IllegalArgumentException if {@code bytes} is not positive
   */
  public WriteLanding withFileBytes(long bytes) {
    return toBuilder().setFileBytes(positive("fileBytes", bytes)).build();
  }

  /**
   * After what time a record is written, whether or not there is more: the delay of the landing.
   *
   * @throws IllegalArgumentException if {@code age} is not positive
   */
  public WriteLanding withMaxAge(Duration age) {
    positive("maxAge", age.getMillis());
    return toBuilder().setMaxAge(age).build();
  }

  /**
   * Begins the landing if it is not there yet, so that a launcher can say in time that it cannot be
   * written to.
   *
   * @throws LandingException if so, or if the landing has blocks of another size than was asked for
   * @throws IllegalArgumentException if the directory is not on a local file system
   */
  public void check() {
    FileStore store = FileStore.at(directory());
    try {
      store.check();
      LandingFormat format = LandingFormat.begin(store, settings().blockOffsets());
      Long wanted = blockOffsets();
      if (wanted != null && format.blockOffsets() != wanted) {
        throw new LandingException(
            "The landing in "
                + directory()
                + " has blocks of "
                + format.blockOffsets()
                + " offsets for its life, and "
                + wanted
                + " are asked for; leave that out, or give another directory");
      }
    } catch (IOException e) {
      throw new LandingException(
          "The landing cannot be written to " + directory() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public PDone expand(PCollection<RecordBlock> input) {
    if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "WriteLanding needs its input in the global window, got "
              + input.getWindowingStrategy().getWindowFn());
    }
    input
        .apply(
            "KeyByPartition",
            WithKeys.of((RecordBlock block) -> block.source() + "\n" + block.partition())
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordBlockCoder.of()))
        .apply("Land", ParDo.of(new LandBufferFn(settings())));
    return PDone.in(input.getPipeline());
  }

  LandingSettings settings() {
    Long offsets = blockOffsets();
    return new LandingSettings(
        directory(), offsets == null ? DEFAULT_BLOCK_OFFSETS : offsets, fileBytes(), maxAge());
  }

  private static long positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, got " + value);
    }
    return value;
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("directory", directory()))
        .addIfNotNull(DisplayData.item("blockOffsets", blockOffsets()))
        .add(DisplayData.item("fileBytes", fileBytes()))
        .add(DisplayData.item("maxAge", maxAge()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setDirectory(String directory);

    abstract Builder setBlockOffsets(Long offsets);

    abstract Builder setFileBytes(long bytes);

    abstract Builder setMaxAge(Duration age);

    abstract WriteLanding build();
  }
}
