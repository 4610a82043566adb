package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.sales.Sales;
import io.millrace.benchmarks.sales.SalesBook;
import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/**
 * Flink SQL's temporal join on a versioned table, on the planner's own binary rows: the source's
 * deserializer writes into one that is filled again and again, and the sink reads them. The table
 * has only inserts, which by its key are new versions: so the planner normalizes nothing.
 */
public final class SqlEnrich implements Contestant {
  private static final String JOIN =
      """
      SELECT s.id, s.customer, s.quantity, p.number, p.cents
      FROM sales AS s
      LEFT JOIN prices FOR SYSTEM_TIME AS OF s.`at` AS p ON s.product = p.product
      """;

  private final Settings settings;

  public SqlEnrich(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void reset() {
    SalesBook.renew();
  }

  @Override
  public void run() throws Exception {
    StreamExecutionEnvironment environment = LocalFlink.environment(RuntimeExecutionMode.STREAMING);
    environment.getConfig().setAutoWatermarkInterval(LocalFlink.WATERMARK_INTERVAL);
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    tables.createTemporaryView(
        "sales",
        read(environment, "sales", RowDeserializer.sales()),
        columns()
            .column("id", DataTypes.BIGINT().notNull())
            .column("customer", DataTypes.BIGINT().notNull())
            .column("quantity", DataTypes.INT().notNull())
            .build());
    tables.createTemporaryView(
        "prices",
        read(environment, "prices", RowDeserializer.prices()),
        columns()
            .column("number", DataTypes.BIGINT().notNull())
            .column("cents", DataTypes.BIGINT().notNull())
            .primaryKey("product")
            .build());
    DataType joined =
        DataTypes.ROW(
                DataTypes.BIGINT(),
                DataTypes.BIGINT(),
                DataTypes.INT(),
                DataTypes.BIGINT(),
                DataTypes.BIGINT())
            .bridgedTo(RowData.class);
    DataStream<RowData> out = tables.toDataStream(tables.sqlQuery(JOIN), joined);
    out.addSink(new BookRowsSink()).name("book");
    environment.execute("sql");
  }

  private DataStream<RowData> read(
      StreamExecutionEnvironment environment, String topic, RowDeserializer deserializer) {
    KafkaSource<RowData> source =
        KafkaSource.<RowData>builder()
            .setBootstrapServers(settings.text("bootstrapServers"))
            .setTopics(settings.text(topic))
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setProperty("max.poll.records", "5000")
            .setDeserializer(deserializer)
            .build();
    return environment.fromSource(
        source,
        WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(Sales.DISORDER)),
        topic);
  }

  /** The columns that both have. */
  private static Schema.Builder columns() {
    return Schema.newBuilder()
        .column("product", DataTypes.BIGINT().notNull())
        .column("at", DataTypes.TIMESTAMP(3).notNull())
        .watermark("at", "SOURCE_WATERMARK()");
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(SalesBook.shared().answer(), Sales.products(settings.number("events")));
  }

  private static final class BookRowsSink extends RichSinkFunction<RowData> {
    private static final long serialVersionUID = 1L;

    private transient SalesBook.Page page;

    @Override
    public void open(OpenContext context) {
      page = SalesBook.shared().page();
    }

    @Override
    public void invoke(RowData row, Context context) {
      boolean hasPrice = !row.isNullAt(3);
      page.add(
          row.getLong(0),
          row.getLong(1),
          row.getInt(2),
          hasPrice ? row.getLong(3) : 0,
          hasPrice ? row.getLong(4) : 0);
    }
  }
}
