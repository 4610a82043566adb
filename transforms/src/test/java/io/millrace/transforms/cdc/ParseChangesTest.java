package io.millrace.transforms.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunCounter;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParseChangesTest {
  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: test
          version: 1.0.0
          status: active
          schema:
            - name: things
              physicalName: public.things
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: name, physicalType: varchar(3)}
          """,
          "test contract");

  private static String upsert(int id, String name) {
    return "{\"table\":\"public.things\",\"op\":\"upsert\",\"key\":{\"id\":%d},\"after\":{\"name\":\"%s\"},\"position\":%d}"
        .formatted(id, name, id);
  }

  private static RecordBlock block(String... lines) {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    for (int i = 0; i < lines.length; i++) {
      byte[] value = lines[i].getBytes(UTF_8);
      writer.add(i * 100L, i + 1L, 0, new byte[] {'k'}, value, 0, value.length);
    }
    return RecordBlock.of("things.jsonl", Origin.NO_PARTITION, writer.take());
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void badRecordsGoAsideWithReasonOriginAndBytes(TestRunner runner) {
    String broken = "{\"table\":";
    String tooLong = upsert(2, "long");
    RecordBlock block =
        block(
            upsert(1, "one"),
            broken,
            tooLong,
            upsert(3, "tre"),
            upsert(4, "x").replace("things", "others"));
    Pipeline pipeline = runner.pipeline();
    ParsedChanges parsed =
        pipeline.apply(Create.of(block)).apply(ParseChanges.as(ChangeFormat.CHANGES, CONTRACT));
    PAssert.that(parsed.changes())
        .satisfies(
            changes -> {
              List<String> images = new ArrayList<>();
              changes.forEach(change -> images.add(change.after().json()));
              assertThat(images, containsInAnyOrder("{\"name\":\"one\"}", "{\"name\":\"tre\"}"));
              return null;
            });
    PAssert.that(parsed.deadLetters())
        .satisfies(
            letters -> {
              List<String> told = new ArrayList<>();
              letters.forEach(letter -> told.add(tell(letter)));
              assertThat(
                  told,
                  containsInAnyOrder(
                      "PARSE MALFORMED null null things.jsonl:2 k " + broken,
                      "PARSE BAD_VALUE public.things 80018102 things.jsonl:3 k " + tooLong));
              return null;
            });
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(counter(result, "changes"), equalTo(2L));
    assertThat(counter(result, "records_rejected"), equalTo(2L));
    assertThat(counter(result, "records_of_other_tables"), equalTo(1L));
  }

  @Test
  void recordOfManyRowsIsReadWhollyOrNotAtAll() {
    String good = canal("{\"id\":\"1\"},{\"id\":\"2\"}");
    String bad = canal("{\"id\":\"3\"},{\"id\":\"four\"}");
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    ParsedChanges parsed =
        pipeline
            .apply(Create.of(block(good, bad)))
            .apply(ParseChanges.as(ChangeFormat.CANAL, CONTRACT));
    PAssert.that(
            parsed
                .changes()
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(change -> change.after().json())))
        .containsInAnyOrder("{\"id\":\"1\"}", "{\"id\":\"2\"}");
    PAssert.thatSingleton(
            parsed
                .deadLetters()
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(letter -> new String(letter.record(), UTF_8))))
        .isEqualTo(bad);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(counter(result, "changes"), equalTo(2L));
  }

  private static String canal(String rows) {
    return "{\"database\":\"public\",\"table\":\"things\",\"type\":\"INSERT\",\"data\":["
        + rows
        + "]}";
  }

  private static String tell(DeadLetter letter) {
    return letter.stage()
        + " "
        + letter.reason()
        + " "
        + letter.table()
        + " "
        + letter.position()
        + " "
        + letter.origin()
        + " "
        + new String(letter.recordKey(), UTF_8)
        + " "
        + new String(letter.record(), UTF_8);
  }

  private static long counter(PipelineResult result, String name) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(RunCounter.NAMESPACE, name))
            .build();
    long total = 0;
    for (MetricResult<Long> counter : result.metrics().queryMetrics(filter).getCounters()) {
      total += counter.getAttempted();
    }
    return total;
  }

  /**
   * Flink, streaming, runs the next step inside the parser's output; its failure is not a bad
   * record.
   */
  @Test
  void failureFurtherOnIsNoDeadLetter() {
    Pipeline pipeline = TestRunner.FLINK_STREAMING.pipeline();
    pipeline
        .apply(Create.of(block(upsert(1, "one"))))
        .apply(ParseChanges.as(ChangeFormat.CHANGES, CONTRACT))
        .changes()
        .apply(
            MapElements.into(TypeDescriptors.strings())
                .via(
                    (ChangeEvent change) -> {
                      throw new RejectedRecordException(
                          RejectedRecordException.Reason.REFUSED, "further on");
                    }));
    assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
  }

  /** A record in Avro that names the schema 7. */
  private static RecordBlock avro() {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    writer.add(0, 1, 0, new byte[] {'k'}, new byte[] {0, 0, 0, 0, 7, 'v'}, 0, 6);
    return RecordBlock.of("things", 0, writer.take());
  }

  @Test
  void registryThatIsAwayFailsTheRun() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    SchemaRegistry away =
        () ->
            id -> {
              throw new SchemaRegistryException("the registry is away", null);
            };
    pipeline
        .apply(Create.of(avro()))
        .apply(ParseChanges.as(ChangeFormat.CHANGES, CONTRACT).withSchemaRegistry(away));
    RuntimeException failure =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(failure.getMessage(), containsString("the registry is away"));
  }

  @Test
  void recordWhoseSchemaTheRegistryDoesNotHaveGoesAsideAsItCame() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    SchemaRegistry empty = () -> id -> null;
    ParsedChanges parsed =
        pipeline
            .apply(Create.of(avro()))
            .apply(ParseChanges.as(ChangeFormat.CHANGES, CONTRACT).withSchemaRegistry(empty));
    PAssert.that(parsed.deadLetters())
        .satisfies(
            letters -> {
              DeadLetter letter = letters.iterator().next();
              assertThat(letter.message(), containsString("no schema 7"));
              assertThat(letter.record(), equalTo(new byte[] {0, 0, 0, 0, 7, 'v'}));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void negativeEpochIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ParseChanges.as(ChangeFormat.CHANGES, CONTRACT).withPositionEpoch(-1));
  }

  @Test
  void raisedEpochPutsPositionsBehindAllBefore() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    ParsedChanges early =
        pipeline
            .apply("EarlyBlocks", Create.of(block(upsert(9, "old"))))
            .apply("Early", ParseChanges.as(ChangeFormat.CHANGES, CONTRACT));
    ParsedChanges late =
        pipeline
            .apply("LateBlocks", Create.of(block(upsert(1, "new"))))
            .apply("Late", ParseChanges.as(ChangeFormat.CHANGES, CONTRACT).withPositionEpoch(1));
    PAssert.thatSingleton(early.changes().apply("A", positions())).isEqualTo("8001" + "8109");
    PAssert.thatSingleton(late.changes().apply("B", positions())).isEqualTo("8101" + "01" + "8101");
    pipeline.run().waitUntilFinish();
  }

  private static MapElements<ChangeEvent, String> positions() {
    return MapElements.into(TypeDescriptors.strings())
        .via((ChangeEvent event) -> event.position().toHex());
  }
}
