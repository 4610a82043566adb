package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import org.apache.beam.sdk.transforms.DoFn;

/** Takes blocks apart; the images stay slices of the block. */
final class UnpackFn extends DoFn<ChangeBlock, ChangeEvent> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(@Element ChangeBlock block, OutputReceiver<ChangeEvent> out) {
    ChangeEventReader change = block.changes();
    while (change.next()) {
      out.output(change.event());
    }
  }
}
