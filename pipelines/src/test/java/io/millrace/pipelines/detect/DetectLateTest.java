package io.millrace.pipelines.detect;

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
import java.nio.file.Files;
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

/** What {@code detect} makes of events that come late. */
class DetectLateTest {
  @TempDir Path directory;

  @Test
  void eventsThatTheWatermarkHasPassedAreKeptAndCountedAndMakeNoAlert() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start("warehouse")) {
      EventScene scene = new EventScene(postgres, "late", directory);
      scene.contract(Files.readString(Path.of("../docs/examples/payments.odcs.yaml")));
      DetectOptions options =
          PipelineOptionsFactory.fromArgs(scene.arguments().toArray(String[]::new))
              .as(DetectOptions.class);
      options.setRunner(DirectRunner.class);
      options.setRun("late");
      options.setRules(
          Files.writeString(
                  directory.resolve("rules.yaml"),
                  "rules: [{name: two, event: payments, key: card,"
                      + " velocity: {moreThan: 1, within: PT1M}}]")
              .toString());
      Contract contract = InputFiles.contract(options);
      WarehouseTables.prepare(Warehouses.of(options), DerivedTables.of(contract, Kind.ALERTS));

      Pipeline pipeline = Pipeline.create(options);
      TestStream<RecordBlock> payments =
          TestStream.create(RecordBlockCoder.of())
              .addElements(payment("a", "2026-05-01T10:00:30Z"))
              .advanceWatermarkTo(Instant.parse("2026-05-01T10:01:00Z"))
              .addElements(payment("late", "2026-05-01T10:00:59.999Z"))
              .addElements(payment("c", "2026-05-01T10:01:15Z"))
              .addElements(payment("b", "2026-05-01T10:01:00Z"))
              .advanceWatermarkToInfinity();
      PCollection<RecordBlock> blocks = pipeline.apply("Read", payments);
      DerivedTables written = new DerivedTables(pipeline, options, contract, Kind.ALERTS);
      ParsedEvents parsed = blocks.apply("Parse", ParseEvents.of(contract));
      written.addRead(parsed);
      DetectAlerts.keep(parsed.events(), options, contract, written);
      written.write();
      pipeline.run().waitUntilFinish();

      assertThat(
          scene.query("SELECT event_ids::text FROM payment_alerts"), contains("[\"a\", \"b\"]"));
      assertThat(scene.query("SELECT id FROM payments_late"), contains("late"));
      assertThat(
          scene.query("SELECT (in_time, late, too_late)::text FROM late_counts"),
          contains("(3,0,1)"));
      assertThat(scene.ledger("late"), contains("payment: 4 = 3 + 0 + 1 + 0 + 0"));
    }
  }

  private static TimestampedValue<RecordBlock> payment(String id, String at) {
    String json = "{\"id\":\"%s\",\"at\":\"%s\",\"card\":\"c\",\"amount\":1}".formatted(id, at);
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    writer.add(0, Instant.parse(at).getMillis(), null, ByteBuffer.wrap(json.getBytes(UTF_8)));
    return TimestampedValue.of(RecordBlock.of("payment", 0, writer.take()), Instant.parse(at));
  }
}
