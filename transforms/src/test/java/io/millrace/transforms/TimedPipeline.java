package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/** A pipeline on which a TestStream's watermark moves at exactly the given places. */
public final class TimedPipeline {
  private final Pipeline pipeline;

  public TimedPipeline(TestRunner runner) {
    PipelineOptions options = runner.options();
    // While a bundle is open, Flink holds back the watermark; and two tasks know no common order.
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    pipeline = Pipeline.create(options);
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /** Expects elements, in any order, as text after their timestamps in seconds. */
  public <T> void expect(
      PCollection<T> elements, SerializableFunction<T, String> text, String... expected) {
    List<String> sorted = new ArrayList<>(List.of(expected));
    sorted.sort(null);
    PAssert.that(elements.apply("Text " + elements.getName(), ParDo.of(new TextFn<>(text))))
        .satisfies(
            texts -> {
              String found =
                  String.join(
                      "\n", StreamSupport.stream(texts.spliterator(), false).sorted().toList());
              assertThat(found, is(String.join("\n", sorted)));
              return null;
            });
  }

  /** Runs the pipeline; the runner itself may drop nothing for being late. */
  public void run() {
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(droppedForLateness(run), is(0L));
  }

  private static long droppedForLateness(PipelineResult run) {
    long dropped = 0;
    for (MetricResult<Long> counter :
        run.metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        MetricNameFilter.named(
                            "org.apache.beam.runners.core.LateDataDroppingDoFnRunner$LateDataFilter",
                            "DroppedDueToLateness"))
                    .build())
            .getCounters()) {
      dropped += counter.getAttempted();
    }
    return dropped;
  }

  static final class TextFn<T> extends DoFn<T, String> {
    private static final long serialVersionUID = 1L;

    private final SerializableFunction<T, String> text;

    TextFn(SerializableFunction<T, String> text) {
      this.text = text;
    }

    @ProcessElement
    public void process(
        @Element T element, @Timestamp Instant timestamp, OutputReceiver<String> out) {
      String seconds = String.valueOf(timestamp.getMillis() / 1000.0).replaceAll("[.]0$", "");
      out.output(seconds + " " + text.apply(element));
    }
  }
}
