package io.millrace.transforms.compaction;

import io.millrace.transforms.block.PacketReader;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Chooses among the changes of all rows of a bucket; see {@link RowChoice}. */
final class ChooseFn extends DoFn<KV<Integer, Iterable<byte[]>>, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<byte[]>> bucket, OutputReceiver<KV<Integer, byte[]>> out) {
    RowChoices rows = new RowChoices();
    for (byte[] packet : bucket.getValue()) {
      rows.offer(new PacketReader(packet));
    }
    rows.chosen().forEach((part, places) -> out.output(KV.of(part, Places.encode(places))));
  }
}
