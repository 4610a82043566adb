package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;

/** Takes KafkaIO's wrapping off the blocks; some hold no record and only tell of a range. */
final class BlockFn extends DoFn<KafkaRecord<byte[], byte[]>, RecordBlock> {
  private static final long serialVersionUID = 1L;

  private final RunCounter recordsRead = RunCounter.named("records_read");

  @ProcessElement
  public void process(
      @Element KafkaRecord<byte[], byte[]> packed, OutputReceiver<RecordBlock> out) {
    byte[] records = packed.getKV().getValue();
    RecordBlock block =
        RecordBlock.of(
            packed.getTopic(),
            packed.getPartition(),
            BlockPacker.from(packed.getKV().getKey()),
            packed.getOffset() + 1,
            records);
    recordsRead.add(BlockPacker.count(packed.getKV().getKey()));
    out.output(block);
  }
}
