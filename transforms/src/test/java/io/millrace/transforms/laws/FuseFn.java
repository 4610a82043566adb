package io.millrace.transforms.laws;

import io.millrace.schemas.ChangeEvent;
import org.apache.beam.sdk.transforms.DoFn;

/** Passes changes on, past a {@link Fuse}. */
final class FuseFn extends DoFn<ChangeEvent, ChangeEvent> {
  private static final long serialVersionUID = 1L;

  private final Fuse fuse;

  FuseFn(Fuse fuse) {
    this.fuse = fuse;
  }

  @ProcessElement
  public void process(@Element ChangeEvent change, OutputReceiver<ChangeEvent> out) {
    fuse.pass();
    out.output(change);
  }
}
