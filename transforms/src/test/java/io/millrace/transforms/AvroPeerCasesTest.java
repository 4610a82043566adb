package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.registry.HttpSchemaRegistry;
import io.millrace.transforms.registry.LocalRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * RisingWave's cases of Debezium's Avro, where they lie beside the project in {@code
 * ../shared/peercases}; skipped where they do not. They are in Avro's JSON encoding there, and are
 * made binary here, as Confluent's converter would have.
 */
@EnabledIf(
    value = "io.millrace.transforms.PeerFiles#areThere",
    disabledReason = "no ../shared/peercases beside the project")
class AvroPeerCasesTest {
  private static final int KEY = 1;
  private static final int VALUE = 2;

  private static Replication replication;
  private static LocalRegistry registry;

  @BeforeAll
  static void startServers() throws Exception {
    replication = Replication.start("avro");
    registry = LocalRegistry.start();
  }

  @AfterAll
  static void stopServers() {
    if (replication != null) {
      replication.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void insertsUpdatesAndDeletesInAvro(TestRunner runner) throws Exception {
    String table = "avro_" + runner.name().toLowerCase(Locale.ROOT);
    Contract contract =
        Contract.parse(
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: peers
            version: 1.0.0
            status: active
            schema:
              - name: %s
                physicalName: public.orders
                properties:
                  - {name: order_id, physicalType: integer, primaryKey: true}
                  - {name: order_date, physicalType: bigint}
                  - {name: customer_name, physicalType: text}
                  - {name: price, physicalType: numeric}
                  - {name: product_id, physicalType: integer}
                  - {name: order_status, physicalType: smallint}
            """
                .formatted(table),
            table);
    replication.run(
        runner,
        contract,
        ParseChanges.as(ChangeFormat.DEBEZIUM, contract)
            .withSchemaRegistry(HttpSchemaRegistry.at(registry.url())),
        records("risingwave/test_data/debezium_non_compact_avro_json.txt"));
    assertThat(
        replication.query(
            "SELECT order_id, order_date, customer_name, price, product_id, order_status FROM "
                + table
                + "_live ORDER BY 1"),
        contains("2|1558430840001|Alice|null|2|1", "3|1558430840002|Alice|null|2|1"));
    assertThat(
        replication.query("SELECT customer_name, product_id FROM " + table + " WHERE _deleted"),
        contains("Bob|3"));
  }

  /** The first line holds both schemas, the others a key and a value each. */
  private static RecordBlock records(String file) throws IOException {
    List<String> lines = PeerFiles.records(file);
    String[] schemas = lines.get(0).split("\\^", -1);
    registry.put(KEY, schemas[0]);
    registry.put(VALUE, schemas[1]);
    Schema key = new Schema.Parser().parse(schemas[0]);
    Schema value = new Schema.Parser().parse(schemas[1]);
    RecordBlock.Writer block = new RecordBlock.Writer(1 << 12);
    long offset = 0;
    for (String line : lines.subList(1, lines.size())) {
      int caret = line.indexOf('^');
      if (caret >= 0) {
        byte[] keyBytes = binary(KEY, key, line.substring(0, caret));
        byte[] valueBytes =
            caret + 1 == line.length() ? null : binary(VALUE, value, line.substring(caret + 1));
        int length = valueBytes == null ? 0 : valueBytes.length;
        block.add(offset++, 0, 0, keyBytes, valueBytes, 0, length);
      }
    }
    return RecordBlock.of("postgres.public.orders", 0, block.take());
  }

  private static byte[] binary(int id, Schema schema, String json) throws IOException {
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().jsonDecoder(schema, json));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }
}
