package io.millrace.benchmarks.replay;

import io.millrace.benchmarks.beam.BeamOnFlink;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderChanges;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.compaction.CompactLog;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.Landing;
import io.millrace.transforms.landing.WriteLanding;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;

/**
 * The events as they are landed of a topic of two partitions, by key; and a history of twenty
 * changes of each key, landed so and compacted.
 */
final class OrdersLandings implements Scene {
  private static final String TOPIC = "shop.public.orders";
  private static final int PARTITIONS = 2;

  private final long events;
  private final long eventsOfHistory;
  private final Path landing;
  private final String answer;
  private final Path history;
  private final String answerOfHistory;
  private final Path compacted;

  /**
   * Writes the landings as {@code archive} does, from blocks that {@code ReadTopics} would give.
   *
   * @param eventsOfHistory how many the history has
   */
  static OrdersLandings write(Request request, long eventsOfHistory) throws IOException {
    return new OrdersLandings(request, eventsOfHistory);
  }

  private OrdersLandings(Request request, long eventsOfHistory) throws IOException {
    this.events = request.events();
    this.eventsOfHistory = eventsOfHistory;
    // Never those of an earlier run, which would be gone on with.
    Path directory = Files.createTempDirectory(request.directory(), "landings-");
    this.landing = directory.resolve("landing");
    this.history = directory.resolve("history");
    this.compacted = directory.resolve("compacted");
    request.progress().accept(String.format(Locale.ROOT, "landing %,d events", events));
    this.answer = land(landing, events, false);
    request
        .progress()
        .accept(String.format(Locale.ROOT, "landing a history of %,d events", eventsOfHistory));
    this.answerOfHistory = land(history, eventsOfHistory, true);
    request.progress().accept("compacting");
    compact();
  }

  /** Writes a landing, and returns what is right. */
  private String land(Path directory, long count, boolean twentyEach) throws IOException {
    FlinkPipelineOptions options = BeamOnFlink.streaming();
    options.setCheckpointingInterval(-1L);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Events", Create.of(count))
        .apply("Generate", ParDo.of(new GenerateFn(TOPIC, PARTITIONS, twentyEach)))
        .setCoder(RecordBlockCoder.of())
        .apply("Land", WriteLanding.to(directory.toString()));
    pipeline.run().waitUntilFinish();
    OrderChanges changes = GenerateFn.changes(count, twentyEach);
    changes.generate((id, value) -> {});
    return changes.answer();
  }

  private void compact() {
    CompactLog log =
        CompactLog.of(
                List.of(history.toString()),
                ChangeFormat.DEBEZIUM,
                Contract.parse(OrderChanges.contract(), "orders"))
            .to(compacted.toString());
    log.check();
    Pipeline pipeline = Pipeline.create(BeamOnFlink.batch());
    pipeline.apply("Compact", log);
    pipeline.run().waitUntilFinish();
  }

  @Override
  public Settings settings() {
    Landing landed = Landing.at(landing.toString());
    return Settings.none()
        .with("landing", landing)
        .with(
            "files",
            landed.files().stream()
                .map(landed::locate)
                .collect(Collectors.joining(File.pathSeparator)))
        .with("history", history)
        .with("compacted", compacted)
        .with("events", events)
        .with("eventsOfHistory", eventsOfHistory);
  }

  @Override
  public String answer(String contest) {
    return contest.equals(LandingReplayBenchmark.COMPACTED) ? answerOfHistory : answer;
  }

  @Override
  public List<String> notes() {
    return List.of(
        note("plain", landing), note("whole log", history), note("compacted log", compacted));
  }

  private static String note(String what, Path directory) {
    List<LandedFile> files = Landing.at(directory.toString()).files();
    return String.format(
        Locale.ROOT,
        "%s: %,d events, landed in %d files of %,d MB in all",
        what,
        files.stream().mapToLong(LandedFile::records).sum(),
        files.size(),
        files.stream().mapToLong(LandedFile::bytes).sum() >> 20);
  }
}
