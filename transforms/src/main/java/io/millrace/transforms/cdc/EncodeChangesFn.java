package io.millrace.transforms.cdc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.JsonValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.Row;

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
    ByteBuffer recordKey = null;
    if (encoding.recordKeys()) {
      String key = RecordKey.of(row, encoding.table());
      if (key == null) {
        return;
      }
      recordKey = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    }
    byte[] json = encode(row);
    records.add(count++, System.currentTimeMillis(), recordKey, ByteBuffer.wrap(json));
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

  private byte[] encode(Row row) {
    TableContract table = encoding.table();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      boolean isDelete = encoding.isDelete().apply(row);
      json.writeStartObject();
      json.writeStringField("table", table.physicalName());
      json.writeStringField("op", isDelete ? "delete" : "upsert");
      json.writeFieldName("position");
      json.writeNumber(position(row));
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

  private BigInteger position(Row row) {
    return BigInteger.valueOf(encoding.epoch())
        .shiftLeft(Long.SIZE)
        .add(BigInteger.valueOf(encoding.position().apply(row)));
  }

  private void writeColumns(String name, Row row, boolean ofKey, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (ColumnContract column : encoding.table().columns()) {
      if (column.isKey() || !ofKey) {
        json.writeFieldName(column.physicalName());
        JsonValues.write(row.getValue(column.physicalName()), json);
      }
    }
    json.writeEndObject();
  }
}
