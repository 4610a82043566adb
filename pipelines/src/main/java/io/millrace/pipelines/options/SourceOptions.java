package io.millrace.pipelines.options;

import io.millrace.schemas.format.ChangeFormat;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What the changes are, and the files they are in where they are not in Kafka. */
@Description("Source")
public interface SourceOptions extends PipelineOptions {
  @Description(
      "Files of one change a line (JSONL), plain or compressed, or of Avro (.avro): names and"
          + " globs, separated by commas. Either this or Kafka.")
  @ValueName("FILES")
  @Nullable String getInput();

  void setInput(@Nullable String files);

  @Description(
      "How long a line of a file may be, in bytes; a longer one stops the run, since a file that is"
          + " not lines should not end as one dead letter.")
  @Range(from = 1, to = 512 << 20)
  @Default.Integer(16 << 20)
  int getMaxLineBytes();

  void setMaxLineBytes(int bytes);

  @Description(
      "The format of the changes: the JSON of Debezium, Maxwell, Canal, Oracle GoldenGate (ogg), AWS"
          + " DMS, Kafka Connect's JDBC connectors or Google's Datastream, rows beside their keys"
          + " (upsert), business events that are rows by themselves (events), or Millrace's neutral"
          + " one (changes).")
  @Default.Enum("DEBEZIUM")
  ChangeFormat getFormat();

  void setFormat(ChangeFormat format);

  @Description(
      "Raise it by one when the source was rebuilt and counts its log positions anew, so that the"
          + " new changes count as newer than the old.")
  @Range(from = 0)
  @Default.Integer(0)
  int getPositionEpoch();

  void setPositionEpoch(int epoch);
}
