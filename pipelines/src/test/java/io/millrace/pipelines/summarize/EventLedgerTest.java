package io.millrace.pipelines.summarize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

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
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunLedger;
import io.millrace.transforms.warehouse.Ledger;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conservation: whatever comes, the ledger of events has it, once and under what it was. */
class EventLedgerTest {
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
          customProperties: [{property: kind, value: event}, {property: eventTime, value: at}]
          properties: COLUMNS
        - name: visits
          physicalName: visit
          customProperties: [{property: kind, value: event}, {property: eventTime, value: at}]
          properties: COLUMNS
        - name: purchases_per_minute
          physicalName: gold.purchases_per_minute
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1M}
            - {property: allowedLateness, value: PT1M}
          properties: TOTALS
        - name: purchases_in_time
          physicalName: gold.purchases_in_time
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1M}
          properties: TOTALS
      """
          .replace(
              "COLUMNS",
              """
              [{name: id, physicalType: text, primaryKey: true},
                {name: at, physicalType: timestamptz}]
              """)
          .replace(
              "TOTALS",
              """
              [{name: window_start, physicalType: timestamptz, primaryKey: true,
                 customProperties: [{property: value, value: window_start}]},
                {name: purchases, physicalType: bigint,
                 customProperties: [{property: value, value: count}]}]
              """);

  private static final Instant BEGIN = Instant.parse("2026-05-01T10:00:00Z");
  private static final int STEPS = 40;

  @TempDir Path directory;

  @Test
  void whatIsReadIsAccountedForToTheLastEvent() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start("warehouse")) {
      EventScene scene = new EventScene(postgres, "ledger", directory);
      scene.contract(CONTRACT);
      SummarizeOptions options =
          PipelineOptionsFactory.fromArgs(scene.arguments().toArray(String[]::new))
              .as(SummarizeOptions.class);
      options.setRunner(DirectRunner.class);
      options.setBuckets(4);
      Contract contract = InputFiles.contract(options);
      WarehouseTables.prepare(Warehouses.of(options), DerivedTables.of(contract, Kind.SUMMARY));
      for (int seed = 0; seed < 2; seed++) {
        options.setRun("seed" + seed);
        EventStream stream = new EventStream(new Random(seed));
        Ledger ledger = Ledger.in(Warehouses.of(options));
        ledger.begin(options.getRun());
        run(stream.events(), options, contract);
        RunLedger read = ledger.read(options.getRun()).orElseThrow();
        assertThat("seed " + seed, read.imbalances(), is(empty()));
        assertThat("seed " + seed, read.events(), is(stream.expected));
      }
    }
  }

  private static void run(
      TestStream<RecordBlock> events, SummarizeOptions options, Contract contract) {
    Pipeline pipeline = Pipeline.create(options);
    ParsedEvents parsed =
        pipeline
            .apply("Read", events)
            .apply("Parse", ParseEvents.of(contract))
            .withoutDuplicates(Duration.standardDays(1));
    DerivedTables tables = new DerivedTables(pipeline, options, contract, Kind.SUMMARY);
    tables.addRead(parsed);
    Summarize.keep(parsed.events(), options, contract, tables);
    tables.write();
    pipeline.run().waitUntilFinish();
  }

  /** Events of any kind, a watermark between them, and what the ledger must say of them. */
  private static final class EventStream {
    final Map<String, ChangeCounts> expected = new TreeMap<>();
    private final Random random;
    private final Set<String> known = new HashSet<>();
    private Instant watermark = BEGIN;

    EventStream(Random random) {
      this.random = random;
    }

    TestStream<RecordBlock> events() {
      TestStream.Builder<RecordBlock> events =
          TestStream.create(RecordBlockCoder.of()).advanceWatermarkTo(watermark);
      for (int i = 0; i < STEPS; i++) {
        if (random.nextInt(4) == 0) {
          watermark = watermark.plus(Duration.standardSeconds(1 + random.nextInt(90)));
          events = events.advanceWatermarkTo(watermark);
        } else {
          events = events.addElements(record(), record(), record(), record());
        }
      }
      return events.advanceWatermarkToInfinity();
    }

    private TimestampedValue<RecordBlock> record() {
      Instant at = watermark.plus(Duration.millis(random.nextInt(240_000) - 120_000));
      String type = random.nextInt(3) == 0 ? "visit" : "purchase";
      String id = "id" + random.nextInt(3 * STEPS);
      return switch (random.nextInt(10)) {
        case 0 -> {
          count("", ChangeCounts.builder().setControl(1));
          yield block(type, at, "");
        }
        case 1 -> {
          count(type, ChangeCounts.builder().setRejected(1));
          yield block(type, at, "{\"id\":\"%s\",\"at\":\"no time\"}".formatted(id));
        }
        case 2 -> {
          count("", ChangeCounts.builder().setRejected(1));
          yield block("unknown", at, "{}");
        }
        default -> {
          count(type, outcome(type, id, at));
          yield block(type, at, "{\"id\":\"%s\",\"at\":\"%s\"}".formatted(id, at));
        }
      };
    }

    private ChangeCounts.Builder outcome(String type, String id, Instant at) {
      ChangeCounts.Builder one = ChangeCounts.builder();
      if (!known.add(type + " " + id)) {
        return one.setDuplicate(1);
      }
      if (type.equals("visit")) {
        return one.setControl(1);
      }
      boolean isLate = at.isBefore(watermark.minus(Duration.standardMinutes(1)));
      return isLate ? one.setLate(1) : one.setAccepted(1);
    }

    private void count(String type, ChangeCounts.Builder one) {
      expected.merge(type, one.setRead(1).build(), ChangeCounts::plus);
    }

    private static TimestampedValue<RecordBlock> block(String topic, Instant at, String json) {
      RecordBlock.Writer writer = new RecordBlock.Writer(64);
      writer.add(0, at.getMillis(), null, ByteBuffer.wrap(json.getBytes(UTF_8)));
      return TimestampedValue.of(RecordBlock.of(topic, 0, writer.take()), at);
    }
  }
}
