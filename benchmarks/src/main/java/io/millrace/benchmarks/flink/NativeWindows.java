package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.readings.Readings;
import io.millrace.benchmarks.readings.ReadingsFiles;
import io.millrace.benchmarks.readings.WindowBook;
import io.millrace.benchmarks.readings.WindowKind;
import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The native job: read, add up by window with an accumulator that is changed in place, count. */
public final class NativeWindows implements Contestant {
  private final Settings settings;
  private final WindowKind kind;

  public NativeWindows(Settings settings, WindowKind kind) {
    this.settings = settings;
    this.kind = kind;
  }

  @Override
  public void reset() {
    WindowBook.renew();
  }

  @Override
  public void run() throws Exception {
    StreamExecutionEnvironment environment = LocalFlink.environment(RuntimeExecutionMode.STREAMING);
    environment.getConfig().setAutoWatermarkInterval(LocalFlink.WATERMARK_INTERVAL);
    environment
        .fromSource(
            new ReadingSource<>(ReadingsFiles.files(settings), new Decoders()),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(Readings.DISORDER)),
            "readings",
            new DirectTypeInformation<>(Reading.class, Reading.Serializer.INSTANCE))
        .keyBy(reading -> reading.sensor, Types.INT)
        .window(assigner())
        .aggregate(
            new AddFunction(),
            new BoundsFunction(),
            new DirectTypeInformation<>(Sum.class, Sum.Serializer.INSTANCE),
            new DirectTypeInformation<>(WindowSum.class, WindowSum.Serializer.INSTANCE))
        .addSink(new BookSumsSink())
        .name("book");
    environment.execute("native");
  }

  private WindowAssigner<Object, TimeWindow> assigner() {
    Duration size = Duration.ofMillis(WindowKind.SIZE);
    return switch (kind) {
      case TUMBLING -> TumblingEventTimeWindows.of(size);
      case HOPPING -> SlidingEventTimeWindows.of(size, Duration.ofMillis(WindowKind.HOP));
      case SESSION -> EventTimeSessionWindows.withGap(size);
    };
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(
        WindowBook.shared().answer(),
        (long) Readings.sensors(settings.number("events")) * kind.slices());
  }

  /** One reading that is filled again and again. */
  private static final class Decoders implements ReadingDecoder.Factory<Reading> {
    private static final long serialVersionUID = 1L;

    @Override
    public ReadingDecoder<Reading> create() {
      Reading reading = new Reading();
      return (sensor, time, value) -> {
        reading.sensor = sensor;
        reading.value = value;
        return reading;
      };
    }
  }

  private static final class AddFunction implements AggregateFunction<Reading, Sum, Sum> {
    private static final long serialVersionUID = 1L;

    @Override
    public Sum createAccumulator() {
      return new Sum();
    }

    @Override
    public Sum add(Reading reading, Sum sum) {
      sum.total += reading.value;
      return sum;
    }

    @Override
    public Sum getResult(Sum sum) {
      return sum;
    }

    @Override
    public Sum merge(Sum sum, Sum other) {
      sum.total += other.total;
      return sum;
    }
  }

  private static final class BoundsFunction
      implements WindowFunction<Sum, WindowSum, Integer, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private transient WindowSum reused;

    @Override
    public void apply(
        Integer sensor, TimeWindow window, Iterable<Sum> sums, Collector<WindowSum> out) {
      if (reused == null) {
        reused = new WindowSum();
      }
      reused.sensor = sensor;
      reused.start = window.getStart();
      reused.end = window.getEnd();
      reused.total = sums.iterator().next().total;
      out.collect(reused);
    }
  }

  private static final class BookSumsSink extends RichSinkFunction<WindowSum> {
    private static final long serialVersionUID = 1L;

    private transient WindowBook.Page page;

    @Override
    public void open(OpenContext context) {
      page = WindowBook.shared().page();
    }

    @Override
    public void invoke(WindowSum sum, Context context) {
      page.add(sum.sensor, sum.start, sum.end, sum.total);
    }
  }
}
