package io.millrace.transforms.cdc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.joda.time.ReadableInstant;

/** Encodes a bundle's rows; see {@link EncodeChanges}. */
final class EncodeChangesFn extends DoFn<Row, RecordBlock> {
  private static final long serialVersionUID = 1L;
  private static final JsonFactory JSON = new JsonFactory();
  private static final int BLOCK_BYTES = 128 * 1024;
  private static final int NO_PARTITION = 0;

  private final EncodeChanges encoding;
  private transient RecordBlock.Writer records;
  private transient long count;

  EncodeChangesFn(EncodeChanges encoding) {
    this.encoding = encoding;
  }

  @StartBundle
  public void startBundle() {
    records = new RecordBlock.Writer(1024);
    count = 0;
  }

  @ProcessElement
  public void process(@Element Row row, OutputReceiver<RecordBlock> out) {
    byte[] json = encode(row);
    records.add(count++, System.currentTimeMillis(), recordKey(row), ByteBuffer.wrap(json));
    if (records.length() >= BLOCK_BYTES) {
      out.output(block());
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    if (records.count() > 0) {
      context.output(block(), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }
  }

  private RecordBlock block() {
    return RecordBlock.of(encoding.table().physicalName(), NO_PARTITION, records.take());
  }

  private @Nullable ByteBuffer recordKey(Row row) {
    SerializableFunction<Row, String> recordKey = encoding.recordKey();
    return recordKey == null
        ? null
        : ByteBuffer.wrap(recordKey.apply(row).getBytes(StandardCharsets.UTF_8));
  }

  private byte[] encode(Row row) {
    TableContract table = encoding.table();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      boolean isDelete = encoding.isDelete().apply(row);
      json.writeStartObject();
      json.writeStringField("table", table.physicalName());
      json.writeStringField("op", isDelete ? "delete" : "upsert");
      json.writeNumberField("position", encoding.position().apply(row));
      writeColumns("key", row, true, json);
      if (!isDelete) {
        writeColumns("after", row, false, json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("A row of " + table.name() + " cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private void writeColumns(String name, Row row, boolean ofKey, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (ColumnContract column : encoding.table().columns()) {
      if (column.isKey() || !ofKey) {
        json.writeFieldName(column.physicalName());
        write(row.getValue(column.physicalName()), json);
      }
    }
    json.writeEndObject();
  }

  private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof BigDecimal decimal) {
      json.writeNumber(decimal.toPlainString());
    } else if (value instanceof Double || value instanceof Float) {
      writeFloating(((Number) value).doubleValue(), value, json);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof ReadableInstant time) {
      json.writeString(Instant.ofEpochMilli(time.getMillis()).toString());
    } else if (value instanceof byte[] binary) {
      json.writeBinary(binary);
    } else if (value instanceof Iterable<?> values) {
      json.writeStartArray();
      for (Object each : values) {
        write(each, json);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof Row nested) {
      json.writeStartObject();
      List<Schema.Field> fields = nested.getSchema().getFields();
      for (int i = 0; i < fields.size(); i++) {
        json.writeFieldName(fields.get(i).getName());
        write(nested.getValue(i), json);
      }
      json.writeEndObject();
    } else {
      // Times of java.time write themselves as ISO-8601.
      json.writeString(value.toString());
    }
  }

  private static void writeFloating(double number, Object value, JsonGenerator json)
      throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumber(value.toString());
    } else {
      json.writeString(value.toString());
    }
  }
}
