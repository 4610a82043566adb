package io.millrace.pipelines.evolve;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.image.EventRows;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.quality.RunCounter;
import java.math.BigDecimal;
import java.util.HexFormat;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keys events by their entity: each value of its key as text, with a length, numbers without
 * trailing zeros. State is keyed by these bytes, so the format never changes.
 */
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
    byte[] key = key(keys.values(event));
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

  /** The key of these values; null if one of them is null. */
  static byte @Nullable [] key(@Nullable Object[] values) {
    ByteWriter out = new ByteWriter(32);
    for (Object value : values) {
      if (value == null) {
        return null;
      }
      out.writeText(text(value));
    }
    return out.toByteArray();
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Number number && number.doubleValue() == 0) {
      return "0";
    }
    return value instanceof BigDecimal decimal
        ? decimal.stripTrailingZeros().toString()
        : value.toString();
  }
}
