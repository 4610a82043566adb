package io.millrace.transforms.time;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Takes the key off late elements. */
public final class WithoutKeyFn<K, V> extends DoFn<LateElement<KV<K, V>>, LateElement<V>> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(@Element LateElement<KV<K, V>> late, OutputReceiver<LateElement<V>> out) {
    out.output(LateElement.of(late.element().getValue(), late.timestamp(), late.watermark()));
  }
}
