package io.millrace.schemas.avro;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Contracts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Events of Debezium in Avro, as Confluent's converter writes them. */
final class AvroEvents {
  static final Contract CONTRACT =
      Contracts.contract(
          "- {name: id, physicalType: bigint, primaryKey: true}",
          "- {name: name, physicalType: text}",
          "- {name: amount, physicalType: \"numeric(10,2)\"}",
          "- {name: free, physicalType: numeric}",
          "- {name: at, physicalType: timestamptz}",
          "- {name: day, physicalType: date}",
          "- {name: raw, physicalType: bytea}",
          "- {name: tags, physicalType: \"text[]\"}",
          "- {name: rate, physicalType: double precision}");

  /** A row as Debezium's events have it, with the names that Kafka Connect's converter gives. */
  private static final String ROW =
      """
      {"type": "record", "name": "Value", "namespace": "shop.public.things",
       "connect.name": "shop.public.things.Value",
       "fields": [
        {"name": "id", "type": {"type": "int", "connect.default": 0}, "default": 0},
        {"name": "name", "type": ["null", "string"], "default": null},
        {"name": "amount", "default": null, "type": ["null", {"type": "bytes",
          "logicalType": "decimal", "precision": 10, "scale": 2, "connect.version": 1,
          "connect.parameters": {"scale": "2"},
          "connect.name": "org.apache.kafka.connect.data.Decimal"}]},
        {"name": "free", "default": null, "type": ["null", {"type": "record",
          "name": "VariableScaleDecimal", "namespace": "io.debezium.data",
          "connect.name": "io.debezium.data.VariableScaleDecimal",
          "fields": [{"name": "scale", "type": "int"}, {"name": "value", "type": "bytes"}]}]},
        {"name": "at", "default": null, "type": ["null", {"type": "long",
          "connect.version": 1, "connect.name": "io.debezium.time.MicroTimestamp"}]},
        {"name": "day", "type": ["null", {"type": "int",
          "connect.name": "io.debezium.time.Date"}]},
        {"name": "raw", "type": ["null", "bytes"]},
        {"name": "tags", "type": ["null", {"type": "array", "items": ["null", "string"]}]},
        {"name": "rate", "type": ["double", "null"]}]}
      """;

  static final Schema ENVELOPE =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Envelope", "namespace": "shop.public.things", "fields": [
                {"name": "before", "type": ["null", %s], "default": null},
                {"name": "after", "type": ["null", "Value"], "default": null},
                {"name": "source", "type": {"type": "record", "name": "Source", "fields": [
                  {"name": "connector", "type": "string"},
                  {"name": "ts_ms", "type": "long"},
                  {"name": "snapshot", "type": [{"type": "string",
                    "connect.name": "io.debezium.data.Enum"}, "null"], "default": "false"},
                  {"name": "schema", "type": "string"},
                  {"name": "table", "type": "string"},
                  {"name": "lsn", "type": ["null", "long"], "default": null}]}},
                {"name": "op", "type": "string"},
                {"name": "ts_ms", "type": ["null", "long"], "default": null}]}
              """
                  .formatted(ROW));

  static final Schema KEY =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Key", "namespace": "shop.public.things",
               "fields": [{"name": "id", "type": "int"}]}
              """);

  static GenericRecord row() {
    Schema schema = ENVELOPE.getField("after").schema().getTypes().get(1);
    GenericRecord row = new GenericData.Record(withRow());
    row.put("id", 1);
    row.put("name", "n\u00e9");
    row.put("amount", ByteBuffer.wrap(BigInteger.valueOf(1050).toByteArray()));
    GenericRecord free = new GenericData.Record(schema.getField("free").schema().getTypes().get(1));
    free.put("scale", 3);
    free.put("value", ByteBuffer.wrap(BigInteger.valueOf(-12345).toByteArray()));
    row.put("free", free);
    row.put("at", 1_700_000_000_123_456L);
    row.put("day", 19_000);
    row.put("raw", ByteBuffer.wrap(new byte[] {0, -1}));
    row.put("tags", Arrays.asList("a", null));
    row.put("rate", Double.NaN);
    return row;
  }

  static Schema withRow() {
    return ENVELOPE.getField("before").schema().getTypes().get(1);
  }

  static GenericRecord event(String op, GenericRecord before, GenericRecord after) {
    GenericRecord source = new GenericData.Record(ENVELOPE.getField("source").schema());
    source.put("connector", "postgresql");
    source.put("ts_ms", 1_700L);
    source.put("snapshot", "false");
    source.put("schema", "public");
    source.put("table", "things");
    source.put("lsn", 100L);
    GenericRecord event = new GenericData.Record(ENVELOPE);
    event.put("before", before);
    event.put("after", after);
    event.put("source", source);
    event.put("op", op);
    event.put("ts_ms", 1_800L);
    return event;
  }

  static byte[] avro(byte[] header, GenericRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header);
    try {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  static byte[] confluent(int id) {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
  }

  private AvroEvents() {}
}
