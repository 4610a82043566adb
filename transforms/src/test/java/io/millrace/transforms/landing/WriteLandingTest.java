package io.millrace.transforms.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.transforms.TestRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every record is landed once, on every runner, whatever fails on the way. */
@Timeout(180)
class WriteLandingTest {
  private static final TestLog FIRST = new TestLog(0, 4_000, 1);
  private static final TestLog SECOND = new TestLog(1, 3_000, 2);

  @TempDir Path directory;
  private String landing;

  @BeforeEach
  void nameLanding() {
    landing = directory.resolve("landing").toString();
    FailOnceFn.FAILURES.set(0);
  }

  @ParameterizedTest
  @EnumSource
  void everyRecordIsLandedOnceAndAgainNothingIs(TestRunner runner) {
    run(runner.options(), IsBounded.BOUNDED, blocks(500));
    assertEachOnce();
    List<LandedFile> once = Landing.at(landing).files();
    run(runner.options(), IsBounded.BOUNDED, blocks(333));
    assertThat(Landing.at(landing).files(), is(once));
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_STREAMING"})
  void inputWithoutAnEndWaitsInStateAndARunThatFailedIsJustStartedAgain(TestRunner runner) {
    FailOnceFn.FAILURES.set(1);
    assertThrows(
        RuntimeException.class, () -> run(runner.options(), IsBounded.UNBOUNDED, blocks(100)));
    run(runner.options(), IsBounded.UNBOUNDED, blocks(77));
    assertEachOnce();
  }

  @Test
  void aJobThatIsRestoredFromItsCheckpointLandsEachRecordOnce() {
    PipelineOptions options = TestRunner.FLINK_STREAMING.options();
    options.as(FlinkPipelineOptions.class).setNumberOfExecutionRetries(2);
    options.as(FlinkPipelineOptions.class).setCheckpointingInterval(50L);
    FailOnceFn.FAILURES.set(2);
    run(options, IsBounded.UNBOUNDED, blocks(40));
    assertThat(FailOnceFn.FAILURES.get(), is(0));
    assertEachOnce();
  }

  @Test
  void aRecordWaitsNoLongerThanTheMaximumAge() {
    TestStream<RecordBlock> stream =
        TestStream.create(RecordBlockCoder.of())
            .addElements(FIRST.block(0, 10))
            .advanceProcessingTime(Duration.standardSeconds(61))
            .addElements(FIRST.block(10, 20))
            .advanceProcessingTime(Duration.standardSeconds(59))
            .addElements(FIRST.block(20, 30))
            .advanceProcessingTime(Duration.standardSeconds(2))
            .addElements(FIRST.block(30, 60))
            .advanceWatermarkToInfinity();
    Pipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline.apply(stream).apply(WriteLanding.to(landing).withBlockOffsets(1_000));
    pipeline.run();
    assertThat(
        "two commits by age, of which the second took in the first, and one at the end",
        Landing.at(landing).files(TestLog.TOPIC, 0).stream().map(LandedFile::to).toList(),
        contains(30L, 60L));
    assertThat(commits(), is(4L));
    assertThat(TestLog.landed(landing), is(Map.of(0, FIRST.texts(0, 60))));
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_BATCH"})
  void recordsThatDoNotFollowFailTheRun(TestRunner runner) {
    run(runner.options(), IsBounded.BOUNDED, List.of(FIRST.block(0, 100)));
    RuntimeException failure =
        assertThrows(
            RuntimeException.class,
            () -> run(runner.options(), IsBounded.BOUNDED, List.of(FIRST.block(120, 200))));
    Throwable cause = failure;
    while (!(cause instanceof LandingException)) {
      cause = cause.getCause();
    }
    assertThat(
        cause.getMessage(),
        containsString(
            "The landing of shop/orders-0 ends at offset 100, and what came next begins at 120"));
    assertThat(Landing.at(landing).end(TestLog.TOPIC, 0), is(100L));
  }

  /** What is missing may be on its way, though not for ever. */
  @Test
  void recordsThatOvertookOthersWaitForThem() {
    List<RecordBlock> blocks = new ArrayList<>();
    for (long from = 200; from < 1_000; from += 100) {
      blocks.add(FIRST.block(from, from + 100));
    }
    TestStream.Builder<RecordBlock> stream =
        TestStream.create(RecordBlockCoder.of()).addElements(FIRST.block(0, 100));
    for (RecordBlock block : blocks.subList(0, 4)) {
      stream = stream.addElements(block);
    }
    stream = stream.addElements(FIRST.block(100, 200));
    for (RecordBlock block : blocks.subList(4, 8)) {
      stream = stream.addElements(block);
    }
    long bytes = FIRST.block(200, 600).bytes().length;
    Pipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(stream.advanceWatermarkToInfinity())
        .apply(WriteLanding.to(landing).withBlockOffsets(300).withFileBytes(bytes / 3));
    pipeline.run();
    assertThat(TestLog.landed(landing), is(Map.of(0, FIRST.texts(0, 1_000))));
  }

  @Test
  void anyToolReadsTheRecords() throws Exception {
    run(TestRunner.DIRECT.options(), IsBounded.BOUNDED, blocks(500));
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(Landing.at(landing).duckDbViews());
      try (ResultSet result =
          statement.executeQuery(
              """
              SELECT "offset" || ' ' || coalesce(lower(hex(key)), '-')
                || '=' || coalesce(lower(hex(value)), '-') || ' '
                || coalesce(upper(timestamp_type) || epoch_ms(timestamp), 'NONE') || ' ['
                || array_to_string(list_transform(headers, lambda h:
                     h.key || '=' || coalesce(lower(hex(h.value)), 'null')), ', ') || ']'
              FROM "shop/orders" WHERE topic = 'shop/orders' AND partition = 1
              ORDER BY "offset"
              """)) {
        while (result.next()) {
          rows.add(result.getString(1));
        }
      }
    }
    assertThat(rows, is(SECOND.texts(0, SECOND.end())));
  }

  private static List<RecordBlock> blocks(int longest) {
    Random random = new Random(longest);
    List<RecordBlock> blocks = FIRST.blocks(0, longest, random);
    blocks.addAll(SECOND.blocks(0, longest, random));
    return blocks;
  }

  private void run(PipelineOptions options, IsBounded bounded, List<RecordBlock> blocks) {
    begin();
    Pipeline pipeline = TestPipeline.fromOptions(options).enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(Create.of(blocks).withCoder(RecordBlockCoder.of()))
        .setIsBoundedInternal(bounded)
        .apply("Fail", ParDo.of(new FailOnceFn()))
        .apply(WriteLanding.to(landing).withBlockOffsets(1_000).withFileBytes(100 << 10));
    pipeline.run().waitUntilFinish();
  }

  /** Elements that are made up come in any order, and the first says where a landing begins. */
  private void begin() {
    try {
      LandingWriter writer =
          new LandingWriter(new LandingSettings(landing, 1_000, 1, Duration.standardSeconds(1)));
      writer.begin(FIRST.block(0, 1));
      writer.begin(SECOND.block(0, 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertEachOnce() {
    assertThat(
        TestLog.landed(landing),
        is(Map.of(0, FIRST.texts(0, FIRST.end()), 1, SECOND.texts(0, SECOND.end()))));
    assertThat(LandingCheck.run(landing, file -> {}).problems(), is(empty()));
  }

  private long commits() {
    return new java.io.File(landing, LandingPaths.commits(TestLog.TOPIC, 0)).list().length;
  }

  /** Fails in mid-run, as often as it is told to in all. */
  static final class FailOnceFn extends DoFn<RecordBlock, RecordBlock> {
    private static final AtomicInteger FAILURES = new AtomicInteger();
    private static final AtomicInteger SEEN = new AtomicInteger();
    private static final int EVERY = 30;

    @ProcessElement
    public void process(@Element RecordBlock block, OutputReceiver<RecordBlock> out) {
      if (FAILURES.get() > 0 && SEEN.incrementAndGet() % EVERY == 0) {
        FAILURES.decrementAndGet();
        throw new IllegalStateException("as told");
      }
      out.output(block);
    }
  }
}
