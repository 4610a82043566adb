package io.millrace.transforms.pattern;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.time.LateElement;
import io.millrace.transforms.time.LateElementCoder;
import io.millrace.transforms.time.ProcessInOrder;
import io.millrace.transforms.time.WithoutKeyFn;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A rule over each key's events; {@link DetectPattern} and {@link DetectThreshold} make them. */
@AutoValue
public abstract class Detect<T> extends PTransform<PCollection<T>, Detect.Result<T>> {
  abstract String name();

  abstract SerializableFunction<T, String> key();

  abstract Rule<T> rule();

  abstract @Nullable SerializableFunction<T, String> eventId();

  abstract int buckets();

  abstract Builder<T> toBuilder();

  static <T> Detect<T> of(String name, SerializableFunction<T, String> key, Rule<T> rule) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a rule needs a name, for its alerts");
    }
    return new AutoValue_Detect.Builder<T>()
        .setName(name)
        .setKey(key)
        .setRule(rule)
        .setBuckets(Buckets.DEFAULT)
        .build();
  }

  /**
   * Tells events apart by this, in the ids of alerts; by default by their time and their bytes as
   * encoded, which must then be the same whenever they are read.
   */
  public Detect<T> withEventId(SerializableFunction<T, String> eventId) {
    return toBuilder().setEventId(eventId).build();
  }

  /**
   * Sets the number of buckets of keys, which bounds the parallelism; 256 by default.
   *
   * @throws IllegalArgumentException if it is not from 1 to 32,768
   */
  public Detect<T> withBuckets(int buckets) {
    return toBuilder().setBuckets(Buckets.check(buckets)).build();
  }

  @Override
  public Result<T> expand(PCollection<T> input) {
    GlobalInput.require(input, "Detect");
    Coder<T> coder = input.getCoder();
    ProcessInOrder.Result<String, T, Alert<T>> detected =
        input
            .apply("Key", WithKeys.of(key()).withKeyType(TypeDescriptors.strings()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), coder))
            .apply(
                "Detect",
                ProcessInOrder.<String, T, Alert<T>>with(
                        rule().process(new AlertMaker<>(name(), coder, eventId())),
                        AlertCoder.of(coder))
                    .withTurnEvery(rule().turnEvery())
                    .withBuckets(buckets()));
    return new Result<>(
        detected.outputs(),
        detected
            .tooLate()
            .apply("TooLate", ParDo.of(new WithoutKeyFn<>()))
            .setCoder(LateElementCoder.of(coder)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("rule", name()))
        .add(DisplayData.item("pattern", rule().toString()))
        .add(DisplayData.item("buckets", buckets()));
  }

  @AutoValue.Builder
  abstract static class Builder<T> {
    abstract Builder<T> setName(String name);

    abstract Builder<T> setKey(SerializableFunction<T, String> key);

    abstract Builder<T> setRule(Rule<T> rule);

    abstract Builder<T> setEventId(SerializableFunction<T, String> eventId);

    abstract Builder<T> setBuckets(int buckets);

    abstract Detect<T> build();
  }

  /** Alerts, and the events that no rule could take any more. */
  public static final class Result<T> implements POutput {
    private final PCollection<Alert<T>> alerts;
    private final PCollection<LateElement<T>> tooLate;

    private Result(PCollection<Alert<T>> alerts, PCollection<LateElement<T>> tooLate) {
      this.alerts = alerts;
      this.tooLate = tooLate;
    }

    /** What the rule found, each with the timestamp of its end. */
    public PCollection<Alert<T>> alerts() {
      return alerts;
    }

    /** Events that the watermark had passed when they came. */
    public PCollection<LateElement<T>> tooLate() {
      return tooLate;
    }

    @Override
    public Pipeline getPipeline() {
      return alerts.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(
          new TupleTag<Alert<T>>("alerts"),
          alerts,
          new TupleTag<LateElement<T>>("tooLate"),
          tooLate);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
