package io.millrace.pipelines.lake;

import io.millrace.pipelines.options.GeneralOptions;
import io.millrace.pipelines.options.ValueName;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options of {@link LakeCommand}. */
@Description("Lake")
public interface LakeCommandOptions extends GeneralOptions {
  /** What of a lake is shown. */
  enum Show {
    /** Files, changes and days of each table. */
    SUMMARY,
    /** The names of the files that count. */
    FILES,
    /** Views for DuckDB. */
    VIEWS
  }

  @Description("The directory that replicate --lake=DIR wrote to.")
  @ValueName("DIR")
  @Validation.Required
  String getLake();

  void setLake(String directory);

  @Description(
      "What to print: a summary of each table, the files that count, or SQL that makes views in"
          + " DuckDB.")
  @Default.Enum("SUMMARY")
  Show getShow();

  void setShow(Show show);

  @Description("Only this table, by its name in the contract.")
  @ValueName("TABLE")
  @Nullable String getTable();

  void setTable(@Nullable String table);
}
