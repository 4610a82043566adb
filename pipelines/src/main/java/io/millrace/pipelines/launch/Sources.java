package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.FileInputOptions;
import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LakeInputOptions;
import io.millrace.pipelines.options.LandingInputOptions;
import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.read.ReadFiles;
import io.millrace.transforms.read.ReadLog;
import io.millrace.transforms.read.ReadTopics;
import io.millrace.transforms.read.Start;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Where changes and events come from, as the options say. */
public final class Sources {

  /**
   * Files or topics.
   *
   * @param latestStart offsets to begin at at the latest, by topic and partition
   */
  public static <O extends FileInputOptions & KafkaOptions & LandingInputOptions>
      PTransform<PBegin, PCollection<RecordBlock>> of(
          O options, Map<String, Map<Integer, Long>> latestStart) {
    return of(options, topics -> topics.withLatestStart(latestStart));
  }

  /**
   * Files, topics, or a log of them.
   *
   * @param topics says how topics are read
   */
  public static <O extends FileInputOptions & KafkaOptions & LandingInputOptions>
      PTransform<PBegin, PCollection<RecordBlock>> of(
          O options, UnaryOperator<ReadTopics.Records> topics) {
    if (isLog(options)) {
      return log(options, topics);
    }
    return isKafka(options)
        ? topics.apply(topics(options))
        : ReadFiles.matching(options.getInput()).withMaxLineBytes(options.getMaxLineBytes());
  }

  private static <O extends KafkaOptions & LandingInputOptions> ReadLog.Records log(
      O options, UnaryOperator<ReadTopics.Records> topics) {
    ReadLog.Records log;
    if (options.getFromLanding() == null) {
      log = ReadLog.of(topics.apply(topics(options)));
    } else {
      log = ReadLog.landedIn(names(options.getFromLanding()));
      if (options.getKafkaBootstrapServers() != null) {
        log = log.goingOnWith(topics.apply(topics(options)));
      } else if (options.getKafkaTopics() != null) {
        log = log.topics(names(options.getKafkaTopics()));
      } else if (options.getKafkaTopicPattern() != null) {
        log = log.topicPattern(options.getKafkaTopicPattern());
      }
    }
    if (options.getFrom() != null) {
      log = log.from(start("--from", options.getFrom()));
    }
    if (options.getTo() == null) {
      return log;
    }
    Start end = start("--to", options.getTo());
    if (end.equals(Start.earliest())) {
      throw LaunchException.input(
          "--to=earliest: nothing is before it; give latest, a time or offsets");
    }
    return log.upTo(end);
  }

  /** The topics that the options name. */
  public static ReadTopics.Records topics(KafkaOptions options) {
    ReadTopics.Records topics =
        ReadTopics.from(options.getKafkaBootstrapServers())
            .withStart(start("--kafkaStart", options.getKafkaStart()));
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

  /** The names in a list that commas separate. */
  public static List<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Start start(String option, String start) {
    try {
      return Start.parse(start);
    } catch (IllegalArgumentException e) {
      throw LaunchException.input(option + " " + e.getMessage(), e);
    }
  }

  /**
   * Makes sure that there is one source, and only one.
   *
   * @throws LaunchException if the options name none, or two
   */
  public static <O extends FileInputOptions & KafkaOptions & LandingInputOptions> void check(
      O options) {
    if (isLog(options)) {
      checkLog(options);
    }
    boolean kafka = isKafka(options);
    if (options.getFromLanding() != null) {
      if (options.getInput() != null) {
        throw LaunchException.input(
            "changes come either from --input or from --fromLanding, and both are given");
      }
      if (options.getKafkaBootstrapServers() == null) {
        return;
      }
    }
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

  private static <O extends FileInputOptions & KafkaOptions & LandingInputOptions> void checkLog(
      O options) {
    if (options.getFromLanding() != null && names(options.getFromLanding()).isEmpty()) {
      throw LaunchException.input("--fromLanding= names no directory; give DIR, or leave it out");
    }
    if (options.getFromLanding() == null && !isKafka(options)) {
      throw LaunchException.input(
          "--from and --to are of a log, and there is none; give --fromLanding=DIR, or Kafka");
    }
    if (options.getKafkaGroup() != null) {
      throw LaunchException.input(
          "--kafkaGroup="
              + options.getKafkaGroup()
              + ": a replay begins at --from, whatever a group has read, and commits nothing; leave"
              + " it out");
    }
    if (options.getFromLanding() != null && !options.getKafkaStart().equalsIgnoreCase("earliest")) {
      throw LaunchException.input(
          "--kafkaStart="
              + options.getKafkaStart()
              + ": topics are read where the landing ends; say with --from where to begin");
    }
  }

  /**
   * Makes sure that there is one source, and only one, where a lake may be it.
   *
   * @throws LaunchException if the options name none, or two
   */
  public static <O extends FileInputOptions & KafkaOptions & LandingInputOptions & LakeInputOptions>
      void checkWithLake(O options) {
    boolean hasOther = isKafka(options) || isLog(options) || options.getInput() != null;
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
              + (options.getInput() != null
                  ? "--input=" + options.getInput()
                  : isKafka(options) ? "options of Kafka" : "options of a replay")
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

  /** Whether the options lead to a log that is read from one place in it to another. */
  static boolean isLog(LandingInputOptions options) {
    return options.getFromLanding() != null || options.getFrom() != null || options.getTo() != null;
  }

  /** Whether the source goes on for ever. */
  public static <O extends KafkaOptions & LandingInputOptions> boolean isUnbounded(O options) {
    return options.getTo() == null
        && (options.getFromLanding() == null
            ? isKafka(options)
            : options.getKafkaBootstrapServers() != null);
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
  public static <O extends FileInputOptions & KafkaOptions & LandingInputOptions> void checkThere(
      O options, Session session) {
    if (isLog(options)) {
      session.note("topics: " + String.join(", ", logTopics(options)));
    } else if (isKafka(options)) {
      session.note("topics: " + String.join(", ", topics(options).check()));
    } else {
      ReadFiles.matching(options.getInput()).check();
    }
  }

  /** The topics of the log that the options lead to. */
  static <O extends KafkaOptions & LandingInputOptions> List<String> logTopics(O options) {
    return log(options, topics -> topics).check();
  }

  private Sources() {}
}
