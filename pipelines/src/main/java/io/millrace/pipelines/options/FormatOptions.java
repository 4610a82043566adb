package io.millrace.pipelines.options;

import io.millrace.schemas.format.ChangeFormat;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What the changes are. */
@Description("Format")
public interface FormatOptions extends PipelineOptions {
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
