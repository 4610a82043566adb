package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.beam.BeamOnFlink;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/** Beam's JdbcIO, which binds and executes an upsert for each event. */
final class JdbcIoSink implements Contestant {
  private static final String TABLE = "jdbcio_orders";

  /** What {@link RowsFn} puts out; the job runs in this JVM. */
  private static volatile List<OrderRow> shared = List.of();

  private final SinkTable table;
  private final List<OrderRow> rows;

  JdbcIoSink(Settings settings) throws IOException, SQLException {
    table = new SinkTable(TABLE, settings);
    table.create(", PRIMARY KEY (id)");
    rows = OrderRow.generate(settings.number("events"));
  }

  @Override
  public void reset() throws SQLException, IOException {
    shared = rows;
    table.begin();
  }

  @Override
  public void run() throws IOException {
    FlinkPipelineOptions options = BeamOnFlink.batch();
    options.setParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(Create.of(1))
        .apply("Rows", ParDo.of(new RowsFn()))
        .setCoder(SerializableCoder.of(OrderRow.class))
        .apply(
            "Write",
            JdbcIO.<OrderRow>write()
                .withDataSourceConfiguration(
                    JdbcIO.DataSourceConfiguration.create(
                            "org.postgresql.Driver", table.database().jdbcUrl())
                        .withUsername(table.database().user())
                        .withPassword(table.database().password()))
                .withStatement(upsert())
                .withPreparedStatementSetter(JdbcIoSink::bind));
    pipeline.run().waitUntilFinish();
    table.end();
  }

  private static String upsert() {
    List<String> names =
        OrderRow.COLUMNS.stream().map(column -> column.substring(0, column.indexOf(' '))).toList();
    return "INSERT INTO "
        + TABLE
        + " ("
        + String.join(", ", names)
        + ") VALUES ("
        + String.join(", ", Collections.nCopies(names.size(), "?"))
        + ") ON CONFLICT (id) DO UPDATE SET "
        + names.stream()
            .skip(1)
            .map(column -> column + " = excluded." + column)
            .collect(Collectors.joining(", "));
  }

  private static void bind(OrderRow row, PreparedStatement statement) throws SQLException {
    statement.setLong(1, row.id());
    statement.setLong(2, row.customer());
    statement.setString(3, row.status());
    statement.setString(4, row.email());
    statement.setString(5, row.note());
    statement.setBigDecimal(6, new BigDecimal(row.amount()));
    statement.setInt(7, row.quantity());
    statement.setBoolean(8, row.active());
    statement.setTimestamp(9, Timestamp.from(Instant.parse(row.createdAt())));
    statement.setTimestamp(10, Timestamp.from(Instant.parse(row.updatedAt())));
  }

  @Override
  public Outcome outcome() throws SQLException {
    return table.outcome(Map.of());
  }

  @Override
  public void close() {
    table.close();
  }

  /** Puts out all rows. */
  private static final class RowsFn extends DoFn<Integer, OrderRow> {
    @ProcessElement
    public void process(OutputReceiver<OrderRow> out) {
      shared.forEach(out::output);
    }
  }
}
