package io.millrace.transforms.lake;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeBlockCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.testdata.events.GenerateCommand;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.read.ReadFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every change of a file is read back once, on every runner, whatever fails on the way. */
@Timeout(180)
class WriteLakeTest {
  private static final int EVENTS = 8_000;

  @TempDir static Path files;
  private static Path events;
  private static Contract contract;
  private static long lines;

  @TempDir Path directory;
  private Path lake;

  @BeforeAll
  static void generate() throws Exception {
    events = files.resolve("events.jsonl");
    new picocli.CommandLine(new GenerateCommand())
        .execute("--out=" + events, "--events=" + EVENTS, "--keys=1000", "--duplicates=0.02");
    contract = Contract.parse(Files.readString(Path.of(events + ".odcs.yaml")), "events");
    try (var all = Files.lines(events)) {
      lines = all.count();
    }
  }

  @BeforeEach
  void nameLake() {
    lake = directory.resolve("lake");
    FailOnceFn.FAILURES.set(0);
  }

  @ParameterizedTest
  @EnumSource
  void everyChangeIsReadBackOnceAndAgainNothingIsWritten(TestRunner runner) throws Exception {
    run(runner.options(), read());
    assertEachOnce();
    List<LakeFile> once = LakeManifest.read(lake.toString()).files();
    run(runner.options(), read());
    assertThat(LakeManifest.read(lake.toString()).files(), is(once));
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatFailedIsJustStartedAgain(TestRunner runner) throws Exception {
    FailOnceFn.FAILURES.set(1);
    assertThrows(RuntimeException.class, () -> run(runner.options(), read()));
    run(runner.options(), read());
    assertEachOnce();
  }

  @ParameterizedTest
  @EnumSource
  void inputWithoutAnEndWaitsInStateAndComesInAnyOrder(TestRunner runner) throws Exception {
    List<ChangeBlock> blocks = blocks(300);
    blocks.addAll(blocks(777).subList(2, 5));
    Collections.shuffle(blocks, new Random(7));
    run(runner.options(), unbounded(blocks));
    assertEachOnce();
    run(runner.options(), unbounded(blocks(2_000)));
    assertEachOnce();
  }

  @Test
  void aJobThatIsRestoredFromItsCheckpointWritesEachChangeOnce() throws Exception {
    PipelineOptions options = TestRunner.FLINK_STREAMING.options();
    options.as(FlinkPipelineOptions.class).setNumberOfExecutionRetries(2);
    options.as(FlinkPipelineOptions.class).setCheckpointingInterval(50L);
    FailOnceFn.FAILURES.set(2);
    run(options, unbounded(blocks(100)));
    assertThat(FailOnceFn.FAILURES.get(), is(0));
    assertEachOnce();
  }

  @Test
  void aChangeWaitsNoLongerThanTheMaximumAge() throws Exception {
    List<ChangeBlock> blocks = blocks(2_000);
    TestStream<ChangeBlock> stream =
        TestStream.create(ChangeBlockCoder.of())
            .addElements(blocks.get(0))
            .advanceProcessingTime(Duration.standardSeconds(61))
            .addElements(blocks.get(1))
            .advanceProcessingTime(Duration.standardSeconds(59))
            .addElements(blocks.get(2))
            .advanceProcessingTime(Duration.standardSeconds(2))
            .advanceWatermarkToInfinity();
    Pipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline.apply(stream).apply(WriteLake.to(lake.toString(), contract));
    pipeline.run();
    assertThat(
        "the first, then the two that came within a minute",
        LakeManifest.read(lake.toString()).files().stream()
            .map(file -> Path.of(file.path()).getFileName().toString())
            .map(name -> name.substring(0, name.lastIndexOf('-')))
            .distinct()
            .toList(),
        hasSize(2));
  }

  @Test
  void valuesAreThoseOfTheEvents() throws Exception {
    run(TestRunner.DIRECT.options(), read());
    String fromEvents =
        """
        SELECT (a->>'id')::BIGINT AS id, a->>'owner', (a->>'balance')::DECIMAL(14, 2),
          DATE '1970-01-01' + (a->>'opened_on')::INTEGER, (a->>'factor')::DOUBLE,
          (a->>'active')::BOOLEAN, (a->>'updated_at')::TIMESTAMPTZ
        FROM (SELECT json->'after' AS a, json->'source' AS s FROM events)
        WHERE s->>'table' = 'accounts' AND a->>'id' IS NOT NULL
        """;
    String fromLake =
        """
        SELECT id, owner, balance, opened_on, factor, active, updated_at
        FROM accounts_log WHERE _operation <> 'delete'
        """;
    try (Lake read = lake()) {
      assertThat(count(read, fromLake), greaterThan(EVENTS / 4L));
      assertThat(count(read, fromLake), is(count(read, fromEvents)));
      assertThat(count(read, fromLake + " EXCEPT ALL " + fromEvents), is(0L));
    }
  }

  /** Reads the file, in blocks of its own making. */
  private static PTransform<PBegin, PCollection<ChangeBlock>> read() {
    return new PTransform<>() {
      @Override
      public PCollection<ChangeBlock> expand(PBegin input) {
        return input
            .apply(ReadFiles.matching(events.toString()))
            .apply(
                ParseChanges.as(ChangeFormat.DEBEZIUM, contract)
                    .withOutput(ParseChanges.Output.BLOCKS))
            .blocks();
      }
    };
  }

  /** The blocks as of a source that has no end, although it does. */
  private static PTransform<PBegin, PCollection<ChangeBlock>> unbounded(List<ChangeBlock> blocks) {
    return new PTransform<>() {
      @Override
      public PCollection<ChangeBlock> expand(PBegin input) {
        return input
            .apply(Create.of(blocks).withCoder(ChangeBlockCoder.of()))
            .setIsBoundedInternal(IsBounded.UNBOUNDED);
      }
    };
  }

  private static List<ChangeBlock> blocks(int linesEach) throws Exception {
    List<ChangeBlock> blocks = new ArrayList<>();
    for (int first = 0; first < lines; first += linesEach) {
      Parsed parsed = Parsed.lines(events, first, linesEach, contract, ChangeFormat.DEBEZIUM);
      assertThat(parsed.rejections(), is(empty()));
      blocks.add(parsed.block());
    }
    return blocks;
  }

  private void run(PipelineOptions options, PTransform<PBegin, PCollection<ChangeBlock>> source) {
    Pipeline pipeline = TestPipeline.fromOptions(options).enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(source)
        .apply("Fail", ParDo.of(new FailOnceFn()))
        .apply(WriteLake.to(lake.toString(), contract).withFileBytes(256 << 10));
    pipeline.run().waitUntilFinish();
  }

  private void assertEachOnce() throws Exception {
    LakeManifest manifest = LakeManifest.read(lake.toString());
    assertThat(manifest.check(), is(empty()));
    try (Lake read = lake()) {
      // A changed key is two changes, of one record.
      String keyChanges = " WHERE json->>'op' = 'u' AND json->>'before' IS NOT NULL";
      long records = count(read, "FROM events") + count(read, "FROM events" + keyChanges);
      long changes =
          count(read, "SELECT DISTINCT json::VARCHAR FROM events")
              + count(read, "SELECT DISTINCT json::VARCHAR FROM events" + keyChanges);
      assertThat("the input has duplicates", records, greaterThan(changes));
      assertThat(
          count(
              read, "SELECT _offset FROM accounts_log UNION ALL SELECT _offset FROM transfers_log"),
          is(records));
      assertThat(
          count(read, "SELECT _offset FROM accounts UNION ALL SELECT _offset FROM transfers"),
          is(changes));
      assertThat(
          count(
              read,
              "SELECT DISTINCT _offset, _operation FROM accounts_log"
                  + " UNION ALL SELECT DISTINCT _offset, _operation FROM transfers_log"),
          is(records));
    }
  }

  /** The lake, and the input as the table {@code events}. */
  private Lake lake() throws Exception {
    Lake read = new Lake(lake);
    read.execute(
        "CREATE TABLE events AS FROM read_csv('"
            + events
            + "', columns = {'json': 'JSON'}, delim = chr(1), quote = '', escape = '',"
            + " header = false)");
    return read;
  }

  private static long count(Lake read, String sql) throws Exception {
    return read.count("(" + sql + ")");
  }

  /** Fails in mid-run, as often as it is told to in all. */
  static final class FailOnceFn extends DoFn<ChangeBlock, ChangeBlock> {
    private static final AtomicInteger FAILURES = new AtomicInteger();
    private static final AtomicInteger SEEN = new AtomicInteger();
    private static final int EVERY = 30;

    @ProcessElement
    public void process(@Element ChangeBlock block, OutputReceiver<ChangeBlock> out) {
      if (FAILURES.get() > 0 && SEEN.incrementAndGet() % EVERY == 0) {
        FAILURES.decrementAndGet();
        throw new IllegalStateException("as told");
      }
      out.output(block);
    }
  }
}
