package io.millrace.transforms.lake;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeBlockCoder;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * Writes every change to Parquet files, in folders {@code table=orders/commit_date=2026-01-31} (the
 * day in UTC on which the source committed it), and keeps a manifest that names the files that
 * count (see {@link LakeManifest}). Values have the contract's types at full precision.
 *
 * <p>Exactly once, whatever fails: a commit names the files of a range of the input (offsets of a
 * topic's partition, bytes of a file), and no two commits of one input overlap, on this run or any
 * other. What is read again, after a restart with or without a checkpoint, is left out. Files that
 * no commit names are left over from attempts that failed; readers pass over them and {@link
 * LakeManifest#clean} deletes them. A record that stands in the log twice is two rows; {@link
 * LakeManifest#duckDbViews} shows each change once.
 *
 * <p>Bounded input is written as it is read, by the end of each bundle at the latest; unbounded
 * input waits in state until there is enough for a file, or for the maximum age. Order: any. Input
 * is in the global window. Memory and state: up to {@link #withFileBytes} for each worker thread
 * (bounded) or input partition (unbounded), half as much again while it is written, and one Parquet
 * file's buffers.
 *
 * <p>Output: by table and once a bundle, how many changes were written ({@code accepted}) and how
 * many the lake held already ({@code duplicate}), truncates not counted; for {@link
 * io.millrace.transforms.quality.SumCounts}.
 *
 * <p>An input file must not change but by growing; another file under its name fails the run with a
 * {@link LakeException}. The counters {@code lake_rows_written}, {@code lake_files_written} and
 * {@code lake_changes_known} (left out, since the lake holds them) are in the namespace {@code
 * millrace}.
 *
 * <pre>{@code
 * ParsedChanges parsed =
 *     blocks.apply(ParseChanges.as(DEBEZIUM, contract).withOutput(ParseChanges.Output.BLOCKS));
 * parsed.blocks().apply(WriteLake.to("/data/lake", contract));
 * }</pre>
 */
@AutoValue
public abstract class WriteLake
    extends PTransform<PCollection<ChangeBlock>, PCollection<KV<String, ChangeCounts>>> {
  /** Packed changes that make a file, unless another size is chosen. */
  public static final int DEFAULT_FILE_MEGABYTES = 32;

  /** Changes that make a file, unless another number is chosen. */
  public static final int DEFAULT_FILE_ROWS = 500_000;

  /** How long a change waits for its file, unless another time is chosen. */
  public static final int DEFAULT_MAX_AGE_SECONDS = 60;

  abstract String directory();

  abstract Contract contract();

  abstract UnknownColumns unknownColumns();

  abstract long fileBytes();

  abstract long fileRows();

  abstract Duration maxAge();

  abstract int shards();

  abstract Builder toBuilder();

  /**
   * Writes to a directory, which is made when it is needed.
   *
   * @param directory local or mounted
   * @param contract of the tables whose changes come
   */
  public static WriteLake to(String directory, Contract contract) {
    return new AutoValue_WriteLake.Builder()
        .setDirectory(directory)
        .setContract(contract)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .setFileBytes((long) DEFAULT_FILE_MEGABYTES << 20)
        .setFileRows(DEFAULT_FILE_ROWS)
        .setMaxAge(Duration.standardSeconds(DEFAULT_MAX_AGE_SECONDS))
        .setShards(1)
        .build();
  }

  /** Whether columns that the contract does not know are kept in {@code _extra}; by default so. */
  public WriteLake withUnknownColumns(UnknownColumns unknownColumns) {
    return toBuilder().setUnknownColumns(unknownColumns).build();
  }

  /**
   * After how many bytes of changes, as they are packed before Parquet, files are written. What one
   * commit holds is spread over a file for each table, day and shard.
   *
   * @throws IllegalArgumentException if {@code bytes} is not positive
   */
  public WriteLake withFileBytes(long bytes) {
    return toBuilder().setFileBytes(positive("fileBytes", bytes)).build();
  }

  /**
   * After how many changes files are written.
   *
   * @throws IllegalArgumentException if {@code rows} is not positive
   */
  public WriteLake withFileRows(long rows) {
    return toBuilder().setFileRows(positive("fileRows", rows)).build();
  }

  /**
   * After what time a change is written, whether or not there is more: the delay of the lake.
   *
   * @throws IllegalArgumentException if {@code age} is not positive
   */
  public WriteLake withMaxAge(Duration age) {
    positive("maxAge", age.getMillis());
    return toBuilder().setMaxAge(age).build();
  }

  /**
   * Into how many files the keys of a table are divided, by their hash; all changes of a key are in
   * files of one shard. One by default.
   *
   * @throws IllegalArgumentException if {@code shards} is not from 1 to 1,000
   */
  public WriteLake withShards(int shards) {
    if (shards < 1 || shards > 1_000) {
      throw new IllegalArgumentException("shards must be from 1 to 1000, got " + shards);
    }
    return toBuilder().setShards(shards).build();
  }

  /**
   * Makes the directory if it is not there yet, so that a launcher can say in time that it cannot
   * be written to.
   *
   * @throws LakeException if so
   * @throws IllegalArgumentException if the directory is not on a local file system
   */
  public void check() {
    try {
      FileStore.at(directory()).check();
    } catch (IOException e) {
      throw new LakeException(
          "The lake cannot be written to " + directory() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public PCollection<KV<String, ChangeCounts>> expand(PCollection<ChangeBlock> input) {
    if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "WriteLake needs its input in the global window, got "
              + input.getWindowingStrategy().getWindowFn());
    }
    LakeSettings settings = settings();
    KvCoder<String, ChangeCounts> counts = KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of());
    if (input.isBounded() == PCollection.IsBounded.BOUNDED) {
      return input.apply("Write", ParDo.of(new WriteBundleFn(settings))).setCoder(counts);
    }
    return input
        .apply(
            "KeyByPartition",
            WithKeys.of((ChangeBlock block) -> block.source() + "\n" + block.partition())
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeBlockCoder.of()))
        .apply("Write", ParDo.of(new WriteBufferFn(settings)))
        .setCoder(counts);
  }

  LakeSettings settings() {
    return new LakeSettings(
        directory(), contract(), unknownColumns(), fileBytes(), fileRows(), maxAge(), shards());
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
        .add(DisplayData.item("unknownColumns", unknownColumns().name()))
        .add(DisplayData.item("fileBytes", fileBytes()))
        .add(DisplayData.item("fileRows", fileRows()))
        .add(DisplayData.item("maxAge", maxAge()))
        .add(DisplayData.item("shards", shards()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setDirectory(String directory);

    abstract Builder setContract(Contract contract);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setFileBytes(long bytes);

    abstract Builder setFileRows(long rows);

    abstract Builder setMaxAge(Duration age);

    abstract Builder setShards(int shards);

    abstract WriteLake build();
  }
}
