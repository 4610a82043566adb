package io.millrace.benchmarks.warehouse.connect;

import io.millrace.benchmarks.warehouse.OrderRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * Drives Debezium's JDBC sink task as Kafka Connect's worker does: records are put in polls, and
 * what a call puts is committed when it returns. The records, with schemas and flattened, are made
 * beforehand, so that nothing is deserialized while it works.
 *
 * <p>Seen from outside only as what the JDK names, for a class loader parts it from its caller.
 */
public final class SinkTaskDriver implements IntConsumer, AutoCloseable {
  private static final String TASK = "io.debezium.connector.jdbc.JdbcSinkConnectorTask";

  private static final Schema KEY =
      SchemaBuilder.struct().name("orders.Key").field("id", Schema.INT64_SCHEMA).build();
  private static final Schema TIME =
      SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp").version(1).optional().build();
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("orders.Value")
          .field("id", Schema.INT64_SCHEMA)
          .field("customer_id", Schema.OPTIONAL_INT64_SCHEMA)
          .field("status", Schema.OPTIONAL_STRING_SCHEMA)
          .field("email", Schema.OPTIONAL_STRING_SCHEMA)
          .field("note", Schema.OPTIONAL_STRING_SCHEMA)
          .field(
              "amount",
              Decimal.builder(2).parameter("connect.decimal.precision", "12").optional().build())
          .field("quantity", Schema.OPTIONAL_INT32_SCHEMA)
          .field("active", Schema.OPTIONAL_BOOLEAN_SCHEMA)
          .field("created_at", TIME)
          .field("updated_at", TIME)
          .build();

  private final Map<String, String> settings;
  private final String topic;
  private final List<SinkRecord> records = new ArrayList<>();
  private SinkTask task;
  private int batchOfTask;

  /**
   * Makes the records.
   *
   * @param settings of the connector
   * @param topic the table's name as well
   */
  public SinkTaskDriver(Map<String, String> settings, String topic, Long events)
      throws ClassNotFoundException {
    // The JDK looks for drivers once, and not in this class loader.
    Class.forName("org.postgresql.Driver");
    this.settings = settings;
    this.topic = topic;
    for (OrderRow row : OrderRow.generate(events)) {
      records.add(record(row));
    }
  }

  private SinkRecord record(OrderRow row) {
    Struct key = new Struct(KEY).put("id", row.id());
    Struct value =
        new Struct(VALUE)
            .put("id", row.id())
            .put("customer_id", row.customer())
            .put("status", row.status())
            .put("email", row.email())
            .put("note", row.note())
            .put("amount", new BigDecimal(row.amount()))
            .put("quantity", row.quantity())
            .put("active", row.active())
            .put("created_at", row.createdAt())
            .put("updated_at", row.updatedAt());
    return new SinkRecord(topic, 0, KEY, key, VALUE, value, records.size());
  }

  /** Writes all records in batches of this size. */
  @Override
  public void accept(int batch) {
    start(batch);
    for (int from = 0; from < records.size(); from += batch) {
      task.put(records.subList(from, Math.min(from + batch, records.size())));
    }
  }

  /** Has a task of this batch size. */
  private void start(int batch) {
    if (task != null && batchOfTask == batch) {
      return;
    }
    close();
    Map<String, String> all = new HashMap<>(settings);
    all.put("batch.size", Integer.toString(batch));
    try {
      task = Class.forName(TASK).asSubclass(SinkTask.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Debezium's JDBC sink cannot be loaded", e);
    }
    task.start(all);
    task.open(List.of(new TopicPartition(topic, 0)));
    batchOfTask = batch;
  }

  @Override
  public void close() {
    if (task != null) {
      task.stop();
      task = null;
    }
  }
}
