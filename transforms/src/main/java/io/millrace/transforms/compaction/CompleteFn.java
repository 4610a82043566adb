package io.millrace.transforms.compaction;

import io.millrace.transforms.landing.CompactedLanding;
import org.apache.beam.sdk.transforms.DoFn;

/** Lets the landing be read, once all partitions are committed. */
final class CompleteFn extends DoFn<Long, Void> {
  private static final long serialVersionUID = 1L;

  private final CompactLog settings;

  CompleteFn(CompactLog settings) {
    this.settings = settings;
  }

  @ProcessElement
  public void process() {
    CompactedLanding.of(settings.directory()).complete();
  }
}
