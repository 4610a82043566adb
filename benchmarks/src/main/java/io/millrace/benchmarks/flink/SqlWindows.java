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
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.writer.BinaryRowWriter;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Flink SQL's window functions, on the planner's own binary rows: written by the source into one
 * that is filled again and again, and read by the sink, so that nothing is converted.
 */
public final class SqlWindows implements Contestant {
  private static final String SUMS =
      """
      SELECT sensor, window_start, window_end, SUM(amount)
      FROM TABLE(%s)
      GROUP BY sensor, window_start, window_end
      """;

  private final Settings settings;
  private final WindowKind kind;

  public SqlWindows(Settings settings, WindowKind kind) {
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
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    DataType rows =
        DataTypes.ROW(
                DataTypes.FIELD("sensor", DataTypes.INT().notNull()),
                DataTypes.FIELD("at", DataTypes.TIMESTAMP(3).notNull()),
                DataTypes.FIELD("amount", DataTypes.BIGINT().notNull()))
            .notNull();
    DataStream<RowData> readings =
        environment.fromSource(
            new ReadingSource<>(ReadingsFiles.files(settings), new Decoders()),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(Readings.DISORDER)),
            "readings",
            InternalTypeInfo.of((RowType) rows.getLogicalType()));
    tables.createTemporaryView(
        "readings",
        readings,
        Schema.newBuilder()
            .column("sensor", DataTypes.INT().notNull())
            .column("at", DataTypes.TIMESTAMP(3).notNull())
            .column("amount", DataTypes.BIGINT().notNull())
            .watermark("at", "SOURCE_WATERMARK()")
            .build());
    DataType sums =
        DataTypes.ROW(
                DataTypes.INT(), DataTypes.TIMESTAMP(3), DataTypes.TIMESTAMP(3), DataTypes.BIGINT())
            .bridgedTo(RowData.class);
    DataStream<RowData> out =
        tables.toDataStream(tables.sqlQuery(SUMS.formatted(function())), sums);
    out.addSink(new BookRowsSink()).name("book");
    environment.execute("sql");
  }

  private String function() {
    return switch (kind) {
      case TUMBLING -> "TUMBLE(TABLE readings, DESCRIPTOR(`at`), INTERVAL '10' SECOND)";
      case HOPPING ->
          "HOP(TABLE readings, DESCRIPTOR(`at`), INTERVAL '1' SECOND, INTERVAL '10' SECOND)";
      case SESSION ->
          "SESSION(TABLE readings PARTITION BY sensor, DESCRIPTOR(`at`), INTERVAL '10' SECOND)";
    };
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(
        WindowBook.shared().answer(),
        (long) Readings.sensors(settings.number("events")) * kind.slices());
  }

  /** One row that is filled again and again. */
  private static final class Decoders implements ReadingDecoder.Factory<RowData> {
    private static final long serialVersionUID = 1L;

    @Override
    public ReadingDecoder<RowData> create() {
      BinaryRowData row = new BinaryRowData(3);
      BinaryRowWriter writer = new BinaryRowWriter(row);
      return (sensor, time, value) -> {
        writer.reset();
        writer.writeInt(0, sensor);
        writer.writeTimestamp(1, TimestampData.fromEpochMillis(time), 3);
        writer.writeLong(2, value);
        writer.complete();
        return row;
      };
    }
  }

  private static final class BookRowsSink extends RichSinkFunction<RowData> {
    private static final long serialVersionUID = 1L;

    private transient WindowBook.Page page;

    @Override
    public void open(OpenContext context) {
      page = WindowBook.shared().page();
    }

    @Override
    public void invoke(RowData row, Context context) {
      page.add(
          row.getInt(0),
          row.getTimestamp(1, 3).getMillisecond(),
          row.getTimestamp(2, 3).getMillisecond(),
          row.getLong(3));
    }
  }
}
