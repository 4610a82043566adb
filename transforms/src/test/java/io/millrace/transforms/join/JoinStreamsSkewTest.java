package io.millrace.transforms.join;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Arrivals;
import io.millrace.transforms.oracle.DroppedForLateness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A million elements, half of them of one key. Right elements are negative. It takes seconds;
 * comparing each of the key's with each would take hours.
 */
@Timeout(300)
class JoinStreamsSkewTest {
  private static final int COUNT = 1_000_000;
  private static final long HOT = 7;
  private static final long KEYS = 1_000;
  private static final long WITHIN = 5_000;

  private record Answer(long pairs, long unmatched, long sum) {}

  @Test
  void halfOfAllElementsOnOneKeyStallNothing() {
    List<KV<Long, Long>> skewed = elements();
    Answer expected = expected(skewed);
    assertThat(join(skewed, 1), is(expected));
    assertThat(join(skewed, 8), is(expected));
  }

  /** An element a millisecond, which is its value, and now and then one of the other side. */
  private static List<KV<Long, Long>> elements() {
    List<KV<Long, Long>> elements = new ArrayList<>();
    for (long i = 1; i <= COUNT; i++) {
      elements.add(KV.of(i % 2 == 0 ? HOT : i * 7919 % KEYS, i));
      if (i % 100 == 0) {
        elements.add(KV.of(i / 100 % KEYS, -i));
      }
      if (i % 1_000 == 0) {
        elements.add(KV.of(HOT, -i));
      }
    }
    return elements;
  }

  private static Answer join(List<KV<Long, Long>> elements, int fanout) {
    PipelineOptions options = TestRunner.FLINK_STREAMING.options();
    // Else what is measured is the wait for the next watermark.
    options.as(FlinkPipelineOptions.class).setAutoWatermarkInterval(10L);
    options.as(FlinkPipelineOptions.class).setMaxBundleTimeMills(20L);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<KV<Long, Long>> all =
        pipeline.apply(
            new Arrivals<>(
                    "skewed",
                    elements,
                    KvCoder.of(VarLongCoder.of(), VarLongCoder.of()),
                    element -> Math.abs(element.getValue()))
                .unbounded(1));
    KeyedStreams.of(
            all.apply("Left", Filter.by(element -> element.getValue() > 0)),
            all.apply("Right", Filter.by(element -> element.getValue() < 0)))
        .apply(
            JoinStreams.<Long, Long, Long>within(Duration.millis(WITHIN))
                .leftOuter()
                .withHotKeyFanout(fanout))
        .joined()
        .apply("Sum", ParDo.of(new SumFn()));
    List.of(SumFn.PAIRS, SumFn.UNMATCHED, SumFn.SUM).forEach(sum -> sum.set(0));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(DroppedForLateness.by(run), is(0L));
    return new Answer(SumFn.PAIRS.get(), SumFn.UNMATCHED.get(), SumFn.SUM.get());
  }

  private static Answer expected(List<KV<Long, Long>> elements) {
    Map<Long, List<Long>> rights = new HashMap<>();
    for (KV<Long, Long> element : elements) {
      if (element.getValue() < 0) {
        rights.computeIfAbsent(element.getKey(), key -> new ArrayList<>()).add(-element.getValue());
      }
    }
    long pairs = 0;
    long unmatched = 0;
    long sum = 0;
    for (KV<Long, Long> element : elements) {
      long left = element.getValue();
      boolean isMatched = left < 0;
      for (long right : left < 0 ? List.<Long>of() : rights.get(element.getKey())) {
        if (Math.abs(left - right) <= WITHIN) {
          pairs++;
          sum += left * 31 + right;
          isMatched = true;
        }
      }
      unmatched += isMatched ? 0 : 1;
    }
    return new Answer(pairs, unmatched, sum);
  }

  private static final class SumFn extends DoFn<KV<Long, Joined<Long, Long>>, Void> {
    private static final long serialVersionUID = 1L;
    private static final AtomicLong PAIRS = new AtomicLong();
    private static final AtomicLong UNMATCHED = new AtomicLong();
    private static final AtomicLong SUM = new AtomicLong();

    @ProcessElement
    public void process(@Element KV<Long, Joined<Long, Long>> joined) {
      Joined<Long, Long> pair = joined.getValue();
      if (pair.isPair()) {
        PAIRS.incrementAndGet();
        SUM.addAndGet(pair.left() * 31 - pair.right());
      } else {
        UNMATCHED.incrementAndGet();
      }
    }
  }
}
