package io.millrace.pipelines.options;

import io.millrace.transforms.lake.WriteLake;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The directory that holds every change, and how its files are made. */
@Description("Lake")
public interface LakeOptions extends PipelineOptions {
  @Description(
      "The directory to write every change to, as Parquet: local or mounted. With or without a"
          + " warehouse.")
  @ValueName("DIR")
  @Nullable String getLake();

  void setLake(@Nullable String directory);

  @Description(
      "How much makes a file, at most: megabytes of changes before Parquet makes them small. Each"
          + " worker (files) or each partition (Kafka) needs memory for so much.")
  @Range(from = 1, to = 1024)
  @Default.Integer(WriteLake.DEFAULT_FILE_MEGABYTES)
  int getLakeFileMegabytes();

  void setLakeFileMegabytes(int megabytes);

  @Description("How many changes make a file, at most.")
  @Range(from = 1)
  @Default.Integer(WriteLake.DEFAULT_FILE_ROWS)
  int getLakeFileRows();

  void setLakeFileRows(int rows);

  @Description("How many seconds a change waits for its file, at most.")
  @Range(from = 1)
  @Default.Integer(WriteLake.DEFAULT_MAX_AGE_SECONDS)
  int getLakeMaxAgeSeconds();

  void setLakeMaxAgeSeconds(int seconds);

  @Description("Into how many files a table's keys are divided, by their hash.")
  @Range(from = 1, to = 1_000)
  @Default.Integer(1)
  int getLakeShards();

  void setLakeShards(int shards);
}
