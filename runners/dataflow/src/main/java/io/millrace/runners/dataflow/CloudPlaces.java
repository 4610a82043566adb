package io.millrace.runners.dataflow;

import io.millrace.pipelines.compact.CompactionOptions;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.options.DeadLetterOptions;
import io.millrace.pipelines.options.FileInputOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LakeInputOptions;
import io.millrace.pipelines.options.LakeOptions;
import io.millrace.pipelines.options.LandingInputOptions;
import io.millrace.pipelines.options.LandingOptions;
import io.millrace.pipelines.options.ResultOptions;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What workers in the cloud need to know: where they run, and files that all of them can reach. A
 * file of the machine that starts the job is not there for them.
 */
final class CloudPlaces {
  private static final String CLOUD_STORAGE = "gs://";
  private static final Pattern REGION = Pattern.compile("[a-z]+-[a-z]+[0-9]+");
  private static final Pattern ZONE = Pattern.compile("([a-z]+-[a-z]+[0-9]+)-[a-z]");
  private static final Pattern PROJECT = Pattern.compile("[a-z][-a-z0-9:.]+[a-z0-9]");

  /** A comma that does not stand in a pattern's braces. */
  private static final Pattern COMMA = Pattern.compile(",(?![^{]*})");

  /**
   * Makes sure that the options name no place that only this machine knows.
   *
   * @throws LaunchException if they do, or if project, region or staging place are missing
   */
  static void check(PipelineOptions options, Predicate<String> given) {
    for (String required : List.of("project", "region", "gcpTempLocation")) {
      if (!given.test(required)) {
        throw LaunchException.input(
            "dataflow also needs --project=ID, --region=NAME and --gcpTempLocation=gs://BUCKET/FOLDER;"
                + " --"
                + required
                + " is missing");
      }
    }
    checkJob(options.as(DataflowPipelineOptions.class));
    if (options instanceof FileInputOptions source) {
      for (String pattern : COMMA.split(source.getInput() == null ? "" : source.getInput(), -1)) {
        checkFile("input", pattern.isBlank() ? null : pattern.strip());
      }
    }
    if (options instanceof KafkaOptions kafka) {
      checkFile("kafkaProperties", kafka.getKafkaProperties());
    }
    if (options instanceof ResultOptions results) {
      checkFile("resultsKafkaProperties", results.getResultsKafkaProperties());
    }
    if (options instanceof DeadLetterOptions letters) {
      checkFile("deadLetters", letters.getDeadLetters());
    }
    if (options instanceof LakeOptions lake && lake.getLake() != null) {
      throw LaunchException.input(
          "--lake is written to a directory that all workers share; dataflow's share none, so write"
              + " the lake on flink or direct");
    }
    if (options instanceof LandingOptions landing && landing.getLanding() != null) {
      throw LaunchException.input(
          "--landing is a directory that all workers share; dataflow's share none, so land records on"
              + " flink or direct");
    }
    if (options instanceof LakeInputOptions lake && lake.getFromLake() != null) {
      throw LaunchException.input(
          "--fromLake is read from a directory that all workers share; dataflow's share none, so read"
              + " the lake on flink or direct");
    }
    if (options instanceof LandingInputOptions landing && landing.getFromLanding() != null) {
      throw LaunchException.input(
          "--fromLanding is read from a directory that all workers share; dataflow's share none, so"
              + " replay on flink or direct");
    }
    if (options instanceof CompactionOptions compaction && compaction.getCompacted() != null) {
      throw LaunchException.input(
          "--compacted is a directory that all workers share; dataflow's share none, so compact on"
              + " flink or direct");
    }
    if (options instanceof WarehouseAccessOptions warehouse) {
      checkPassword(
          warehouse.getWarehousePassword(),
          options.as(DataflowPipelineOptions.class).getSdkContainerImage());
    }
  }

  private static void checkJob(DataflowPipelineOptions options) {
    if (!PROJECT.matcher(options.getProject()).matches()) {
      throw LaunchException.input(
          "--project must be the ID of a Google Cloud project, got '" + options.getProject() + "'");
    }
    var zone = ZONE.matcher(options.getRegion());
    if (zone.matches()) {
      throw LaunchException.input(
          "--region: " + options.getRegion() + " is a zone; give its region, " + zone.group(1));
    }
    if (!REGION.matcher(options.getRegion()).matches()) {
      throw LaunchException.input(
          "--region must be a region such as europe-west4, got '" + options.getRegion() + "'");
    }
    checkFile("gcpTempLocation", options.getGcpTempLocation());
  }

  private static void checkFile(String option, @Nullable String place) {
    if (place != null && !place.startsWith(CLOUD_STORAGE)) {
      throw LaunchException.input(
          "--"
              + option
              + " must be in Cloud Storage (gs://BUCKET/...) on dataflow, since its workers share no"
              + " directory with this machine or each other; got '"
              + place
              + "'");
    }
  }

  private static void checkPassword(@Nullable String reference, @Nullable String image) {
    if (reference == null || reference.startsWith("file:" + CLOUD_STORAGE)) {
      return;
    }
    if (reference.startsWith("file:") || image == null) {
      throw LaunchException.input(
          "--warehousePassword is read by each worker; on dataflow give file:gs://BUCKET/OBJECT, or"
              + " env:NAME of a variable that the image of --sdkContainerImage sets");
    }
  }

  private CloudPlaces() {}
}
