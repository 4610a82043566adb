package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.flink.LocalFlink;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.readings.Readings;
import io.millrace.benchmarks.readings.ReadingsFiles;
import io.millrace.benchmarks.readings.WindowBook;
import io.millrace.benchmarks.readings.WindowKind;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.AggregateByWindow;
import io.millrace.transforms.window.Attribute;
import io.millrace.transforms.window.Windows;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/** Millrace's own transform: read blocks, unpack, add up by window, count. */
public final class MillraceWindows implements Contestant {
  private final Settings settings;
  private final WindowKind kind;

  public MillraceWindows(Settings settings, WindowKind kind) {
    this.settings = settings;
    this.kind = kind;
  }

  @Override
  public void reset() {
    WindowBook.renew();
  }

  @Override
  public void run() {
    FlinkPipelineOptions options = BeamOnFlink.streaming();
    options.setAutoWatermarkInterval(LocalFlink.WATERMARK_INTERVAL);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Read", Read.from(new ReadingBlocks(ReadingsFiles.files(settings))))
        .apply("Unpack", ParDo.of(new UnpackReadingsFn()))
        .setCoder(SensorReading.Coder.INSTANCE)
        .apply(
            "Add",
            AggregateByWindow.<SensorReading>in(windows())
                .by(Attribute.int64("sensor", SensorReading::sensor))
                .compute(Aggregate.sum("sum", Attribute.int64("value", SensorReading::value))))
        .results()
        .apply("Book", ParDo.of(new BookSumsFn()));
    pipeline.run().waitUntilFinish();
  }

  private Windows windows() {
    Duration size = Duration.millis(WindowKind.SIZE);
    return switch (kind) {
      case TUMBLING -> Windows.tumbling(size);
      case HOPPING -> Windows.hopping(size, Duration.millis(WindowKind.HOP));
      case SESSION -> Windows.sessions(size);
    };
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(
        WindowBook.shared().answer(),
        (long) Readings.sensors(settings.number("events")) * kind.slices());
  }

  /** Counts sums in this JVM's {@link WindowBook}. */
  static final class BookSumsFn extends DoFn<Row, Void> {
    private static final long serialVersionUID = 1L;

    private transient WindowBook.Page page;

    @Setup
    public void setup() {
      page = WindowBook.shared().page();
    }

    @ProcessElement
    public void process(@Element Row row) {
      page.add(
          row.getInt64("sensor").intValue(),
          row.getDateTime("window_start").getMillis(),
          row.getDateTime("window_end").getMillis(),
          row.getInt64("sum"));
    }
  }
}
