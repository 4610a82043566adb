package io.millrace.transforms.enrich;

import static io.millrace.transforms.enrich.Told.at;
import static io.millrace.transforms.enrich.Told.second;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.transforms.PeerFiles;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Joins with versioned tables from the tests of other projects, where these lie beside the project
 * in {@code ../shared/peercases}; skipped where they do not. Where the answers differ, {@code
 * docs/enrich.md} says why.
 */
@EnabledIf(
    value = "io.millrace.transforms.PeerFiles#areThere",
    disabledReason = "no ../shared/peercases beside the project")
class AsOfPeerCasesTest {
  private static final String KAFKA = "kafka-streams-joins/StreamTableJoin%s.json";

  /**
   * Kafka Streams answers at once, and never again; here, the watermark follows each record, less
   * the grace, so that a fact is answered as soon, and a late version corrects the answer: {@code
   * f}, the last of the records, comes into force together with {@code A}, the first fact. Seconds
   * stand for the case's milliseconds.
   */
  @ParameterizedTest
  @CsvSource({
    "DIRECT, IntegrationTest-testInnerWithVersionedStore",
    "FLINK_STREAMING, IntegrationTest-testInnerWithVersionedStore",
    "DIRECT, IntegrationTest-testLeftWithVersionedStore",
    "FLINK_STREAMING, IntegrationTest-testLeftWithVersionedStore",
    "DIRECT, WithGraceIntegrationTest-testInnerWithVersionedStore",
    "FLINK_STREAMING, WithGraceIntegrationTest-testInnerWithVersionedStore",
    "DIRECT, WithGraceIntegrationTest-testLeftWithVersionedStore",
    "FLINK_STREAMING, WithGraceIntegrationTest-testLeftWithVersionedStore"
  })
  void kafkaStreamsVersionedStore(TestRunner runner, String name) throws IOException {
    JsonNode test = PeerFiles.json(KAFKA.formatted(name));
    boolean isLeft = test.get("join").asText().contains("leftJoin");
    int grace = test.path("grace_ms").asInt(0);
    TestStream.Builder<String> stream = Told.stream();
    int latest = 0;
    List<String> expected = new ArrayList<>();
    for (JsonNode event : test.get("events")) {
      int time = event.get("ts").asInt();
      String words = words(event);
      if (!words.isEmpty()) {
        stream = stream.addElements(at(time, words));
      }
      if (time > latest) {
        latest = time;
        stream = stream.advanceWatermarkTo(second(Math.max(0, latest + 1 - grace)));
      }
      for (JsonNode emitted : event.get("emits")) {
        expected.add(emitted.get("ts").asInt() + " + " + emitted.get("value").asText() + " #0");
      }
    }
    expected.add("3 + A-f " + (isLeft ? "#1" : "#0"));
    if (isLeft) {
      expected.add("3 - A-null #0");
    }
    if (grace > 0) {
      expected.add("15 + E-e #0");
    }
    TimedPipeline timed = new TimedPipeline(runner);
    EnrichedFacts<String, String, String> joined =
        Told.join(
            timed.pipeline().apply(stream.advanceWatermarkToInfinity()),
            join ->
                (isLeft ? join.left() : join.inner())
                    .withCorrectionHorizon(Duration.standardMinutes(5)));
    if (runner == TestRunner.DIRECT) {
      timed.expect(joined.enriched(), AsOfPeerCasesTest::joined, expected.toArray(String[]::new));
    } else {
      Map<String, Long> left = Told.net(expected);
      PAssert.that(joined.enriched())
          .satisfies(
              said -> {
                assertThat(
                    Told.net(
                        StreamSupport.stream(said.spliterator(), false)
                            .map(AsOfPeerCasesTest::joined)
                            .toList()),
                    is(left));
                return null;
              });
    }
    timed.run();
  }

  /** What a record tells; a stream's record without a value is none to Kafka Streams, too. */
  private static String words(JsonNode event) {
    JsonNode value = event.get("value");
    String key = event.get("key").asText();
    if (event.get("side").asText().equals("left")) {
      return value.isNull() ? "" : "fact " + key + " " + value.asText();
    }
    String seq = event.get("seq").asText();
    return value.isNull()
        ? "delete " + key + " " + seq
        : "row " + key + " " + value.asText() + " " + seq;
  }

  private static String joined(KV<String, Enriched<String, String>> said) {
    Enriched<String, String> enriched = said.getValue();
    return "%s %s-%s #%s"
        .formatted(
            enriched.isVoid() ? "-" : "+",
            enriched.fact(),
            enriched.row() == null ? "null" : enriched.row(),
            enriched.revision());
  }

  @ParameterizedTest
  @EnumSource
  void flinkTemporalJoin(TestRunner runner) throws IOException {
    JsonNode test = flink("flink-temporal-join");
    List<TimestampedValue<String>> told = new ArrayList<>();
    for (JsonNode order : test.get("left")) {
      told.add(
          at(
              time(order.get("order_time").asText()),
              "fact " + order.get("currency").asText() + " " + order.get("amount").asText()));
    }
    for (JsonNode rate : test.get("right_versions")) {
      told.add(
          at(
              time(rate.get("rate_time").asText()),
              "row " + rate.get("currency").asText() + " " + rate.get("rate").asText()));
    }
    Map<Long, Long> expected = new TreeMap<>();
    test.get("expected").forEach(amount -> expected.merge(amount.asLong(), 1L, Long::sum));
    TimedPipeline timed = new TimedPipeline(runner);
    EnrichedFacts<String, String, String> joined =
        Told.join(
            timed.pipeline().apply(Create.timestamped(told).withCoder(StringUtf8Coder.of())),
            JoinAsOf::inner);
    PAssert.that(joined.enriched())
        .satisfies(
            said -> {
              Map<Long, Long> amounts = new TreeMap<>();
              said.forEach(
                  each ->
                      amounts.merge(
                          Long.parseLong(each.getValue().fact())
                              * Long.parseLong(each.getValue().row()),
                          1L,
                          Long::sum));
              assertThat(amounts, is(expected));
              return null;
            });
    PAssert.that(joined.unmatched()).empty();
    timed.run();
  }

  private static double time(String text) {
    return LocalDateTime.parse(text, DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"))
        .toEpochSecond(ZoneOffset.UTC);
  }

  /** A fact for each product at each time; what an update took away is a delete just before it. */
  @ParameterizedTest
  @EnumSource
  void flinkVersionedTable(TestRunner runner) throws IOException {
    JsonNode test = flink("flink-versioned-table-doc");
    List<TimestampedValue<String>> told = new ArrayList<>();
    int position = 0;
    for (JsonNode change : test.get("changelog")) {
      String kind = change.get("kind").asText();
      String product = change.get("product_id").asText();
      String row = change.get("product_name").asText() + "," + change.get("price").asText();
      position++;
      told.add(
          at(
              LocalTime.parse(change.get("update_time").asText()).toSecondOfDay(),
              kind.startsWith("-")
                  ? "delete " + product + " " + position
                  : "row " + product + " " + row + " " + position));
    }
    List<String> expected = new ArrayList<>();
    test.get("expected")
        .properties()
        .forEach(
            asOf -> {
              int second = LocalTime.parse(asOf.getKey().replace("as_of_", "")).toSecondOfDay();
              told.add(at(second, "fact p_001 asked"));
              told.add(at(second, "fact p_002 asked"));
              asOf.getValue()
                  .forEach(
                      row ->
                          expected.add(
                              "%s + %s,%s,%s"
                                  .formatted(
                                      second,
                                      row.get(0).asText(),
                                      row.get(1).asText(),
                                      row.get(2).asText())));
            });
    TimedPipeline timed = new TimedPipeline(runner);
    timed.expect(
        Told.join(
                timed.pipeline().apply(Create.timestamped(told).withCoder(StringUtf8Coder.of())),
                JoinAsOf::inner)
            .enriched(),
        said -> "+ " + said.getKey() + "," + said.getValue().row(),
        expected.toArray(String[]::new));
    timed.run();
  }

  private static JsonNode flink(String id) throws IOException {
    return StreamSupport.stream(
            PeerFiles.json("flink-cases.json").get("cases").spliterator(), false)
        .filter(each -> each.get("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
