package io.millrace.pipelines.event;

import io.millrace.pipelines.launch.CompactedLogs;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.Sources;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.event.ParseEvents;
import io.millrace.transforms.event.ParsedEvents;
import io.millrace.transforms.lake.ReadLake;
import io.millrace.transforms.read.EventTimes;
import io.millrace.transforms.read.WatermarkPolicy;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/** The business events that a pipeline reads, as its options say. */
public final class Events {
  private static final Pattern DISORDER = Pattern.compile("(?:(.+):)?(\\d{1,9})");

  /** Reads and parses the events of a contract, from files, from topics or from a lake. */
  public static ParsedEvents read(
      Pipeline pipeline, EventPipelineOptions options, Contract contract) {
    PCollection<RecordBlock> blocks = pipeline.apply("Read", source(options, contract));
    ParseEvents parse =
        ParseEvents.of(contract)
            .withUnknownColumns(options.getUnknownColumns())
            .withFutureTolerance(futureTolerance(options));
    // What a lake holds is in JSON, however it came.
    SchemaRegistry registry = Sources.isLake(options) ? null : SchemaRegistryAccess.of(options);
    ParsedEvents parsed =
        blocks.apply("Parse", registry == null ? parse : parse.withSchemaRegistry(registry));
    return options.getDropDuplicates() == 0
        ? parsed
        : parsed.withoutDuplicates(Duration.standardSeconds(options.getDropDuplicates()));
  }

  private static PTransform<PBegin, PCollection<RecordBlock>> source(
      EventPipelineOptions options, Contract contract) {
    if (Sources.isLake(options)) {
      return ReadLake.events(options.getFromLake(), contract);
    }
    EventTimes times = EventTimes.of(contract).withFutureTolerance(futureTolerance(options));
    SchemaRegistry registry = SchemaRegistryAccess.of(options);
    EventTimes read = registry == null ? times : times.withSchemaRegistry(registry);
    return Sources.of(options, topics -> topics.withEventTimes(read, watermarks(options)));
  }

  private static Duration futureTolerance(EventPipelineOptions options) {
    return Duration.standardSeconds(options.getFutureTolerance());
  }

  /**
   * How the watermark follows the events.
   *
   * @throws LaunchException if {@code --disorder} does not say
   */
  static WatermarkPolicy watermarks(EventPipelineOptions options) {
    WatermarkPolicy policy =
        WatermarkPolicy.withDisorder(Duration.standardSeconds(5))
            .withIdleWait(Duration.standardSeconds(options.getIdleWait()));
    for (String part : options.getDisorder().split(",", -1)) {
      Matcher matcher = DISORDER.matcher(part.strip());
      if (!matcher.matches()) {
        throw LaunchException.input(
            "--disorder must be SECONDS, and TOPIC:SECONDS for topics of their own, separated by"
                + " commas, got '"
                + options.getDisorder()
                + "'");
      }
      Duration disorder = Duration.standardSeconds(Long.parseLong(matcher.group(2)));
      policy =
          matcher.group(1) == null
              ? policy.withDefaultDisorder(disorder)
              : policy.withDisorder(matcher.group(1), disorder);
    }
    return policy;
  }

  /**
   * Makes sure that there are events to read, and a contract of them.
   *
   * @throws LaunchException if not
   */
  public static void check(EventPipelineOptions options, Contract contract, Session session) {
    Sources.checkWithLake(options);
    watermarks(options);
    if (contract.events().isEmpty()) {
      throw LaunchException.input(
          "--contract: "
              + options.getContract()
              + " has no business event; mark a schema object with the custom property kind: event");
    }
    PropertyNames.check(contract, session);
    warnOfLostState(options, session);
    if (Sources.isLake(options)) {
      ReadLake.events(options.getFromLake(), contract).check();
    } else {
      Sources.checkThere(options, session);
      CompactedLogs.checkWhole(options, "a pipeline of events");
    }
  }

  /** Offsets are kept with a group; what was made of the events before them is not. */
  static void warnOfLostState(EventPipelineOptions options, Session session) {
    if (options.getKafkaGroup() != null && session.runner().remote(options).isEmpty()) {
      session.warn(
          "--kafkaGroup="
              + options.getKafkaGroup()
              + ": a run in this process goes on behind the events that the group has read, and"
              + " knows nothing of them: windows, entities and patterns that they belong to come"
              + " out wrong; leave it away, and all events are read again");
    }
  }

  private Events() {}
}
