package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.testdata.LocalKafka;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.event.ParseEvents;
import io.millrace.transforms.event.ParsedEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ReadTopicsTest {
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

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_STREAMING"})
  void readsEveryRecordOfEveryPartitionOnce(TestRunner runner) throws Exception {
    TestTopic topic = TestTopic.create(kafka, "every-" + runner, 2);
    List<String> expected = topic.fill(2, 2_000);
    Pipeline pipeline = Pipeline.create(runner.unattended());
    pipeline
        .apply(topic.read())
        .apply(ParDo.of(new RecordTexts.UnpackFn()))
        .apply(Collected.as(topic.name()));
    PipelineResult result = pipeline.run();
    assertThat(
        Collected.take(topic.name(), expected.size()), containsInAnyOrder(expected.toArray()));
    topic.send(List.of(topic.record(1, null, "late", "one")));
    assertThat(Collected.take(topic.name(), 1), contains(topic.name() + "-1@2000 late=one"));
    result.cancel();
  }

  @Test
  void checkpointResumesBehindTheLastBlock() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "resumed", 2);
    List<String> expected = topic.fill(2, 2_000);
    KafkaCheckpointMark mark;
    List<String> records = new ArrayList<>();
    try (TopicReader reader = TopicReader.open(topic.read())) {
      records.addAll(reader.readUntil(500));
      mark = reader.checkpoint();
      reader.readUntil(records.size() + 500);
    }
    assertThat(read(mark), is(records.size()));
    try (TopicReader reader = TopicReader.resume(topic.read(), mark)) {
      records.addAll(reader.readUntil(expected.size() - records.size()));
    }
    assertThat(records, containsInAnyOrder(expected.toArray()));
  }

  /** How many records are behind a checkpoint, of a topic whose offsets have no gaps. */
  private static int read(KafkaCheckpointMark mark) {
    return mark.getPartitions().stream().mapToInt(p -> (int) p.getNextOffset()).sum();
  }

  @Test
  void startsWhereItIsTold() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "started", 1);
    topic.send(
        List.of(
            topic.record(0, 1_000L, "a", "1"),
            topic.record(0, 2_000L, "b", "2"),
            topic.record(0, 3_000L, "c", "3")));
    assertThat(firstRead(topic, Start.earliest()), is("started-0@0 a=1"));
    assertThat(firstRead(topic, Start.at(Instant.ofEpochMilli(1_500))), is("started-0@1 b=2"));
    assertThat(firstReadAfterOneMore(topic, Start.latest(), "d"), is("started-0@3 d=more"));
    Instant future = Instant.now().plus(org.joda.time.Duration.standardHours(1));
    assertThat(firstReadAfterOneMore(topic, Start.at(future), "e"), is("started-0@4 e=more"));
  }

  private static String firstRead(TestTopic topic, Start start) throws Exception {
    try (TopicReader reader = TopicReader.open(topic.read().withStart(start))) {
      return reader.readUntil(1).get(0);
    }
  }

  private static String firstReadAfterOneMore(TestTopic topic, Start start, String key)
      throws Exception {
    try (TopicReader reader = TopicReader.open(topic.read().withStart(start))) {
      reader.advance();
      topic.send(List.of(topic.record(0, null, key, "more")));
      return reader.readUntil(1).get(0);
    }
  }

  @Test
  void groupGoesOnWhereItCommitted() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "grouped", 1);
    topic.fill(1, 100);
    ReadTopics.Records read = topic.read().withGroup("grouped");
    try (TopicReader reader = TopicReader.open(read)) {
      reader.readUntil(100);
      reader.checkpoint();
    }
    assertThat(topic.committed("grouped", 0), is(100L));
    topic.send(List.of(topic.record(0, null, "k", "after")));
    try (TopicReader reader = TopicReader.open(read.withStart(Start.earliest()))) {
      assertThat(reader.readUntil(1), contains("grouped-0@100 k=after"));
    }
  }

  @Test
  void startsNoLaterThanTheTargetHasRead() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "held", 1);
    topic.fill(1, 100);
    ReadTopics.Records read = topic.read().withGroup("held").withStart(Start.latest());
    try (TopicReader reader = TopicReader.open(topic.read().withGroup("held"))) {
      reader.readUntil(100);
      reader.checkpoint();
    }
    assertThat(topic.committed("held", 0), is(100L));
    try (TopicReader reader = TopicReader.open(read.withLatestStart(upTo("held", 40)))) {
      assertThat(reader.readUntil(60).get(0), containsString("held-0@40 "));
    }
    Start earliest = Start.earliest();
    try (TopicReader reader =
        TopicReader.open(topic.read().withStart(earliest).withLatestStart(upTo("held", 40)))) {
      assertThat(reader.readUntil(1).get(0), containsString("held-0@0 "));
    }
  }

  @Test
  void topicThatIsShorterThanTheTargetHasReadIsRefused() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "shorter", 1);
    topic.fill(1, 10);
    Throwable failure =
        assertThrows(
            Exception.class,
            () -> {
              try (TopicReader reader =
                  TopicReader.open(topic.read().withLatestStart(upTo("shorter", 11)))) {
                reader.readUntil(1);
              }
            });
    while (!(failure instanceof SourceException)) {
      failure = failure.getCause();
    }
    assertThat(
        failure.getMessage(),
        containsString("shorter-0 ends at offset 10, but was read up to 11 before"));
  }

  private static Map<String, Map<Integer, Long>> upTo(String topic, long offset) {
    return Map.of(topic, Map.of(0, offset));
  }

  @Test
  void deletedRecordsThatWereNotReadFailTheRun() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "expired", 1);
    topic.fill(1, 1_000);
    KafkaCheckpointMark mark;
    try (TopicReader reader = TopicReader.open(topic.read())) {
      reader.readUntil(1);
      mark = reader.checkpoint();
    }
    topic.deleteBefore(0, 900);
    assertThat(
        failure(topic, mark),
        allOf(
            containsString("Records of expired-0 were deleted before they were read"),
            containsString("offset " + read(mark) + " is next, the earliest left is 900")));
    assertThat(firstRead(topic, Start.earliest()), containsString("expired-0@900 "));
  }

  @Test
  void deletedRecordsThatTheGroupHasNotReadAreSeenBeforeTheRun() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "expired-group", 1);
    topic.fill(1, 1_000);
    ReadTopics.Records read = topic.read().withGroup("expired-group");
    try (TopicReader reader = TopicReader.open(read)) {
      reader.readUntil(1);
      reader.checkpoint();
    }
    long committed = topic.committed("expired-group", 0);
    topic.deleteBefore(0, committed);
    assertThat(read.check(), contains("expired-group"));
    topic.deleteBefore(0, committed + 1);
    assertThat(
        refusal(read),
        allOf(
            containsString("offset " + committed + " is next"),
            containsString("the earliest left is " + (committed + 1))));
    assertThat(topic.read().check(), contains("expired-group"));
  }

  @Test
  void topicThatWasMadeAnewFailsTheRun() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "anew", 1);
    topic.fill(1, 3);
    KafkaCheckpointMark mark =
        new KafkaCheckpointMark(
            List.of(new KafkaCheckpointMark.PartitionMark("anew", 0, 50, 0)), Optional.empty());
    assertThat(failure(topic, mark), containsString("anew-0 ends at offset 3, before offset 50"));
  }

  private static String failure(TestTopic topic, KafkaCheckpointMark mark) throws Exception {
    try (TopicReader reader = TopicReader.resume(topic.read(), mark)) {
      Throwable failure = assertThrows(IOException.class, () -> reader.readUntil(1));
      while (!(failure instanceof SourceException)) {
        failure = failure.getCause();
      }
      return failure.getMessage();
    }
  }

  @Test
  void transactionsThatWereRolledBackAreNotReadAndMarkersHoldNothingUp() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "transactions", 1);
    topic.sendInTransaction(true, List.of(topic.record(0, null, "a", "1")));
    topic.sendInTransaction(false, List.of(topic.record(0, null, "b", "2")));
    Instant before = Instant.now();
    try (TopicReader reader = TopicReader.open(topic.read())) {
      assertThat(reader.readUntil(1), contains("transactions-0@0 a=1"));
      // The markers are at offsets 1 and 3: the partition is drained only behind them.
      while (reader.reader().getWatermark().isBefore(before)) {
        reader.advance();
      }
      assertThat(reader.readUntil(1), hasSize(1));
      assertThat(read(reader.checkpoint()), is(4));
    }
  }

  @Test
  void watermarkFollowsEventTimesAndNoIdlePartitionHoldsItForEver() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "purchase", 2);
    Instant first = Instant.now().minus(org.joda.time.Duration.standardHours(12));
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      records.add(purchase(topic, 0, i, second(first, i)));
    }
    records.set(5, purchase(topic, 0, 5, Instant.parse("2100-01-01T00:00:00Z")));
    topic.send(records);
    org.joda.time.Duration disorder = org.joda.time.Duration.standardMinutes(1);
    org.joda.time.Duration wait = org.joda.time.Duration.millis(500);
    ReadTopics.Records read =
        topic
            .read()
            .withEventTimes(
                EventTimes.of(PURCHASES),
                WatermarkPolicy.withDisorder(disorder).withIdleWait(wait));
    try (TopicReader topicReader = TopicReader.open(read)) {
      UnboundedReader<?> reader = topicReader.reader();
      int inFirstBlock = topicReader.readUntil(1).size();
      assertThat(reader.getCurrentTimestamp(), is(first));
      // Partition 0 has more to be read and holds; partition 1 is idle and holds no longer.
      Instant latest = second(first, inFirstBlock - 1);
      assertThat(
          awaitWatermark(reader, BoundedWindow.TIMESTAMP_MIN_VALUE), is(latest.minus(disorder)));
      topicReader.readUntil(2_000);
      Instant last = second(first, 1_999);
      Instant idle = awaitWatermark(reader, last.minus(disorder));
      assertThat(idle.isAfter(Instant.now().minus(wait).minus(disorder)), is(false));
      topic.send(List.of(purchase(topic, 1, 1, first)));
      topicReader.readUntil(2_001);
      assertThat(reader.getCurrentTimestamp(), is(first));
      assertThat(reader.getWatermark().isBefore(idle), is(false));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_STREAMING"})
  void windowsCloseThoughAPartitionIsIdleAndAClockIsFarAhead(TestRunner runner) throws Exception {
    TestTopic topic = TestTopic.create(kafka, "purchase-windows-" + runner, 2);
    Instant first = Instant.parse("2026-05-01T12:00:00Z");
    topic.send(
        List.of(
            purchase(topic, 0, 1, first),
            purchase(topic, 0, 2, second(first, 90)),
            purchase(topic, 0, 3, Instant.parse("2100-01-01T00:00:00Z")),
            purchase(topic, 0, 4, second(first, 59))));
    Pipeline pipeline = Pipeline.create(runner.unattended());
    ParsedEvents parsed =
        pipeline
            .apply(
                topic
                    .read()
                    .withEventTimes(
                        EventTimes.of(PURCHASES),
                        WatermarkPolicy.withDisorder(org.joda.time.Duration.standardMinutes(1))
                            .withIdleWait(org.joda.time.Duration.standardSeconds(1))))
            .apply(ParseEvents.of(PURCHASES));
    parsed
        .events()
        .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
        .apply(MapElements.into(TypeDescriptors.strings()).via(BusinessEvent::type))
        .apply(Count.perElement())
        .apply(ParDo.of(new ShowWindowFn()))
        .apply(Collected.as(topic.name()));
    parsed
        .deadLetters()
        .apply(
            MapElements.into(TypeDescriptors.strings())
                .via(letter -> letter.origin() + " " + letter.reason()))
        .apply("Letters", Collected.as(topic.name() + " letters"));
    PipelineResult result = pipeline.run();
    assertThat(
        Collected.take(topic.name(), 2),
        containsInAnyOrder("12:00 purchase 2", "12:01 purchase 1"));
    assertThat(
        Collected.take(topic.name() + " letters", 1), contains(topic.name() + "-0@2 BAD_TIME"));
    result.cancel();
  }

  static final class ShowWindowFn extends DoFn<KV<String, Long>, String> {
    @ProcessElement
    public void process(
        @Element KV<String, Long> count, IntervalWindow window, OutputReceiver<String> out) {
      String start = window.start().toString().substring(11, 16);
      out.output(start + " " + count.getKey() + " " + count.getValue());
    }
  }

  private static final Contract PURCHASES =
      Contract.parse(
          """
          {apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,
           schema: [{name: purchase, properties: [
             {name: id, physicalType: bigint, primaryKey: true},
             {name: at, physicalType: timestamptz}],
             customProperties: [{property: kind, value: event}, {property: eventTime, value: at}]}]}
          """,
          "shop.yaml");

  private static ProducerRecord<String, String> purchase(
      TestTopic topic, int partition, int id, Instant at) {
    String note = "x".repeat(200);
    String json = "{\"id\":" + id + ",\"at\":\"" + at + "\",\"note\":\"" + note + "\"}";
    return topic.record(partition, null, null, json);
  }

  private static Instant second(Instant first, int count) {
    return first.plus(org.joda.time.Duration.standardSeconds(count));
  }

  /** The first watermark after this one. */
  private static Instant awaitWatermark(UnboundedReader<?> reader, Instant passed) {
    Instant watermark = reader.getWatermark();
    while (!watermark.isAfter(passed)) {
      Thread.onSpinWait();
      watermark = reader.getWatermark();
    }
    return watermark;
  }

  @Test
  void clientPropertiesComeFromTheirFileAndStayThere() throws Exception {
    TestTopic topic = TestTopic.create(kafka, "secrets", 1);
    topic.send(List.of(topic.record(0, 1L, "a", "1"), topic.record(0, 2L, "b", "2")));
    Path file = directory.resolve("client.properties");
    Files.writeString(
        file,
        "max.poll.records=1\nauto.offset.reset=latest\ngroup.id=other\nssl.key.password=s3cret\n");
    ReadTopics.Records read = topic.read().withConsumerProperties("file:" + file);
    try (TopicReader reader = TopicReader.open(read)) {
      assertThat(reader.readUntil(1), contains("secrets-0@0 a=1"));
    }
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(read);
    byte[] job = PipelineTranslation.toProto(pipeline).toByteArray();
    assertThat(new String(job, StandardCharsets.ISO_8859_1), not(containsString("s3cret")));
    assertThat(DisplayData.from(read).toString(), not(containsString("s3cret")));
  }

  @Test
  void missingPropertiesFileIsNamed() {
    ReadTopics.Records read =
        ReadTopics.from(kafka.bootstrapServers()).topicPattern(".*").withConsumerProperties("nope");
    assertThat(refusal(read), is("There is no file of Kafka client properties at nope"));
  }

  @Test
  void noExperimentBringsTheSplittableReadThatCutsBlocks() {
    ReadTopics.Records read = ReadTopics.from("localhost:1").topicPattern(".*");
    for (String experiment : List.of("use_sdf_read", "beam_fn_api")) {
      PipelineOptions options = PipelineOptionsFactory.create();
      options.as(ExperimentalOptions.class).setExperiments(List.of(experiment));
      assertThat(
          TopicReader.source(read, options).getClass().getSimpleName(), is("KafkaUnboundedSource"));
    }
  }

  @Test
  void checkAnswersTheTopics() {
    kafka.createTopics(1, List.of("check.b", "check.a"));
    ReadTopics.Records read = ReadTopics.from(kafka.bootstrapServers());
    assertThat(read.topicPattern("check\\..*").check(), contains("check.a", "check.b"));
    assertThat(read.topics(List.of("check.b", "check.b")).check(), contains("check.b"));
  }

  @Test
  void checkNamesWhatIsMissing() {
    kafka.createTopics(1, List.of("there"));
    String servers = kafka.bootstrapServers();
    ReadTopics.Records read = ReadTopics.from(servers);
    ReadTopics.Records absent = read.topics(List.of("there", "absent"));
    String message = "There is no topic absent at " + servers + ", or it may not be read";
    assertThat(refusal(absent), is(message));
    assertThat(
        assertThrows(SourceException.class, () -> TopicReader.open(absent)).getMessage(),
        is(message));
    assertThat(
        refusal(read.topicPattern("the")),
        allOf(
            containsString("No topic at " + servers + " matches the; there are "),
            containsString("there"),
            not(containsString("__consumer_offsets"))));
  }

  @Test
  void checkNamesBrokersThatCannotBeReached() {
    ReadTopics.Records silent = ReadTopics.from("localhost:1").topicPattern(".*");
    SourceException refusal =
        assertThrows(SourceException.class, () -> silent.check(Duration.ofSeconds(1)));
    assertThat(refusal.getMessage(), is("No Kafka broker answers at localhost:1 within 1 s"));
    assertThat(refusal.fault(), is(SourceException.Fault.WORLD));
    assertThat(
        refusal(ReadTopics.from("no-such-host.invalid:1").topicPattern(".*")),
        is("The name of no broker in no-such-host.invalid:1 is known"));
  }

  @Test
  void wrongPropertiesAreRefused() throws IOException {
    Path file = directory.resolve("client.properties");
    Files.writeString(file, "security.protocol=NONSENSE\n");
    ReadTopics.Records read = ReadTopics.from(kafka.bootstrapServers()).topicPattern(".*");
    assertThat(
        refusal(read.withConsumerProperties(file.toString())),
        containsString("The Kafka client's properties do not do: Invalid value NONSENSE"));
    assertThrows(IllegalArgumentException.class, () -> read.topicPattern("("));
  }

  private static String refusal(ReadTopics.Records read) {
    return assertThrows(SourceException.class, read::check).getMessage();
  }
}
