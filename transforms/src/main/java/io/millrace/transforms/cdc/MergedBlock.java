package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import java.util.BitSet;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;

/**
 * A block of changes with a bit for each that says whether the merge lets it through. The merge
 * hands over blocks, since its counts are an output too, and Flink in batch mode encodes whatever
 * leaves a step of several outputs.
 */
final class MergedBlock {
  static final KvCoder<byte[], byte[]> CODER = KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of());

  private final byte[] block;
  private final BitSet through = new BitSet();

  MergedBlock(byte[] block) {
    this.block = block;
  }

  /** Lets the change through that is at this place, from 0, in the block. */
  void letThrough(int place) {
    through.set(place);
  }

  void output(OutputReceiver<KV<byte[], byte[]>> out) {
    if (!through.isEmpty()) {
      out.output(KV.of(block, through.toByteArray()));
    }
  }

  /** Unpacks what the merge lets through. */
  static final class UnpackFn extends DoFn<KV<byte[], byte[]>, ChangeEvent> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<byte[], byte[]> merged, OutputReceiver<ChangeEvent> out) {
      BitSet through = BitSet.valueOf(merged.getValue());
      ChangeEventReader change = new ChangeEventReader(merged.getKey());
      for (int place = 0; change.next(); place++) {
        if (through.get(place)) {
          out.output(change.event());
        }
      }
    }
  }
}
