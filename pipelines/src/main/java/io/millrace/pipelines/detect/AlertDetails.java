package io.millrace.pipelines.detect;

import io.millrace.transforms.pattern.Alert;
import io.millrace.transforms.pattern.MatchedEvent;
import java.util.HashMap;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;

/** The details of an alert: its events with their steps and times, and its measures. */
final class AlertDetails {
  private static final Schema EVENT =
      Schema.builder().addStringField("id").addStringField("step").addDateTimeField("at").build();

  static final Schema SCHEMA =
      Schema.builder()
          .addArrayField("events", FieldType.row(EVENT))
          .addMapField("measures", FieldType.STRING, FieldType.DOUBLE)
          .build();

  static Row of(Alert<JudgedEvent> alert) {
    return Row.withSchema(SCHEMA)
        .addValues(
            alert.events().stream().map(AlertDetails::event).toList(),
            new HashMap<>(alert.measures()))
        .build();
  }

  private static Row event(MatchedEvent<JudgedEvent> event) {
    return Row.withSchema(EVENT)
        .addValues(event.event().id(), event.stage(), event.timestamp())
        .build();
  }

  private AlertDetails() {}
}
