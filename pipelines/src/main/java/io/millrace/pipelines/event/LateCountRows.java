package io.millrace.pipelines.event;

import io.millrace.transforms.time.LateCounts;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.Row;

/** Late counts as rows of their table. */
final class LateCountRows extends SimpleFunction<LateCounts, Row> {
  private static final long serialVersionUID = 1L;

  static final Schema SCHEMA =
      Schema.builder()
          .addStringField("run")
          .addStringField("event")
          .addStringField("source")
          .addDateTimeField("hour")
          .addInt64Field("in_time")
          .addInt64Field("late")
          .addInt64Field("too_late")
          .build();

  private final String run;
  private final String event;

  LateCountRows(String run, String event) {
    this.run = run;
    this.event = event;
  }

  @Override
  public Row apply(LateCounts counts) {
    return Row.withSchema(SCHEMA)
        .addValues(
            run,
            event,
            counts.source(),
            counts.hour(),
            counts.inTime(),
            counts.late(),
            counts.tooLate())
        .build();
  }

  /** Counts only grow, so the greater are the newer. */
  static long position(Row row) {
    return row.getInt64("in_time") + row.getInt64("late") + row.getInt64("too_late");
  }
}
