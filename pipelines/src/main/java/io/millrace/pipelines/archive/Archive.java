package io.millrace.pipelines.archive;

import io.millrace.pipelines.launch.Sources;
import io.millrace.transforms.landing.Landing;
import io.millrace.transforms.landing.WriteLanding;
import io.millrace.transforms.read.ReadTopics;
import org.apache.beam.sdk.Pipeline;
import org.joda.time.Duration;

/** Keeps the records of topics as they were received, in a landing, for as long as one likes. */
public final class Archive {

  /** Builds the pipeline, which reads on where the landing ends. */
  public static void build(Pipeline pipeline, ArchiveOptions options) {
    pipeline.apply("Read", topics(options)).apply("Land", landing(options));
  }

  static ReadTopics.Records topics(ArchiveOptions options) {
    return Sources.topics(options)
        .withHeaders()
        .withResumption(Landing.at(options.getLanding()).ends())
        .withRemedy(
            "The landing would have a gap. Start without the checkpoint and with another --landing,"
                + " which begins with what the topic still has.");
  }

  static WriteLanding landing(ArchiveOptions options) {
    WriteLanding landing =
        WriteLanding.to(options.getLanding())
            .withFileBytes((long) options.getLandingFileMegabytes() << 20)
            .withMaxAge(Duration.standardSeconds(options.getLandingMaxAgeSeconds()));
    return options.getLandingBlockOffsets() == null
        ? landing
        : landing.withBlockOffsets(options.getLandingBlockOffsets());
  }

  private Archive() {}
}
