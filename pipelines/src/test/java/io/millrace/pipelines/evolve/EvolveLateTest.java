package io.millrace.pipelines.evolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.event.DerivedTables;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract.Kind;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.event.ParseEvents;
import io.millrace.transforms.event.ParsedEvents;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code evolve} makes of events that come late. */
class EvolveLateTest {
  private static final String CONTRACT =
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
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: at, physicalType: timestamptz}
            - {name: customer, physicalType: bigint}
        - name: customers
          physicalName: gold.customers
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: purchases}
            - {property: horizon, value: PT1H}
          properties: COLUMNS
        - name: hasty_customers
          physicalName: gold.hasty_customers
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: purchases}
            - {property: horizon, value: PT0S}
          properties: COLUMNS
      """
          .replace(
              "COLUMNS",
              """
              [{name: customer, physicalType: bigint, primaryKey: true},
                {name: purchases, physicalType: bigint,
                 customProperties: [{property: value, value: count}]},
                {name: last_id, physicalType: text,
                 customProperties: [{property: value, value: last(id)}]},
                {name: said, physicalType: bigint,
                 customProperties: [{property: value, value: revision}]}]
              """);

  @TempDir Path directory;

  @Test
  void lateEventsAreFoldedInWithinTheHorizonAndKeptBeyondIt() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start("warehouse")) {
      EventScene scene = new EventScene(postgres, "late", directory);
      scene.contract(CONTRACT);
      EvolveOptions options =
          PipelineOptionsFactory.fromArgs(scene.arguments().toArray(String[]::new))
              .as(EvolveOptions.class);
      options.setRunner(DirectRunner.class);
      options.setRun("late");
      Contract contract = InputFiles.contract(options);
      WarehouseTables.prepare(Warehouses.of(options), DerivedTables.of(contract, Kind.ENTITY));

      Pipeline pipeline = Pipeline.create(options);
      TestStream<RecordBlock> purchases =
          TestStream.create(RecordBlockCoder.of())
              .addElements(purchase("a", "2026-05-01T10:00:00Z"))
              .addElements(purchase("b", "2026-05-01T11:50:00Z"))
              .advanceWatermarkTo(Instant.parse("2026-05-01T12:00:00Z"))
              .addElements(purchase("c", "2026-05-01T11:30:00Z"))
              .addElements(purchase("d", "2026-05-01T10:30:00Z"))
              .addElements(purchase("e", "2026-05-01T12:30:00Z"))
              .advanceWatermarkToInfinity();
      PCollection<RecordBlock> blocks = pipeline.apply("Read", purchases);
      DerivedTables tables = new DerivedTables(pipeline, options, contract, Kind.ENTITY);
      ParsedEvents parsed = blocks.apply("Parse", ParseEvents.of(contract));
      tables.addRead(parsed);
      Evolve.keep(parsed.events(), false, options, contract, tables);
      tables.write();
      pipeline.run().waitUntilFinish();

      assertThat(
          scene.query("SELECT (purchases, last_id, said)::text FROM customers"),
          contains("(4,e,4)"));
      assertThat(
          scene.query("SELECT (purchases, last_id, said)::text FROM hasty_customers"),
          contains("(3,e,3)"));
      assertThat(scene.query("SELECT id FROM purchases_late ORDER BY id"), contains("c", "d"));
      assertThat(
          scene.query(
              """
              SELECT (event, extract(hour FROM hour AT TIME ZONE 'UTC'), in_time, late,
                  too_late)::text
              FROM late_counts WHERE run = 'late' ORDER BY hour
              """),
          contains("(purchases,10,1,0,1)", "(purchases,11,1,1,0)", "(purchases,12,1,0,0)"));
      assertThat(
          "what came too late for one table, but not for the other, is accepted",
          scene.ledger("late"),
          contains("purchase: 5 = 4 + 0 + 1 + 0 + 0"));
    }
  }

  private static TimestampedValue<RecordBlock> purchase(String id, String at) {
    String json = "{\"id\":\"%s\",\"at\":\"%s\",\"customer\":7}".formatted(id, at);
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    writer.add(0, Instant.parse(at).getMillis(), null, ByteBuffer.wrap(json.getBytes(UTF_8)));
    return TimestampedValue.of(RecordBlock.of("purchases", 0, writer.take()), Instant.parse(at));
  }
}
