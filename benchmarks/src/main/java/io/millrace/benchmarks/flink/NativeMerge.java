package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderBook;
import io.millrace.benchmarks.orders.OrderChanges;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The native job: read, parse, keep the newest of each order, count. */
public final class NativeMerge implements Contestant {
  private final RuntimeExecutionMode mode;
  private final Settings settings;
  private final Input input;

  /** Where the changes come from. */
  @FunctionalInterface
  interface Input {
    DataStream<OrderChange> read(StreamExecutionEnvironment environment);
  }

  private NativeMerge(RuntimeExecutionMode mode, Settings settings, Input input) {
    this.mode = mode;
    this.settings = settings;
    this.input = input;
  }

  /** The job on a file, in streaming mode. */
  public static NativeMerge streaming(Settings settings) {
    return new NativeMerge(RuntimeExecutionMode.STREAMING, settings, file(settings));
  }

  /** The job on a file, in batch mode. */
  public static NativeMerge batch(Settings settings) {
    return new NativeMerge(RuntimeExecutionMode.BATCH, settings, file(settings));
  }

  /** The job on a topic. */
  public static NativeMerge topic(Settings settings) {
    return new NativeMerge(RuntimeExecutionMode.STREAMING, settings, new KafkaInput(settings));
  }

  /** The job on the files of a landing, in batch mode. */
  public static NativeMerge landing(Settings settings) {
    return new NativeMerge(RuntimeExecutionMode.BATCH, settings, new ParquetInput(settings));
  }

  private static Input file(Settings settings) {
    String file = settings.text("file");
    return environment ->
        environment
            .fromSource(
                new LineSource(file),
                WatermarkStrategy.noWatermarks(),
                "lines",
                new DirectTypeInformation<>(Line.class, Line.Serializer.INSTANCE))
            .map(new ParseFunction())
            .returns(changes());
  }

  static DirectTypeInformation<OrderChange> changes() {
    return new DirectTypeInformation<>(OrderChange.class, OrderChangeSerializer.INSTANCE);
  }

  @Override
  public void reset() {
    OrderBook.renew(OrderChanges.keys(settings.number("events")));
  }

  @Override
  public void run() throws Exception {
    StreamExecutionEnvironment environment = LocalFlink.environment(mode);
    SingleOutputStreamOperator<OrderChange> newest =
        input
            .read(environment)
            .keyBy(change -> change.id, Types.LONG)
            .process(new NewestFunction())
            .returns(changes());
    newest.addSink(new BookSink()).name("book");
    environment.execute("native");
  }

  @Override
  public Outcome outcome() {
    OrderBook book = OrderBook.shared();
    return Outcome.of(book.answer(), book.keys());
  }
}
