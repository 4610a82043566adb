package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.FileInputOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LakeInputOptions;
import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.read.ReadFiles;
import io.millrace.transforms.read.ReadTopics;
import io.millrace.transforms.read.Start;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/** Where changes and events come from, as the options say. */
public final class Sources {

  /**
   * Files or topics.
   *
   * @param latestStart offsets to begin at at the latest, by topic and partition
   */
  public static <O extends FileInputOptions & KafkaOptions>
      PTransform<PBegin, PCollection<RecordBlock>> of(
          O options, Map<String, Map<Integer, Long>> latestStart) {
    return isKafka(options)
        ? topics(options).withLatestStart(latestStart)
        : ReadFiles.matching(options.getInput()).withMaxLineBytes(options.getMaxLineBytes());
  }

  /** The topics that the options name. */
  public static ReadTopics.Records topics(KafkaOptions options) {
    ReadTopics.Records topics =
        ReadTopics.from(options.getKafkaBootstrapServers())
            .withStart(start(options.getKafkaStart()));
    topics =
        options.getKafkaTopics() == null
            ? topics.topicPattern(options.getKafkaTopicPattern())
            : topics.topics(names(options.getKafkaTopics()));
    if (options.getKafkaGroup() != null) {
      topics = topics.withGroup(options.getKafkaGroup());
    }
    if (options.getKafkaProperties() != null) {
      topics = topics.withConsumerProperties(options.getKafkaProperties());
    }
    return topics;
  }

  private static List<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Start start(String start) {
    if (start.equalsIgnoreCase("earliest")) {
      return Start.earliest();
    }
    if (start.equalsIgnoreCase("latest")) {
      return Start.latest();
    }
    try {
      return Start.at(Instant.ofEpochMilli(OffsetDateTime.parse(start).toInstant().toEpochMilli()));
    } catch (DateTimeException e) {
      throw LaunchException.input(
          "--kafkaStart must be earliest, latest or a time with its offset such as"
              + " 2026-05-01T00:00:00Z, got '"
              + start
              + "'",
          e);
    }
  }

  /**
   * Makes sure that there is one source, and only one.
   *
   * @throws LaunchException if the options name none, or two
   */
  public static <O extends FileInputOptions & KafkaOptions> void check(O options) {
    boolean kafka = isKafka(options);
    if (kafka == (options.getInput() != null)) {
      throw LaunchException.input(
          kafka
              ? "changes come either from --input or from Kafka, and options of both are given"
              : "nothing says where the changes are; give --input=FILES, or"
                  + " --kafkaBootstrapServers=HOST:PORT and --kafkaTopics=TOPIC,...");
    }
    if (kafka) {
      checkTopics(options);
    }
  }

  /**
   * Makes sure that the options lead to topics.
   *
   * @throws LaunchException if not
   */
  public static void checkTopics(KafkaOptions options) {
    if (options.getKafkaBootstrapServers() == null) {
      throw LaunchException.input("Kafka also needs --kafkaBootstrapServers=HOST:PORT,...");
    }
    if ((options.getKafkaTopics() == null) == (options.getKafkaTopicPattern() == null)) {
      throw LaunchException.input(
          "Kafka needs either --kafkaTopics=TOPIC,... or --kafkaTopicPattern=REGEX");
    }
  }

  /**
   * Makes sure that there is one source, and only one, where a lake may be it.
   *
   * @throws LaunchException if the options name none, or two
   */
  public static <O extends FileInputOptions & KafkaOptions & LakeInputOptions> void checkWithLake(
      O options) {
    boolean hasOther = isKafka(options) || options.getInput() != null;
    if (!isLake(options) && !hasOther) {
      throw LaunchException.input(
          "nothing says where the events are; give --input=FILES, --fromLake=DIR, or"
              + " --kafkaBootstrapServers=HOST:PORT and --kafkaTopics=TOPIC,...");
    }
    if (isLake(options) && hasOther) {
      throw LaunchException.input(
          "events come either from --fromLake, from --input or from Kafka, and --fromLake="
              + options.getFromLake()
              + " is given with "
              + (isKafka(options) ? "options of Kafka" : "--input=" + options.getInput())
              + "; leave out all but one");
    }
    if (!isLake(options)) {
      check(options);
    }
  }

  /** Whether the options lead to a lake. */
  public static boolean isLake(LakeInputOptions options) {
    return options.getFromLake() != null;
  }

  /** Whether the options lead to Kafka. */
  public static boolean isKafka(KafkaOptions options) {
    return options.getKafkaBootstrapServers() != null
        || options.getKafkaTopics() != null
        || options.getKafkaTopicPattern() != null
        || options.getKafkaProperties() != null
        || options.getKafkaGroup() != null;
  }

  /**
   * Makes sure that the source can be read.
   *
   * @throws io.millrace.transforms.read.SourceException if not
   */
  public static <O extends FileInputOptions & KafkaOptions> void checkThere(
      O options, Session session) {
    if (isKafka(options)) {
      session.note("topics: " + String.join(", ", topics(options).check()));
    } else {
      ReadFiles.matching(options.getInput()).check();
    }
  }

  private Sources() {}
}
