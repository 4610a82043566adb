package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.writer.BinaryRowWriter;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes records into one binary row that is filled again and again. */
final class RowDeserializer implements KafkaRecordDeserializationSchema<RowData> {
  private static final long serialVersionUID = 1L;

  private final DataType columns;
  private final Values values;
  private transient BinaryRowData row;
  private transient BinaryRowWriter writer;

  /** Writes a record's value behind its product and time. */
  private interface Values extends Serializable {
    void write(ByteBuffer value, BinaryRowWriter writer);
  }

  private RowDeserializer(DataType columns, Values values) {
    this.columns = columns;
    this.values = values;
  }

  /** Of sales: product, time, id, customer, quantity. */
  static RowDeserializer sales() {
    return new RowDeserializer(
        DataTypes.ROW(
            DataTypes.FIELD("product", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("at", DataTypes.TIMESTAMP(3).notNull()),
            DataTypes.FIELD("id", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("customer", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("quantity", DataTypes.INT().notNull())),
        (value, writer) -> {
          writer.writeLong(2, value.getLong());
          writer.writeLong(3, value.getLong());
          writer.writeInt(4, value.getInt());
        });
  }

  /** Of prices: product, time, number, cents. */
  static RowDeserializer prices() {
    return new RowDeserializer(
        DataTypes.ROW(
            DataTypes.FIELD("product", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("at", DataTypes.TIMESTAMP(3).notNull()),
            DataTypes.FIELD("number", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("cents", DataTypes.BIGINT().notNull())),
        (value, writer) -> {
          writer.writeLong(2, value.getLong());
          writer.writeLong(3, value.getLong());
        });
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    row = new BinaryRowData(columns.getChildren().size());
    writer = new BinaryRowWriter(row);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RowData> out)
      throws IOException {
    writer.reset();
    writer.writeLong(0, ByteBuffer.wrap(record.key()).getLong());
    writer.writeTimestamp(1, TimestampData.fromEpochMillis(record.timestamp()), 3);
    values.write(ByteBuffer.wrap(record.value()), writer);
    writer.complete();
    out.collect(row);
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return InternalTypeInfo.of((RowType) columns.notNull().getLogicalType());
  }
}
