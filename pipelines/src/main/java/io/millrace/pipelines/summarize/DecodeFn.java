package io.millrace.pipelines.summarize;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.image.EventRows;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/** Decodes what is needed of events, which are of one type. */
final class DecodeFn extends DoFn<BusinessEvent, Row> {
  private static final long serialVersionUID = 1L;

  private final EventRows rows;

  DecodeFn(EventRows rows) {
    this.rows = rows;
  }

  @ProcessElement
  public void process(@Element BusinessEvent event, OutputReceiver<Row> out) {
    out.output(rows.row(event));
  }
}
