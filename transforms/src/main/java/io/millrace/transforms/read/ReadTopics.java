package io.millrace.transforms.read;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads Kafka topics in blocks of some 128 KB, with KafkaIO and a consumer of our own under it.
 *
 * <p>A record keeps its key, its value (or that it has none: a tombstone), its offset and its
 * timestamp; headers are left out unless {@link Records#withHeaders} is said. Only records of
 * committed transactions are read. A topic's partitions, and the topics that a pattern matches, are
 * those there are when the job starts.
 *
 * <p>Order: as in the partition. Duplicates: none within a job, whatever fails, on a runner that
 * keeps checkpoints. A job without a checkpoint goes on at the offsets its group committed, or else
 * begins at its {@link Start}; a group commits when a checkpoint is complete, so what came after
 * that is read again.
 *
 * <p>Nothing is skipped in silence: where the next record was deleted before it was read, the run
 * fails with a {@link SourceException} that says so.
 *
 * <p>A block's timestamp is the least Kafka timestamp in it, and so is the watermark behind it. An
 * idle partition's watermark follows the clock by two seconds. Streams that are read by event time
 * say how instead, by {@link Records#withEventTimes}. State: an offset and a watermark a partition.
 * The counter {@code records_read} of the namespace {@code millrace} counts records; KafkaIO's
 * metrics count blocks.
 *
 * <pre>{@code
 * PCollection<RecordBlock> blocks =
 *     pipeline.apply(
 *         ReadTopics.from("broker:9092")
 *             .topicPattern("shop\\.public\\..*")
 *             .withStart(Start.earliest())
 *             .withConsumerProperties("file:/etc/millrace/client.properties"));
 * }</pre>
 */
public final class ReadTopics {
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(10);

  /** The remedy for changes of a database. */
  static final String NEW_SNAPSHOT =
      "Changes are missing. Take a new snapshot of the source, and start at it, with a higher"
          + " position epoch, without the checkpoint and with another group.";

  /**
   * Reads from these brokers; {@link Records#topics} or {@link Records#topicPattern} must follow.
   *
   * @param bootstrapServers host and port of some brokers, separated by commas
   */
  public static Records from(String bootstrapServers) {
    return new AutoValue_ReadTopics_Records.Builder()
        .setTopics(new TopicSelection(bootstrapServers, List.of(), null))
        .setStart(Start.earliest())
        .setLatestStart(Map.of())
        .setHeaders(false)
        .setRemedy(NEW_SNAPSHOT)
        .build();
  }

  /** The records of some topics, in blocks. */
  @AutoValue
  public abstract static class Records extends PTransform<PBegin, PCollection<RecordBlock>> {
    abstract TopicSelection topics();

    abstract Start start();

    abstract Map<String, Map<Integer, Long>> latestStart();

    abstract boolean headers();

    abstract String remedy();

    abstract @Nullable EventTimes eventTimes();

    abstract @Nullable WatermarkPolicy watermarks();

    abstract @Nullable String group();

    abstract @Nullable String consumerProperties();

    abstract Builder toBuilder();

    /** Reads these topics, each once, however often it is named. */
    public Records topics(List<String> names) {
      TopicSelection topics =
          new TopicSelection(topics().bootstrapServers(), names.stream().distinct().toList(), null);
      return toBuilder().setTopics(topics).build();
    }

    /**
     * Reads the topics whose whole name matches, without Kafka's internal ones.
     *
     * @throws IllegalArgumentException if it is not a regular expression
     */
    public Records topicPattern(String regularExpression) {
      try {
        Pattern.compile(regularExpression);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "The topic pattern is not a regular expression: " + e.getMessage(), e);
      }
      TopicSelection topics =
          new TopicSelection(topics().bootstrapServers(), List.of(), regularExpression);
      return toBuilder().setTopics(topics).build();
    }

    /** Where reading begins at first; at the earliest record by default. */
    public Records withStart(Start start) {
      return toBuilder().setStart(start).build();
    }

    /**
     * Begins no later than at these offsets, by topic and partition, whatever {@link #withStart}
     * and the group say: a target that keeps what it has read up to says so here. A job that has a
     * checkpoint goes on from that.
     */
    public Records withLatestStart(Map<String, Map<Integer, Long>> offsets) {
      return toBuilder().setLatestStart(offsets).build();
    }

    /**
     * Begins at these offsets, by topic and partition, whatever the group has committed; where
     * there is none for a partition, as ever. For a target that has all that was read before its
     * end.
     */
    public Records withResumption(Map<String, Map<Integer, Long>> offsets) {
      return toBuilder().setStart(start().orAt(offsets)).build();
    }

    /** Keeps the headers of records, too. */
    public Records withHeaders() {
      return toBuilder().setHeaders(true).build();
    }

    /**
     * What to tell the user, in a sentence or two, where records were deleted before they were
     * read; by default, how changes of a database are brought back.
     */
    public Records withRemedy(String remedy) {
      return toBuilder().setRemedy(remedy).build();
    }

    /**
     * Stamps blocks with the least event time in them, and has the watermark follow the event times
     * by a policy. What tells no event time, or one too far in the future, counts for neither.
     *
     * <pre>{@code
     * ReadTopics.from("broker:9092")
     *     .topics(List.of("purchases", "readings"))
     *     .withEventTimes(
     *         EventTimes.of(contract),
     *         WatermarkPolicy.withDisorder(Duration.standardSeconds(30))
     *             .withDisorder("readings", Duration.standardMinutes(15))
     *             .withIdleWait(Duration.standardMinutes(2)))
     * }</pre>
     */
    public Records withEventTimes(EventTimes times, WatermarkPolicy watermarks) {
      return toBuilder().setEventTimes(times).setWatermarks(watermarks).build();
    }

    /** Goes on where this consumer group left off, and commits its offsets with checkpoints. */
    public Records withGroup(String group) {
      return toBuilder().setGroup(group).build();
    }

    /**
     * Takes further properties of the Kafka client, such as credentials, from a file. Whatever
     * process reads a topic or lists its partitions reads the file first; neither the job nor its
     * display holds what is in it. What this transform decides itself is ignored there: brokers,
     * group, offset reset, commits, deserializers.
     *
     * @param file of Java properties: a path, or any name that Beam's file systems know
     */
    public Records withConsumerProperties(String file) {
      return toBuilder().setConsumerProperties(file).build();
    }

    /**
     * Asks the brokers for the topics, so that a launcher can say in time what does not fit.
     *
     * @return the topics that will be read, sorted
     * @throws SourceException if within ten seconds no broker answers, if the client's properties
     *     or credentials do not do, if a topic is not there, if none matches the pattern, or if
     *     records were deleted that were to be gone on with
     */
    public List<String> check() {
      return check(CHECK_LIMIT);
    }

    List<String> check(Duration limit) {
      try (BlockConsumer consumer = openConsumer(limit)) {
        SortedMap<String, List<PartitionInfo>> selected =
            topics().select(consumer.listTopics(limit));
        consumer.checkNext(partitions(selected));
        return List.copyOf(selected.keySet());
      } catch (KafkaException e) {
        throw KafkaFailure.explain(topics().bootstrapServers(), limit, e);
      }
    }

    /** A consumer whose calls end within some time. */
    private BlockConsumer openConsumer(Duration limit) {
      Map<String, Object> config = new HashMap<>(consumerConfig());
      String millis = Long.toString(limit.toMillis());
      config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
      config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
      return consumerFactory().apply(config);
    }

    /**
     * Does something with a consumer that is closed afterwards.
     *
     * @throws SourceException if no broker answers, or none that lets the client read
     */
    <T> T ask(Function<BlockConsumer, T> question) {
      try (BlockConsumer consumer = openConsumer(CHECK_LIMIT)) {
        return question.apply(consumer);
      } catch (KafkaException e) {
        throw KafkaFailure.explain(topics().bootstrapServers(), CHECK_LIMIT, e);
      }
    }

    private static Set<TopicPartition> partitions(Map<String, List<PartitionInfo>> topics) {
      return topics.values().stream()
          .flatMap(List::stream)
          .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
          .collect(Collectors.toSet());
    }

    @Override
    public PCollection<RecordBlock> expand(PBegin input) {
      if (topics().names().isEmpty() && topics().pattern() == null) {
        throw new IllegalArgumentException("topics or topicPattern is needed");
      }
      KafkaIO.Read<byte[], byte[]> read =
          KafkaIO.<byte[], byte[]>read()
              .withBootstrapServers(topics().bootstrapServers())
              .withKeyDeserializer(ByteArrayDeserializer.class)
              .withValueDeserializer(ByteArrayDeserializer.class)
              .withConsumerConfigUpdates(consumerConfig())
              .withConsumerFactoryFn(consumerFactory())
              .withTimestampPolicyFactory(timestamps())
              // Only KafkaIO's UnboundedSource has this property, so it is used on every runner.
              // Its
              // splittable read may end a range in mid-block, and would lose the block's beginning.
              .withOffsetDeduplication(false);
      read =
          topics().pattern() == null
              ? read.withTopics(topics().names())
              : read.withTopicPattern(topics().pattern());
      if (group() != null) {
        read = read.commitOffsetsInFinalize();
      }
      return input
          .apply("Read", read)
          .apply("Blocks", ParDo.of(new BlockFn()))
          .setCoder(RecordBlockCoder.of());
    }

    /** Makes what gives blocks their timestamps, and partitions their watermarks. */
    TimestampPolicyFactory<byte[], byte[]> timestamps() {
      return watermarks() == null
          ? new BlockTimestamps.Factory()
          : new EventTimestamps.Factory(watermarks());
    }

    /** A consumer for whoever assigns it partitions and seeks in them. */
    BlockConsumer openConsumer() {
      return consumerFactory().apply(new HashMap<>(consumerConfig()));
    }

    private BlockConsumerFactory consumerFactory() {
      return new BlockConsumerFactory(
          topics(),
          start(),
          latestStart(),
          eventTimes(),
          headers(),
          remedy(),
          consumerProperties());
    }

    /** What KafkaIO may know and show. */
    private Map<String, Object> consumerConfig() {
      Map<String, Object> config = new HashMap<>();
      config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topics().bootstrapServers());
      config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
      config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      if (group() != null) {
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group());
      }
      return config;
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("bootstrapServers", topics().bootstrapServers()))
          .add(DisplayData.item("topics", String.join(", ", topics().names())))
          .addIfNotNull(DisplayData.item("topicPattern", topics().pattern()))
          .add(DisplayData.item("start", start().toString()))
          .addIfNotDefault(DisplayData.item("headers", headers()), false)
          .addIfNotNull(
              DisplayData.item("eventTimes", eventTimes() == null ? null : eventTimes().told()))
          .addIfNotNull(
              DisplayData.item("watermarks", watermarks() == null ? null : watermarks().toString()))
          .addIfNotNull(DisplayData.item("group", group()))
          .addIfNotNull(DisplayData.item("consumerProperties", consumerProperties()));
    }

    @AutoValue.Builder
    abstract static class Builder {
      abstract Builder setTopics(TopicSelection topics);

      abstract Builder setStart(Start start);

      abstract Builder setLatestStart(Map<String, Map<Integer, Long>> offsets);

      abstract Builder setHeaders(boolean headers);

      abstract Builder setRemedy(String remedy);

      abstract Builder setEventTimes(EventTimes times);

      abstract Builder setWatermarks(WatermarkPolicy watermarks);

      abstract Builder setGroup(String group);

      abstract Builder setConsumerProperties(String file);

      abstract Records build();
    }
  }

  private ReadTopics() {}
}
