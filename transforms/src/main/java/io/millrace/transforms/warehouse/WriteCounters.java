package io.millrace.transforms.warehouse;

import io.millrace.transforms.quality.RunCounter;
import java.io.Serializable;

/** The live counts of a writer, added to once a batch. */
final class WriteCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RunCounter upserted = RunCounter.named("rows_upserted");
  private final RunCounter deleted = RunCounter.named("rows_deleted");
  private final RunCounter superseded = RunCounter.named("rows_superseded");
  private final RunCounter refused = RunCounter.named("rows_refused");
  private final RunCounter batches = RunCounter.named("batches");

  void add(BatchResult result) {
    upserted.add(result.rows().upserted());
    deleted.add(result.rows().deleted());
    superseded.add(result.superseded());
    refused.add(result.refused().size());
    batches.add(1);
  }
}
