package io.millrace.pipelines.detect;

import io.millrace.transforms.pattern.Alert;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/** Makes rows of alerts, with these fields. */
final class AlertRows extends DoFn<Alert<JudgedEvent>, Row> {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, AlertField> fields;
  private final Schema schema;

  AlertRows(Map<String, AlertField> fields) {
    this.fields = new LinkedHashMap<>(fields);
    Schema.Builder builder = Schema.builder();
    fields.forEach((name, field) -> builder.addField(name, field.fieldType()));
    this.schema = builder.build();
  }

  Schema schema() {
    return schema;
  }

  @ProcessElement
  public void process(@Element Alert<JudgedEvent> alert, OutputReceiver<Row> out) {
    Row.Builder row = Row.withSchema(schema);
    fields.values().forEach(field -> row.addValue(field.of(alert)));
    out.output(row.build());
  }
}
