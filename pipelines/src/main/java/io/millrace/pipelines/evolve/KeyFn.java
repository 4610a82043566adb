package io.millrace.pipelines.evolve;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.image.EventRows;
import io.millrace.schemas.image.ValueKey;
import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Keys events by their entity. */
final class KeyFn extends DoFn<BusinessEvent, KV<byte[], BusinessEvent>> {
  private static final long serialVersionUID = 1L;

  private final EventRows keys;
  private final RunCounter withoutKeyCounter = RunCounter.named("events_without_key");
  private transient long withoutKey;

  KeyFn(EventRows keys) {
    this.keys = keys;
  }

  @StartBundle
  public void startBundle() {
    withoutKey = 0;
  }

  @ProcessElement
  public void process(@Element BusinessEvent event, OutputReceiver<KV<byte[], BusinessEvent>> out) {
    byte[] key = ValueKey.of(keys.values(event));
    if (key == null) {
      withoutKey++;
    } else {
      out.output(KV.of(key, event));
    }
  }

  @FinishBundle
  public void finishBundle() {
    withoutKeyCounter.add(withoutKey);
  }
}
