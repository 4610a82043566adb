package io.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.image.EventRows;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.warehouse.TestWarehouse;
import io.millrace.transforms.warehouse.WarehouseTables;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ParseEventsTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: shop
          version: 1.0.0
          status: active
          schema:
            - name: purchases
              physicalName: purchase
              customProperties:
                - {property: kind, value: event}
                - {property: eventTime, value: at}
                - {property: eventSource, value: till}
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: at, physicalType: timestamptz}
                - {name: till, physicalType: text}
                - {name: total, physicalType: "numeric(10,2)"}
          """,
          "shop.yaml");

  private static final ParseEvents PARSE =
      ParseEvents.of(CONTRACT).withClock(Clock.fixed(NOON, ZoneOffset.UTC));

  private static String purchase(int id, String at) {
    return "{\"id\":" + id + ",\"at\":\"" + at + "\",\"till\":\"t1\",\"total\":12.50}";
  }

  private static RecordBlock block(byte[]... values) {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    for (int i = 0; i < values.length; i++) {
      byte[] value = values[i];
      writer.add(i, 0, NOON.toEpochMilli(), new byte[] {'k'}, value, 0, value.length);
    }
    return RecordBlock.of("purchases", 0, writer.take());
  }

  private static RecordBlock block(String... values) {
    return block(Arrays.stream(values).map(value -> value.getBytes(UTF_8)).toArray(byte[][]::new));
  }

  /** An event with its timestamp. */
  static final class ShowFn extends DoFn<BusinessEvent, String> {
    private static final EventRows TOTAL = EventRows.of(CONTRACT.events().get(0), "total");

    @ProcessElement
    public void process(
        @Element BusinessEvent event,
        @Timestamp org.joda.time.Instant timestamp,
        OutputReceiver<String> out) {
      out.output(event.origin() + " " + timestamp + " " + TOTAL.values(event)[0]);
    }
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void eventsHaveTheirTimesAndBadOnesGoAside(TestRunner runner) {
    String broken = "{\"id\":";
    String future = purchase(3, "2026-05-01T13:00:01Z");
    Pipeline pipeline = runner.pipeline();
    ParsedEvents parsed =
        pipeline
            .apply(
                Create.of(
                    block(
                        purchase(1, "2026-05-01T11:00:00.0019Z"),
                        broken,
                        future,
                        "",
                        purchase(2, "2026-04-01T11:00:00Z"))))
            .apply(PARSE);
    PAssert.that(parsed.events().apply(ParDo.of(new ShowFn())))
        .containsInAnyOrder(
            "purchases-0@0 2026-05-01T11:00:00.001Z 12.50",
            "purchases-0@4 2026-04-01T11:00:00.000Z 12.50");
    PAssert.that(
            parsed
                .deadLetters()
                .apply(MapElements.into(TypeDescriptors.strings()).via(ParseEventsTest::tell)))
        .containsInAnyOrder(
            "PARSE MALFORMED purchase purchases-0@1 k EVENTS " + broken,
            "PARSE BAD_TIME purchase purchases-0@2 k EVENTS " + future);
    PAssert.that(parsed.counts())
        .containsInAnyOrder(
            List.of(
                KV.of("purchase", ChangeCounts.builder().setRead(4).setRejected(2).build()),
                KV.of("", ChangeCounts.builder().setRead(1).setControl(1).build())));
    pipeline.run().waitUntilFinish();
  }

  private static String tell(DeadLetter letter) {
    return String.join(
        " ",
        letter.stage().name(),
        letter.reason().name(),
        letter.table(),
        letter.origin().toString(),
        new String(letter.recordKey(), UTF_8),
        letter.format().name(),
        new String(letter.record(), UTF_8));
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void eventOlderThanTheWatermarkIsHandedOn(TestRunner runner) {
    org.joda.time.Instant noon = org.joda.time.Instant.ofEpochMilli(NOON.toEpochMilli());
    Pipeline pipeline = runner.pipeline();
    ParsedEvents parsed =
        pipeline
            .apply(
                TestStream.create(RecordBlockCoder.of())
                    .advanceWatermarkTo(noon.minus(Duration.standardMinutes(1)))
                    .addElements(
                        TimestampedValue.of(
                            block(
                                purchase(1, "2020-01-01T00:00:00Z"),
                                purchase(2, "2026-05-01T12:00:00Z")),
                            noon))
                    .advanceWatermarkToInfinity())
            .apply(PARSE);
    PAssert.that(parsed.events().apply(ParDo.of(new ShowFn())))
        .containsInAnyOrder(
            "purchases-0@0 2020-01-01T00:00:00.000Z 12.50",
            "purchases-0@1 2026-05-01T12:00:00.000Z 12.50");
    pipeline.run().waitUntilFinish();
  }

  @Test
  void futureToleranceIsWhatWasAskedFor() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<RecordBlock> blocks =
        pipeline.apply(
            Create.of(
                block(purchase(1, "2026-05-01T12:00:00Z"), purchase(2, "2026-05-01T12:00:01Z"))));
    PAssert.that(
            blocks
                .apply(PARSE.withFutureTolerance(Duration.ZERO))
                .events()
                .apply(ParDo.of(new ShowFn())))
        .containsInAnyOrder("purchases-0@0 2026-05-01T12:00:00.000Z 12.50");
    pipeline.run().waitUntilFinish();
    Duration negative = Duration.millis(-1);
    assertThrows(IllegalArgumentException.class, () -> PARSE.withFutureTolerance(negative));
  }

  @Test
  void avroOfARegistryIsReadAsJsonIs() throws Exception {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    SchemaRegistry registry = () -> id -> id == 7 ? AVRO : null;
    ParsedEvents parsed =
        pipeline
            .apply(
                Create.of(
                    block(avro(7), avro(8), purchase(3, "2026-05-01T11:00:00Z").getBytes(UTF_8))))
            .apply(PARSE.withSchemaRegistry(registry));
    PAssert.that(parsed.events().apply(ParDo.of(new ShowFn())))
        .containsInAnyOrder(
            "purchases-0@0 2026-05-01T11:59:00.000Z 12.50",
            "purchases-0@2 2026-05-01T11:00:00.000Z 12.50");
    PAssert.thatSingleton(
            parsed
                .deadLetters()
                .apply(MapElements.into(TypeDescriptors.strings()).via(DeadLetter::message)))
        .isEqualTo("the schema registry has no schema 8, which the record names");
    pipeline.run().waitUntilFinish();
  }

  private static final String AVRO =
      """
      {"type": "record", "name": "Purchase", "namespace": "shop", "fields": [
        {"name": "id", "type": "long"},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "till", "type": ["null", "string"]},
        {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}}]}
      """;

  private static byte[] avro(int schemaId) throws IOException {
    Schema schema = new Schema.Parser().parse(AVRO);
    GenericRecord purchase = new GenericData.Record(schema);
    purchase.put("id", 1L);
    purchase.put("at", 1_777_636_740_000_000L);
    purchase.put("total", ByteBuffer.wrap(BigDecimal.valueOf(1250).toBigInteger().toByteArray()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(purchase, encoder);
    return out.toByteArray();
  }

  @Test
  void registryThatIsAwayFailsTheRun() throws Exception {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    SchemaRegistry away =
        () ->
            id -> {
              throw new SchemaRegistryException("the registry is away", null);
            };
    pipeline.apply(Create.of(block(avro(7)))).apply(PARSE.withSchemaRegistry(away));
    RuntimeException failure =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(failure.getMessage(), containsString("the registry is away"));
  }

  @Test
  void windowedBlocksAreRefused() {
    PCollection<RecordBlock> windowed =
        TestRunner.DIRECT
            .pipeline()
            .apply(Create.of(block("{}")))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> windowed.apply(PARSE));
    assertThat(refused.getMessage(), containsString("only what is in the global window"));
  }

  @Test
  void contractWithoutEventsIsRefused() {
    Contract tables =
        Contract.parse(
            """
            {apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,
             schema: [{name: t, properties: [{name: id, physicalType: bigint, primaryKey: true}]}]}
            """,
            "s");
    assertThrows(IllegalArgumentException.class, () -> ParseEvents.of(tables));
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void eventsBecomeRowsOfATableWhichACopyDoesNotChange(TestRunner runner) {
    try (TestWarehouse database = TestWarehouse.create()) {
      WarehouseTables.prepare(database.warehouse(), CONTRACT);
      Pipeline pipeline = runner.pipeline();
      pipeline
          .apply(
              Create.of(
                  block(
                      purchase(1, "2026-05-01T11:00:00Z"),
                      purchase(2, "2026-05-01T10:00:00.000001Z").replace(",\"total\":12.50", ""),
                      purchase(1, "2026-05-01T11:00:00Z"))))
          .apply(PARSE)
          .events()
          .apply(ConvertEvents.toChanges(CONTRACT))
          .apply(WriteWarehouse.to(database.warehouse(), CONTRACT));
      pipeline.run().waitUntilFinish();
      String columns = "id || ' ' || till || ' ' || coalesce(total::text, '-') || ' '";
      String times = " || (at AT TIME ZONE 'UTC') || ' ' || (at = _committed_at)";
      assertThat(
          database.query("SELECT " + columns + times + " FROM purchases"),
          containsInAnyOrder(
              "1 t1 12.50 2026-05-01 11:00:00 true", "2 t1 - 2026-05-01 10:00:00.000001 true"));
      assertThat(
          database.query("SELECT count(*) FROM purchases WHERE coalesce(_filled, '{}') <> '{}'"),
          is(List.of("0")));
    }
  }
}
