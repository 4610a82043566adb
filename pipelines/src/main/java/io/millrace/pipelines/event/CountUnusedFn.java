package io.millrace.pipelines.event;

import io.millrace.schemas.BusinessEvent;
import io.millrace.transforms.quality.ChangeCounts;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/** Counts the events of types that no table is computed from, once a bundle. */
final class CountUnusedFn extends DoFn<BusinessEvent, KV<String, ChangeCounts>> {
  private static final long serialVersionUID = 1L;

  private final TreeSet<String> types;
  private transient Map<String, Long> unused;

  CountUnusedFn(Set<String> types) {
    this.types = new TreeSet<>(types);
  }

  @StartBundle
  public void startBundle() {
    unused = new HashMap<>();
  }

  @ProcessElement
  public void process(@Element BusinessEvent event) {
    if (types.contains(event.type())) {
      unused.merge(event.type(), 1L, Long::sum);
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    unused.forEach(
        (type, count) ->
            context.output(
                KV.of(type, ChangeCounts.builder().setControl(count).build()),
                GlobalWindow.INSTANCE.maxTimestamp(),
                GlobalWindow.INSTANCE));
  }
}
