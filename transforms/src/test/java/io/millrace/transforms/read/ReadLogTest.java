package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.testdata.LocalKafka;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.landing.Landing;
import io.millrace.transforms.landing.WriteLanding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class ReadLogTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void startKafka() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  private String landing() {
    return directory.resolve("landing").toString();
  }

  /** Lands what a topic has before some offsets, in files of 500. */
  private void land(TestTopic topic, Map<Integer, Long> ends) {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    pipeline
        .apply(
            ReadLog.of(topic.read().withHeaders())
                .upTo(Start.earliest().orAt(Map.of(topic.name(), ends))))
        .apply(WriteLanding.to(landing()).withBlockOffsets(500));
    pipeline.run().waitUntilFinish();
  }

  private static PCollection<String> texts(Pipeline pipeline, ReadLog.Records log) {
    return pipeline.apply(log).apply(ParDo.of(new RecordTexts.UnpackFn()));
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_STREAMING"})
  void goesOnInTheTopicAtExactlyTheNextOffset(TestRunner runner) throws Exception {
    TestTopic topic = TestTopic.create(kafka, "on-" + runner, 2);
    List<String> expected = topic.fill(2, 2_000);
    land(topic, Map.of(0, 1_234L, 1, 700L));
    topic.deleteBefore(0, 1_100);
    topic.deleteBefore(1, 700);
    Pipeline pipeline = Pipeline.create(runner.unattended());
    texts(pipeline, ReadLog.landedIn(landing()).goingOnWith(topic.read()))
        .apply(Collected.as(topic.name()));
    PipelineResult result = pipeline.run();
    assertThat(
        Collected.take(topic.name(), expected.size()), containsInAnyOrder(expected.toArray()));
    topic.send(List.of(topic.record(1, null, "late", "one")));
    assertThat(Collected.take(topic.name(), 1), contains(topic.name() + "-1@2000 late=one"));
    result.cancel();
  }

  /**
   * It was not in the landing when the reader began, and is not in the topic when it gets there.
   */
  @Test
  void whatIsLandedWhileItReadsIsReadThere() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "meanwhile", 1);
    List<String> expected = topic.fill(1, 1_000);
    land(topic, Map.of(0, 300L));
    LogSettings settings = new LogSettings(List.of(landing()), topic.read(), topic.read().topics());
    LogPart part = new LogPart(topic.name(), 0, 0, LogPart.OPEN);
    List<String> read = new ArrayList<>();
    try (LogReader reader = new LogReader(settings, part, 0, false, NOON)) {
      read.addAll(RecordTexts.of(reader.next(LogPart.OPEN).block()));
      land(topic, Map.of(0, 1_000L));
      topic.deleteBefore(0, 1_000);
      while (reader.position() < 1_000) {
        read.addAll(RecordTexts.of(reader.next(LogPart.OPEN).block()));
      }
    }
    assertThat(read, is(expected));
  }

  @ParameterizedTest
  @EnumSource
  void endsWhereItIsTold(TestRunner runner) {
    TestTopic topic = TestTopic.create(kafka, "ends-" + runner, 2);
    List<String> all = topic.fill(2, 2_000);
    land(topic, Map.of(0, 1_234L, 1, 0L));
    TestPipeline pipeline = runner.pipeline();
    PCollection<String> read =
        texts(
            pipeline,
            ReadLog.landedIn(landing())
                .goingOnWith(topic.read())
                .from(Start.parse(topic.name() + "/0=333," + topic.name() + "/1=17"))
                .upTo(Start.parse(topic.name() + "/0=1900")));
    PAssert.that(read)
        .containsInAnyOrder(
            all.stream().filter(text -> isWithin(text, 333, 1_900, 17, 2_000)).toList());
    assertThat(read.isBounded(), is(PCollection.IsBounded.BOUNDED));
    pipeline.run().waitUntilFinish();
  }

  private static boolean isWithin(String text, int from0, int to0, int from1, int to1) {
    int at = text.indexOf('@');
    int offset = Integer.parseInt(text.substring(at + 1, text.indexOf(' ')));
    return text.charAt(at - 1) == '0'
        ? from0 <= offset && offset < to0
        : from1 <= offset && offset < to1;
  }

  /** Record n is of n seconds past noon. */
  private static List<ProducerRecord<String, String>> seconds(TestTopic topic, int from, int to) {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    for (int second = from; second < to; second++) {
      long millis = NOON.getMillis() + 1_000L * second;
      records.add(topic.record(0, millis, "k", "v" + second));
    }
    return records;
  }

  @Test
  void findsTimesInTheLandingAndInTheTopic() {
    TestTopic topic = TestTopic.create(kafka, "times", 1);
    topic.send(seconds(topic, 0, 1_000));
    land(topic, Map.of(0, 700L));
    assertThat(range(topic, "2026-05-01T12:10:00.5Z", null), is(List.of(601L, LogPart.OPEN)));
    assertThat(range(topic, "2026-05-01T12:11:40Z", null), is(List.of(700L, LogPart.OPEN)));
    assertThat(range(topic, "latest", null), is(List.of(1_000L, LogPart.OPEN)));
    assertThat(range(topic, "earliest", "2026-05-01T12:15:00Z"), is(List.of(0L, 900L)));
    assertThat(range(topic, "earliest", "2026-05-01T12:01:00Z"), is(List.of(0L, 60L)));
    assertThat(range(topic, "earliest", "2026-05-02T12:01:00Z"), is(List.of(0L, 1_000L)));
    assertThat(range(topic, "2026-05-01T12:01:00Z", "latest"), is(List.of(60L, 1_000L)));
    assertThat(range(topic, "2026-05-01T12:01:00Z", "2026-05-01T12:00:00Z"), is(List.of()));
  }

  /** Where the first part begins, and where the last one ends. */
  private List<Long> range(TestTopic topic, String from, String to) {
    LogSettings settings = new LogSettings(List.of(landing()), topic.read(), topic.read().topics());
    List<LogPart> parts =
        LogPartsFn.find(settings, Start.parse(from), to == null ? null : Start.parse(to));
    for (int i = 1; i < parts.size(); i++) {
      assertThat(parts.get(i).from(), is(parts.get(i - 1).to()));
    }
    return parts.isEmpty()
        ? List.of()
        : List.of(parts.get(0).from(), parts.get(parts.size() - 1).to());
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_STREAMING"})
  void nothingThatWasLandedIsLate(TestRunner runner) throws Exception {
    TestTopic topic = TestTopic.create(kafka, "never-late-" + runner, 1);
    topic.send(seconds(topic, 3_600, 3_601));
    topic.send(seconds(topic, 0, 3));
    land(topic, Map.of(0, 4L));
    topic.send(seconds(topic, 7_200, 7_201));
    Pipeline pipeline = Pipeline.create(runner.unattended());
    pipeline
        .apply(
            ReadLog.landedIn(landing())
                .goingOnWith(
                    topic
                        .read()
                        .withEventTimes(
                            EventTimes.ofRecords(), WatermarkPolicy.withDisorder(Duration.ZERO))))
        .apply(ParDo.of(new TimesFn()))
        .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))))
        .apply(Count.perElement())
        .apply(
            MapElements.into(TypeDescriptors.strings())
                .via((KV<String, Long> count) -> count.getKey() + " " + count.getValue()))
        .apply(Collected.as(topic.name()));
    PipelineResult result = pipeline.run();
    assertThat(
        Collected.take(topic.name(), 2),
        containsInAnyOrder("2026-05-01T12:00 3", "2026-05-01T13:00 1"));
    result.cancel();
  }

  /** The minutes of records, at their times. */
  static final class TimesFn extends DoFn<RecordBlock, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RecordBlock block, OutputReceiver<String> out) {
      RecordBlock.Cursor record = block.records();
      while (record.next()) {
        Instant time = Instant.ofEpochMilli(record.timestampMillis());
        out.outputWithTimestamp(time.toString().substring(0, 16), time);
      }
    }
  }

  @Test
  void whatIsNowhereIsMissed() {
    TestTopic topic = TestTopic.create(kafka, "gone", 1);
    topic.fill(1, 1_000);
    land(topic, Map.of(0, 300L));
    topic.deleteBefore(0, 301);
    SourceException gone =
        assertThrows(
            SourceException.class,
            () -> ReadLog.landedIn(landing()).goingOnWith(topic.read()).check());
    assertThat(
        gone.getMessage(),
        containsString(
            "gone-0@300 was not landed, and is not in the topic any more, which begins"));
    SourceException outside =
        assertThrows(
            SourceException.class,
            () -> ReadLog.landedIn(landing()).from(Start.parse("gone/0=301")).check());
    assertThat(
        outside.getMessage(), containsString("gone-0 has offsets 0 to 300, and offset 301 is"));
    SourceException unknown =
        assertThrows(
            SourceException.class,
            () -> ReadLog.landedIn(landing()).topics(List.of("gome")).check());
    assertThat(unknown.getMessage(), containsString("There is no topic gome in " + landing()));
    SourceException nothing =
        assertThrows(
            SourceException.class,
            () -> ReadLog.landedIn(landing()).topicPattern("gome.*").check());
    assertThat(nothing.getMessage(), containsString("of topics that match gome.*"));
  }

  @Test
  void aDamagedFileStopsTheRun() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "damaged", 1);
    topic.fill(1, 400);
    land(topic, Map.of(0, 400L));
    Landing landing = Landing.at(landing());
    Path file = Path.of(landing.locate(landing.files("damaged", 0).get(0)));
    Files.delete(file);
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    texts(pipeline, ReadLog.landedIn(landing()));
    Throwable failed = assertThrows(RuntimeException.class, () -> pipeline.run());
    assertThat(
        String.valueOf(failed.getCause()),
        allOf(containsString("LandingException"), containsString(file.toString())));
  }
}
