package io.millrace.pipelines.evolve;

import io.millrace.transforms.entity.Evolved;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;

/** Makes rows of entities. */
final class EntityRowFn extends DoFn<KV<byte[], Evolved<byte[]>>, Row> {
  private static final long serialVersionUID = 1L;

  private final EntityFold fold;

  EntityRowFn(EntityFold fold) {
    this.fold = fold;
  }

  @ProcessElement
  public void process(@Element KV<byte[], Evolved<byte[]>> entity, OutputReceiver<Row> out) {
    out.output(fold.row(entity.getValue()));
  }
}
