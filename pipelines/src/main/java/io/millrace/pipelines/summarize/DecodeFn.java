package io.millrace.pipelines.summarize;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.image.EventRows;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/** Decodes of the events of one type what is needed of them. */
final class DecodeFn extends DoFn<BusinessEvent, Row> {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final EventRows rows;

  DecodeFn(String type, EventRows rows) {
    this.type = type;
    this.rows = rows;
  }

  @ProcessElement
  public void process(@Element BusinessEvent event, OutputReceiver<Row> out) {
    if (event.type().equals(type)) {
      out.output(rows.row(event));
    }
  }
}
