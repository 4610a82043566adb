package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderBook;
import io.millrace.benchmarks.orders.OrderChanges;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/**
 * Flink SQL as its documentation has it: the JSON format, and a deduplication by {@code
 * ROW_NUMBER}. Its format debezium-json is no peer: it takes an update only with the whole old row,
 * and trusts the order of arrival.
 */
public final class SqlMerge implements Contestant {
  private static final String SOURCE =
      """
      CREATE TABLE changes (
        `before` ROW<id BIGINT>,
        `after` ROW<id BIGINT, customer_id BIGINT, status STRING, amount STRING, currency STRING,
            placed_at STRING, updated_at BIGINT, note STRING>,
        source ROW<snapshot STRING, `sequence` STRING, lsn BIGINT>,
        op STRING
      ) WITH (
        'connector' = 'filesystem', 'path' = '%s', 'format' = 'json')
      """;

  private static final String NEWEST =
      """
      SELECT id, commit_lsn, streamed, lsn, deleted, image
      FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY id ORDER BY commit_lsn DESC, streamed DESC, lsn DESC) AS place
        FROM (
          SELECT
            COALESCE(`after`.id, `before`.id) AS id,
            COALESCE(CAST(REGEXP_EXTRACT(source.`sequence`, '^\\["(\\d+)"', 1) AS BIGINT), 0)
              AS commit_lsn,
            CASE WHEN source.snapshot = 'false' THEN 1 ELSE 0 END AS streamed,
            source.lsn AS lsn,
            op = 'd' AS deleted,
            `after` AS image
          FROM changes))
      WHERE place = 1
      """;

  private final Settings settings;

  public SqlMerge(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void reset() {
    OrderBook.renew(OrderChanges.keys(settings.number("events")));
  }

  @Override
  public void run() throws Exception {
    StreamExecutionEnvironment environment = LocalFlink.environment(RuntimeExecutionMode.STREAMING);
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    tables.executeSql(SOURCE.formatted(settings.text("file")));
    tables.toChangelogStream(tables.sqlQuery(NEWEST)).addSink(new RowSink()).name("book");
    environment.execute("sql");
  }

  @Override
  public Outcome outcome() {
    OrderBook book = OrderBook.shared();
    return Outcome.of(book.answer(), book.keys());
  }

  /** Counts rows in this JVM's {@link OrderBook}. */
  private static final class RowSink extends RichSinkFunction<Row> {
    private static final long serialVersionUID = 1L;

    private transient OrderBook book;

    @Override
    public void open(OpenContext context) {
      book = OrderBook.shared();
    }

    @Override
    public void invoke(Row row, Context context) {
      if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
        book.put(
            row.<Long>getFieldAs(0),
            row.<Long>getFieldAs(1),
            row.<Integer>getFieldAs(2),
            row.<Long>getFieldAs(3),
            0,
            row.<Boolean>getFieldAs(4));
      }
    }
  }
}
