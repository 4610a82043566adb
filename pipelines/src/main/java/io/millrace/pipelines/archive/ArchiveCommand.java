package io.millrace.pipelines.archive;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.Sources;
import io.millrace.transforms.landing.LandingUpkeep;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;

/** {@code archive} on the command line. */
public final class ArchiveCommand implements PipelineCommand<ArchiveOptions> {
  @Override
  public String name() {
    return "archive";
  }

  @Override
  public String summary() {
    return "keep topics as they were received, as Parquet";
  }

  @Override
  public String description() {
    return "Reads Kafka topics and writes every record to Parquet files as it was received: key,"
        + " value, headers, timestamp, each offset once, and none left out. It goes on until it is"
        + " stopped, and the next run goes on where the landing ends. With --verify, --compact,"
        + " --retentionDays, --clean or --show it looks after what is there, and needs no Kafka; a"
        + " run that goes on meanwhile does not mind.";
  }

  @Override
  public Class<ArchiveOptions> options() {
    return ArchiveOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "archive --runner=flink --kafkaBootstrapServers=localhost:9092"
            + " --kafkaTopicPattern='shop\\.public\\..*' --landing=landing",
        "archive --landing=landing --verify",
        "archive --landing=landing --retentionDays=90 --compact");
  }

  @Override
  public boolean isUnbounded(ArchiveOptions options) {
    return true;
  }

  @Override
  public void run(ArchiveOptions options, Session session) {
    if (!Upkeep.isWanted(options)) {
      PipelineCommand.super.run(options, session);
      return;
    }
    if (Sources.isKafka(options)) {
      throw LaunchException.input(
          "archive either lands records of Kafka or, with --verify, --compact, --retentionDays,"
              + " --clean or --show, looks after a landing; and options of both are given");
    }
    new Upkeep(options, session).run();
  }

  @Override
  public void prepare(ArchiveOptions options, Session session) {
    Sources.checkTopics(options);
    Archive.landing(options).check();
    session.note("topics: " + String.join(", ", Archive.topics(options).check()));
    int leftOver = LandingUpkeep.of(options.getLanding()).clean(LandingUpkeep.DEFAULT_GRACE);
    if (leftOver > 0) {
      session.note(
          String.format(
              Locale.ROOT,
              "%,d files that no longer count were deleted in %s",
              leftOver,
              options.getLanding()));
    }
  }

  @Override
  public void build(Pipeline pipeline, ArchiveOptions options) {
    Archive.build(pipeline, options);
  }
}
