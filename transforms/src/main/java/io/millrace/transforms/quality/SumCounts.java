package io.millrace.transforms.quality;

import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Sums counts by table, from the beginning of the run: each output is what a table has come to so
 * far. Since the sums are state, a failure and what is done again after it count once.
 *
 * <p>Input: by table, what came up since the last time; the runner's bundles decide how often. An
 * empty name stands for records of no table that is known. State: seven numbers a table. In the
 * global window.
 */
public final class SumCounts
    extends PTransform<
        PCollection<KV<String, ChangeCounts>>, PCollection<KV<String, ChangeCounts>>> {
  private static final long serialVersionUID = 1L;

  public static SumCounts perTable() {
    return new SumCounts();
  }

  private SumCounts() {}

  @Override
  public PCollection<KV<String, ChangeCounts>> expand(PCollection<KV<String, ChangeCounts>> input) {
    KvCoder<String, ChangeCounts> coder = KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of());
    return input.apply("Sum", ParDo.of(new SumFn())).setCoder(coder);
  }

  static final class SumFn extends DoFn<KV<String, ChangeCounts>, KV<String, ChangeCounts>> {
    private static final long serialVersionUID = 1L;

    @StateId("total")
    private final StateSpec<ValueState<ChangeCounts>> totalSpec =
        StateSpecs.value(ChangeCountsCoder.of());

    @ProcessElement
    public void process(
        @Element KV<String, ChangeCounts> counts,
        @StateId("total") ValueState<ChangeCounts> total,
        OutputReceiver<KV<String, ChangeCounts>> out) {
      ChangeCounts before = total.read();
      ChangeCounts sum = before == null ? counts.getValue() : before.plus(counts.getValue());
      total.write(sum);
      out.output(KV.of(counts.getKey(), sum));
    }
  }
}
