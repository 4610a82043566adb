package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.read.ReadFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same changes in Datastream's JSON and in its Avro, from files to rows. */
class DatastreamTest {
  private static final Schema EVENT =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "shop_items", "fields": [
                {"name": "read_method", "type": "string"},
                {"name": "source_timestamp",
                 "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "source_metadata", "type": {"type": "record", "name": "source_metadata",
                 "fields": [
                  {"name": "table", "type": "string"},
                  {"name": "database", "type": "string"},
                  {"name": "log_file", "type": ["null", "string"]},
                  {"name": "log_position", "type": ["null", "long"]},
                  {"name": "change_type", "type": ["null", "string"]},
                  {"name": "is_deleted", "type": ["null", "boolean"]}]}},
                {"name": "payload", "type": {"type": "record", "name": "payload", "fields": [
                  {"name": "id", "type": ["null", "long"]},
                  {"name": "title", "type": ["null",
                    {"type": "string", "logicalType": "varchar", "length": 40}]},
                  {"name": "price", "type": ["null",
                    {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}]},
                  {"name": "sold_at", "type": ["null",
                    {"type": "long", "logicalType": "timestamp-micros"}]}]}}]}
              """);

  private static Replication replication;

  @TempDir Path folder;

  /** Backfilled; then one is updated twice, one deleted, one changes its key. */
  private static final List<Event> EVENTS =
      List.of(
          new Event(
              "mysql-cdc-binlog",
              9,
              1_000,
              "UPDATE-INSERT",
              1,
              "lamp",
              1990,
              1_777_636_805_000_001L),
          new Event("mysql-backfill-fulldump", 0, 0, "INSERT", 1, "lmap", 1990, 0),
          new Event("mysql-backfill-fulldump", 0, 0, "INSERT", 2, "desk", 15000, 0),
          new Event("mysql-backfill-fulldump", 0, 0, "INSERT", 3, "sofa", 99900, 0),
          new Event(
              "mysql-cdc-binlog", 10, 4, "UPDATE-INSERT", 1, "lamp", 1750, 1_777_636_805_000_001L),
          new Event("mysql-cdc-binlog", 9, 2_000, "DELETE", 2, "desk", 15000, 0),
          new Event("mysql-cdc-binlog", 10, 200, "UPDATE-INSERT", 4, "sofa", 99900, 0),
          new Event("mysql-cdc-binlog", 10, 200, "UPDATE-DELETE", 3, "sofa", 99900, 0));

  private record Event(
      String method,
      int file,
      long position,
      String change,
      long id,
      String title,
      long cents,
      long soldAtMicros) {

    private boolean isDeleted() {
      return change.endsWith("DELETE");
    }

    String json() {
      return """
      {"uuid":"u","read_timestamp":"2026-05-01T12:00:08.408Z","source_timestamp":"2026-05-01T12:00:05.000","object":"shop_items","read_method":"%s","sort_keys":[],"source_metadata":{"table":"items","database":"shop","log_file":%s,"log_position":%s,"change_type":"%s","is_deleted":%s},"payload":{"id":%d,"title":"%s","price":%s,"sold_at":%s}}"""
          .formatted(
              method,
              file == 0 ? null : "\"bin." + file + '"',
              file == 0 ? null : position,
              change,
              isDeleted(),
              id,
              title,
              cents / 100 + "." + cents % 100,
              soldAtMicros == 0 ? null : "\"2026-05-01T12:00:05.000001Z\"");
    }

    GenericRecord avro() {
      GenericRecord metadata = new GenericData.Record(EVENT.getField("source_metadata").schema());
      metadata.put("table", "items");
      metadata.put("database", "shop");
      metadata.put("log_file", file == 0 ? null : "bin." + file);
      metadata.put("log_position", file == 0 ? null : position);
      metadata.put("change_type", change);
      metadata.put("is_deleted", isDeleted());
      GenericRecord payload = new GenericData.Record(EVENT.getField("payload").schema());
      payload.put("id", id);
      payload.put("title", title);
      payload.put("price", ByteBuffer.wrap(BigInteger.valueOf(cents).toByteArray()));
      payload.put("sold_at", soldAtMicros == 0 ? null : soldAtMicros);
      GenericRecord event = new GenericData.Record(EVENT);
      event.put("read_method", method);
      event.put("source_timestamp", 1_777_636_805_000L);
      event.put("source_metadata", metadata);
      event.put("payload", payload);
      return event;
    }
  }

  @BeforeAll
  static void startWarehouse() throws Exception {
    replication = Replication.start("datastream");
  }

  @AfterAll
  static void stopWarehouse() {
    if (replication != null) {
      replication.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void jsonGivesTheRowsOfTheSource(TestRunner runner) throws Exception {
    Path file = folder.resolve("items.jsonl");
    Files.write(file, EVENTS.stream().map(Event::json).toList());
    assertRows(runner, "json", file);
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void avroGivesTheSame(TestRunner runner) throws Exception {
    assertRows(runner, "avro", avroFile());
  }

  private Path avroFile() throws IOException {
    Path file = folder.resolve("items.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(EVENT))) {
      writer.setCodec(CodecFactory.snappyCodec()).setSyncInterval(64);
      writer.create(EVENT, file.toFile());
      for (Event event : EVENTS) {
        writer.append(event.avro());
      }
    }
    return file;
  }

  private static void assertRows(TestRunner runner, String kind, Path file) throws Exception {
    String table = kind + "_" + runner.name().toLowerCase(Locale.ROOT);
    Contract contract =
        Contract.parse(
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: shop
            version: 1.0.0
            status: active
            schema:
              - name: %s
                physicalName: shop.items
                properties:
                  - {name: id, physicalType: bigint, primaryKey: true}
                  - {name: title, physicalType: varchar(40)}
                  - {name: price, physicalType: "numeric(8,2)"}
                  - {name: sold_at, physicalType: timestamptz}
            """
                .formatted(table),
            table);
    replication.run(
        runner,
        "public",
        contract,
        ReadFiles.matching(file.toString()),
        ParseChanges.as(ChangeFormat.DATASTREAM, contract));
    assertThat(
        replication.query(
            "SELECT id, title, price, sold_at = '2026-05-01T12:00:05.000001Z' FROM "
                + table
                + "_live ORDER BY 1"),
        contains("1|lamp|17.50|t", "4|sofa|999.00|null"));
    assertThat(
        replication.query("SELECT id FROM " + table + " WHERE _deleted ORDER BY 1"),
        contains("2", "3"));
  }

  @Test
  void damagedAvroFileStopsTheRunAndNamesThePlace() throws Exception {
    Path file = avroFile();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
    RuntimeException failure =
        assertThrows(RuntimeException.class, () -> assertRows(TestRunner.DIRECT, "damaged", file));
    assertThat(failure.getMessage(), containsString("items.avro:8: the Avro file is damaged"));
  }
}
