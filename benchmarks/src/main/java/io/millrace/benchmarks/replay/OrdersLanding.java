package io.millrace.benchmarks.replay;

import io.millrace.benchmarks.beam.BeamOnFlink;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderChanges;
import io.millrace.schemas.RecordBlockCoder;
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

/** The events as they are landed of a topic of two partitions, by key. */
final class OrdersLanding implements Scene {
  private static final String TOPIC = "shop.public.orders";
  private static final int PARTITIONS = 2;

  private final Path directory;
  private final OrderChanges changes;
  private final long events;

  /** Writes the landing as {@code archive} does, from blocks that {@code ReadTopics} would give. */
  static OrdersLanding write(Request request) throws IOException {
    return new OrdersLanding(request);
  }

  private OrdersLanding(Request request) throws IOException {
    this.events = request.events();
    // Never one of an earlier run, which would be gone on with.
    this.directory = Files.createTempDirectory(request.directory(), "landing-");
    this.changes = new OrderChanges(events);
    request.progress().accept(String.format(Locale.ROOT, "landing %,d events", events));
    changes.generate((id, value) -> {});
    land();
  }

  private void land() {
    FlinkPipelineOptions options = BeamOnFlink.streaming();
    options.setCheckpointingInterval(-1L);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Events", Create.of(events))
        .apply("Generate", ParDo.of(new GenerateFn(TOPIC, PARTITIONS)))
        .setCoder(RecordBlockCoder.of())
        .apply("Land", WriteLanding.to(directory.toString()));
    pipeline.run().waitUntilFinish();
  }

  @Override
  public Settings settings() {
    Landing landing = Landing.at(directory.toString());
    return Settings.none()
        .with("landing", directory)
        .with(
            "files",
            landing.files().stream()
                .map(landing::locate)
                .collect(Collectors.joining(File.pathSeparator)))
        .with("events", events);
  }

  @Override
  public String answer(String contest) {
    return changes.answer();
  }

  @Override
  public List<String> notes() {
    List<LandedFile> files = Landing.at(directory.toString()).files();
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d events, landed in %d files of %,d MB in all; up to %,d keys",
            files.stream().mapToLong(LandedFile::records).sum(),
            files.size(),
            files.stream().mapToLong(LandedFile::bytes).sum() >> 20,
            OrderChanges.keys(events)));
  }
}
