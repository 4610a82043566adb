package io.millrace.pipelines.audit;

import io.millrace.pipelines.options.Range;
import io.millrace.pipelines.options.ValueName;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What is compared, how, and what is said of it. */
@Description("Comparison")
public interface ComparisonOptions extends PipelineOptions {
  @Description("The data contract (ODCS v3, YAML) with the tables, keys, columns and types.")
  @ValueName("FILE")
  @Validation.Required
  String getContract();

  void setContract(String file);

  @Description("What the names of all tables in the target begin with, as for replicate.")
  @ValueName("TEXT")
  @Nullable String getTablePrefix();

  void setTablePrefix(@Nullable String prefix);

  @Description("What the names of all tables in the target end with, as for replicate.")
  @ValueName("TEXT")
  @Nullable String getTableSuffix();

  void setTableSuffix(@Nullable String suffix);

  @Description("Only these tables, by their names in the contract; all unless given.")
  @ValueName("TABLE,...")
  @Nullable String getTables();

  void setTables(@Nullable String tables);

  @Description(
      "How long one side may take to follow the other, while both are written to: a row that is not"
          + " the same counts as different once neither side has changed it for so long. 0: nothing"
          + " is written.")
  @Range(from = 0, to = 86_400)
  @Default.Integer(10)
  int getLagSeconds();

  void setLagSeconds(int seconds);

  @Description("How many rows are shown of each finding in a table.")
  @Range(from = 0, to = 10_000)
  @Default.Integer(10)
  int getExamples();

  void setExamples(int examples);

  @Description("Shows the values of columns that hold personal data, too.")
  boolean getShowPersonalData();

  void setShowPersonalData(boolean show);

  @Description("Where to write the report as JSON, too; - writes it to standard output instead.")
  @ValueName("FILE")
  @Nullable String getJson();

  void setJson(@Nullable String file);

  @Description("How many rows are read from each side in a second, about; 0: as fast as they come.")
  @Range(from = 0, to = 100_000_000)
  @Default.Integer(0)
  int getMaxRowsPerSecond();

  void setMaxRowsPerSecond(int rows);

  @Description("How many rows of a table are looked at one by one, at most.")
  @Range(from = 1, to = 10_000_000)
  @Default.Integer(100_000)
  int getMaxSuspects();

  void setMaxSuspects(int rows);

  @Description("After how many seconds a statement is given up; 0: never.")
  @Range(from = 0, to = 86_400)
  @Default.Integer(600)
  int getStatementSeconds();

  void setStatementSeconds(int seconds);
}
