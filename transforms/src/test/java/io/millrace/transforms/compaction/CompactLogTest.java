package io.millrace.transforms.compaction;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.either;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.TimestampKind;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.landing.CompactedLanding;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.landing.LandedRecords;
import io.millrace.transforms.landing.Landing;
import io.millrace.transforms.landing.LandingException;
import io.millrace.transforms.landing.WriteLanding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a compacted landing has, and when. That it makes the same rows, the laws say; see {@code
 * LawsTest}.
 */
@Timeout(180)
class CompactLogTest {
  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: shop
          version: 1.0.0
          status: active
          schema:
            - name: items
              physicalName: items
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: title, physicalType: text}
                - {name: color, physicalType: text}
          """,
          "test");

  @TempDir Path directory;

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  private static String item(int position, int id, String columns) {
    return """
        {"table":"items","op":"upsert","position":%d,"key":{"id":%d},"after":{%s}}"""
        .formatted(position, id, columns);
  }

  /** Lands records at these offsets, each with a header, in files of four. */
  private void land(String topic, int partition, long end, List<Long> offsets, String... values) {
    RecordBlock.Writer writer = new RecordBlock.Writer(1_000);
    for (int i = 0; i < values.length; i++) {
      byte[] value = values[i].isEmpty() ? null : values[i].getBytes(StandardCharsets.UTF_8);
      writer.add(
          offsets.get(i),
          1_000 + offsets.get(i),
          TimestampKind.LOG_APPEND,
          null,
          value == null ? null : ByteBuffer.wrap(value),
          List.of(RecordHeader.of("n", new byte[] {(byte) i})));
    }
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    pipeline
        .apply(Create.of(RecordBlock.of(topic, partition, 0, end, writer.take())))
        .apply(WriteLanding.to(at("landing")).withBlockOffsets(4));
    pipeline.run().waitUntilFinish();
  }

  private void landAll() {
    land(
        "items",
        0,
        12,
        List.of(1L, 2L, 3L, 5L, 6L, 9L, 10L, 11L),
        item(1, 1, "\"title\":\"chair\",\"color\":\"red\""),
        item(3, 2, "\"title\":\"desk\",\"color\":\"red\""),
        item(4, 1, "\"title\":\"armchair\""),
        "",
        "{",
        "{\"table\":\"items\",\"op\":\"truncate\",\"position\":2}",
        item(4, 1, "\"title\":\"armchair\""),
        item(5, 3, "").replace("items", "others"));
    land("items", 1, 3, List.of(1L), item(6, 2, "\"title\":\"table\",\"color\":\"blue\""));
    land("other", 0, 2, List.of(0L), "{}");
  }

  private CompactLog log() {
    return CompactLog.of(List.of(at("landing")), ChangeFormat.CHANGES, CONTRACT)
        .withBuckets(2)
        .withRecordsPerPart(2)
        .to(at("compacted"));
  }

  private void compact(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    pipeline.apply(log());
    pipeline.run().waitUntilFinish();
  }

  private static List<String> records(List<String> landings, String topic, int partition) {
    LandedLog log = LandedLog.of(landings, topic, partition);
    List<String> texts = new ArrayList<>();
    for (LandedLog.Span span : log.spans()) {
      try (LandedRecords records = log.records(span.from(), true)) {
        for (@Nullable RecordBlock block = records.next(); block != null; block = records.next()) {
          RecordBlock.Cursor record = block.records();
          while (record.next()) {
            texts.add(
                record.offset()
                    + " "
                    + record.timestampMillis()
                    + " "
                    + record.timestampKind()
                    + " "
                    + record.headers().size());
          }
        }
      }
    }
    return texts;
  }

  @ParameterizedTest
  @EnumSource
  void ofEachRowTheNewestChangeIsKeptAndWhatSuppliedItsColumns(TestRunner runner) {
    landAll();
    assertThat(log().check(), is(10L));
    compact(runner);
    List<String> landings = List.of(at("compacted"), at("landing"));
    // Not the desk, which is a blue table now in the other partition; the armchair once, whichever;
    // what is of a table that the contract does not have, as it is.
    assertThat(
        records(landings, "items", 0),
        either(
                is(
                    List.of(
                        "1 1001 LOG_APPEND 1",
                        "3 1003 LOG_APPEND 1",
                        "6 1006 LOG_APPEND 1",
                        "9 1009 LOG_APPEND 1",
                        "11 1011 LOG_APPEND 1")))
            .or(
                is(
                    List.of(
                        "1 1001 LOG_APPEND 1",
                        "6 1006 LOG_APPEND 1",
                        "9 1009 LOG_APPEND 1",
                        "10 1010 LOG_APPEND 1",
                        "11 1011 LOG_APPEND 1"))));
    assertThat(records(landings, "items", 1), is(List.of("1 1001 LOG_APPEND 1")));
    Landing compacted = Landing.at(at("compacted"));
    assertThat(compacted.begin("items", 0), is(0L));
    assertThat(compacted.end("items", 0), is(12L));
    assertThat(compacted.end("items", 1), is(3L));
    // Nothing of it is a change of a row, so it is read where it was landed.
    assertThat(compacted.topics(), is(List.of("items")));
    assertThat(records(landings, "other", 0), is(List.of("0 1000 LOG_APPEND 1")));
  }

  @Test
  void whatWasNotCompactedToItsEndIsNotReadAndIsCompactedAgain() {
    landAll();
    CompactedLanding.begin(at("compacted"), log().compaction());
    List<String> landings = List.of(at("compacted"), at("landing"));
    LandingException half =
        assertThrows(LandingException.class, () -> LandedLog.of(landings, "items", 0));
    assertThat(half.getMessage(), containsString("was not compacted to its end, and is not read"));
    compact(TestRunner.DIRECT);
    assertThat(records(landings, "items", 1), is(List.of("1 1001 LOG_APPEND 1")));
    assertThrows(LandingException.class, () -> log().check());
  }

  @Test
  void nothingIsLandedInACompactedLog() {
    landAll();
    compact(TestRunner.DIRECT);
    LandingException refused =
        assertThrows(LandingException.class, () -> WriteLanding.to(at("compacted")).check());
    assertThat(refused.getMessage(), containsString("takes no new records; name another"));
  }

  @Test
  void theFirstOfSeveralLandingsIsReadWhereItHasAnOffset() throws Exception {
    land("items", 0, 9, List.of(1L, 4L, 7L), "{}", "{}", "{}");
    Path whole = directory.resolve("whole");
    Files.move(directory.resolve("landing"), whole);
    land("items", 0, 6, List.of(4L), "{}");
    List<String> both = List.of(at("landing"), whole.toString());
    assertThat(
        records(both, "items", 0), is(List.of("4 1004 LOG_APPEND 1", "7 1007 LOG_APPEND 1")));
    assertThat(LandedLog.of(both, "items", 0).offsetAt(1_005).getAsLong(), is(7L));
    assertThat(
        LandedLog.of(List.of(whole.toString(), at("landing")), "items", 0).offsetAt(0).getAsLong(),
        is(1L));
  }

  /** A landing that has all records can be read by those who know of no compacted ones. */
  @Test
  void aWholeLandingSaysNothingOfCompaction() throws Exception {
    WriteLanding.to(at("landing")).check();
    assertThat(
        Files.readString(directory.resolve("landing/_manifest/landing.json")),
        is("{\"version\":1,\"blockOffsets\":100000}"));
  }
}
