package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.enrich.EnrichWith;
import io.millrace.transforms.enrich.TableVersion;
import io.millrace.transforms.enrich.TableVersionCoder;
import io.millrace.transforms.join.JoinStreams;
import io.millrace.transforms.join.KeyedStreams;
import io.millrace.transforms.view.JoinTables;
import io.millrace.transforms.warehouse.TestTable;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What joins keep, by the sizes of Flink's checkpoints: within their bytes, and no more as time
 * goes on. {@code -Dmillrace.state.events=10000000 -Dmillrace.state.keys=100000} runs it larger.
 */
@Timeout(900)
class JoinStateTest {
  private static final long EVENTS = Long.getLong("millrace.state.events", 400_000);
  private static final int KEYS = Integer.getInteger("millrace.state.keys", 4_000);
  private static final int STOPS = 12;
  private static final String VALUE = "v".repeat(20);

  /** What a bucket keeps goes in chunks, so few of them show what an event takes. */
  private static final int BUCKETS = 16;

  /** Beside what joins keep, a checkpoint has some of the runner's for each bucket and step. */
  private static final long OF_RUNNER = 400_000;

  @TempDir Path checkpoints;

  /** A join of events, one each millisecond, and the most that it may keep. */
  private enum Join {
    /** One in ten is a change of the table. Facts and versions are kept for the horizon of 60 s. */
    VERSIONED_TABLE(
        (KEYS + 8_000L + BUCKETS * 256) * (8 + 21 + 30) * 5 / 4 + 75_000L * (8 + 21 + 12)) {
      @Override
      void apply(PCollection<Long> events) {
        PCollection<KV<String, TableVersion<String>>> versions =
            events
                .apply("Changes", Filter.by(number -> number % 10 == 0))
                .apply(
                    "Versions",
                    MapElements.into(new TypeDescriptor<KV<String, TableVersion<String>>>() {})
                        .via(
                            number ->
                                KV.of(
                                    key(number / 10),
                                    TableVersion.row(
                                        Instant.ofEpochMilli(number), position(number), VALUE))))
                .setCoder(
                    KvCoder.of(StringUtf8Coder.of(), TableVersionCoder.of(StringUtf8Coder.of())));
        keyed("Facts", events.apply("NoChanges", Filter.by(number -> number % 10 != 0)))
            .apply(
                EnrichWith.<String, String, String>versionedTable(versions)
                    .left()
                    .withCorrectionHorizon(Duration.standardSeconds(60))
                    .withBuckets(BUCKETS));
      }
    },
    /**
     * Half of them left, half right; pairs are at most 20 s apart, so 40 s are kept, and slices.
     */
    STREAMS(65_000L * (21 + 6 + 8 + 25)) {
      @Override
      void apply(PCollection<Long> events) {
        KeyedStreams.of(
                keyed("Left", events.apply("Even", Filter.by(number -> number % 2 == 0))),
                keyed("Right", events.apply("Odd", Filter.by(number -> number % 2 == 1))))
            .apply(
                JoinStreams.<String, String, String>within(Duration.standardSeconds(10))
                    .leftOuter()
                    .withBuckets(BUCKETS));
      }
    },
    /** Orders with their customers, of whom there are 100; now and then one changes. */
    TABLES(KEYS * (60L + 60 + 80 + 60) * 5 / 4) {
      @Override
      void apply(PCollection<Long> events) {
        events
            .apply("Changes", ParDo.of(new ChangeFn()))
            .setCoder(ChangeEventCoder.of())
            .apply(
                JoinTables.of(ChangeFn.TABLES)
                    .withBuckets(BUCKETS)
                    .withView(
                        ChangeFn.VIEW.tables().get(0),
                        "SELECT o.id, o.note, c.name FROM orders o"
                            + " LEFT JOIN customers c ON c.id = o.customer"));
      }
    };

    private final long mostBytes;

    Join(long mostBytes) {
      this.mostBytes = mostBytes;
    }

    abstract void apply(PCollection<Long> events);
  }

  private static PCollection<KV<String, String>> keyed(String name, PCollection<Long> events) {
    return events
        .apply(
            name,
            MapElements.into(new TypeDescriptor<KV<String, String>>() {})
                .via(number -> KV.of(key(number), VALUE)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
  }

  private static String key(long number) {
    return "k" + (1_000_000 + (number * 7_919) % KEYS);
  }

  private static Position position(long number) {
    return new PositionEncoder().start(0).number(number).end();
  }

  /** Makes changes of orders and of customers. */
  static final class ChangeFn extends DoFn<Long, ChangeEvent> {
    private static final long serialVersionUID = 1L;
    static final Contract TABLES =
        TestTable.contract(
            "orders: key id integer; customer integer; note text",
            "customers: key id integer; name text");
    static final Contract VIEW = TestTable.contract("wide: key id integer; note text; name text");

    private transient TestTable orders;
    private transient TestTable customers;

    @Setup
    public void setup() {
      orders = TestTable.of(TABLES, "orders");
      customers = TestTable.of(TABLES, "customers");
    }

    @ProcessElement
    public void process(@Element Long number, OutputReceiver<ChangeEvent> out) {
      long id = (number * 7_919) % KEYS;
      out.output(
          number < 100 || number % 1_000 == 0
              ? customers.upsert(number, "{\"id\":%d,\"name\":\"%s\"}".formatted(id % 100, VALUE))
              : orders.upsert(
                  number,
                  "{\"id\":%d,\"customer\":%d,\"note\":\"%s\"}".formatted(id, id % 100, VALUE)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void stateStaysWithinItsBytesAndDoesNotGrow(Join join) throws Exception {
    FlinkPipelineOptions options =
        TestRunner.FLINK_STREAMING.options().as(FlinkPipelineOptions.class);
    options.setStateBackend("filesystem");
    options.setStateBackendStoragePath(checkpoints.toUri().toString());
    options.setCheckpointingInterval(200L);
    options.setAutoWatermarkInterval(50L);
    Pipeline pipeline = Pipeline.create(options);
    join.apply(pipeline.apply("Events", Read.from(EventClock.of(EVENTS, checkpoints))));
    List<Long> sizes;
    try (CheckpointSizes seen = CheckpointSizes.every(EVENTS / STOPS, checkpoints)) {
      pipeline.run().waitUntilFinish();
      sizes = seen.all();
    }
    System.out.println(
        "%s: %,d events, %,d keys, checkpoints of %s bytes".formatted(join, EVENTS, KEYS, sizes));
    int third = STOPS / 3;
    long early = median(sizes.subList(third, 2 * third));
    long late = median(sizes.subList(2 * third, sizes.size()));
    assertThat(sizes.toString(), late, lessThan(early * 5 / 4));
    assertThat(sizes.toString(), late, lessThan(join.mostBytes + OF_RUNNER));
  }

  private static long median(List<Long> sizes) {
    return sizes.stream().sorted().skip(sizes.size() / 2).findFirst().orElseThrow();
  }
}
