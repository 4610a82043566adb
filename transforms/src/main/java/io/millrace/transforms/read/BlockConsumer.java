package io.millrace.transforms.read;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A consumer that hands KafkaIO blocks of records where the topic has records, since Beam pays per
 * record, and most for its metrics.
 *
 * <p>A block carries the offset of its last record, so that KafkaIO, which goes on at that offset
 * plus one, goes on behind the block. Where Kafka passes over offsets that hold no record
 * (transaction markers, what compaction removed), the last block carries the last such offset, and
 * an empty block does if no record came. So a partition that was read to its end is seen to have no
 * backlog, and nothing ever resumes at a marker that has expired since.
 *
 * <p>It also places a partition that has no offset yet (see {@link Start}), and says what happened
 * where an offset to be read is gone.
 */
final class BlockConsumer extends KafkaConsumer<byte[], byte[]> {
  private final TopicSelection topics;
  private final Start start;
  private final Map<String, Map<Integer, Long>> latestStart;
  private final boolean hasGroup;
  private final BlockPacker packer;
  private final String remedy;

  /** The offset behind the last block, of each partition that was placed. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  BlockConsumer(
      Map<String, Object> properties,
      TopicSelection topics,
      Start start,
      Map<String, Map<Integer, Long>> latestStart,
      BlockPacker packer,
      String remedy) {
    super(properties);
    this.topics = topics;
    this.start = start;
    this.latestStart = latestStart;
    this.packer = packer;
    this.remedy = remedy;
    this.hasGroup = properties.containsKey(ConsumerConfig.GROUP_ID_CONFIG);
  }

  @Override
  public Map<String, List<PartitionInfo>> listTopics() {
    return topics.select(super.listTopics());
  }

  /** All topics that the client may see. */
  Map<String, List<PartitionInfo>> allTopics() {
    return super.listTopics();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return topics.checkFound(topic, super.partitionsFor(topic));
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    super.seek(partition, offset);
    next.put(partition, offset);
  }

  /** KafkaIO asks for it before the first poll, where it has no checkpoint. */
  @Override
  public long position(TopicPartition partition) {
    if (!next.containsKey(partition)) {
      Long readTo = readTo(Set.of(partition)).get(partition);
      long wanted = readTo == null ? start.offset(this, partition) : readTo;
      seek(partition, Math.min(wanted, latestStart(partition)));
    }
    return super.position(partition);
  }

  /** Up to where partitions were read before, as the job was told, or else as its group has it. */
  private Map<TopicPartition, Long> readTo(Set<TopicPartition> partitions) {
    Map<TopicPartition, Long> readTo = new HashMap<>();
    if (hasGroup) {
      committed(partitions)
          .forEach(
              (partition, committed) -> {
                if (committed != null) {
                  readTo.put(partition, committed.offset());
                }
              });
    }
    for (TopicPartition partition : partitions) {
      Long known = start.known(partition);
      if (known != null) {
        readTo.put(partition, known);
      }
    }
    return readTo;
  }

  private long latestStart(TopicPartition partition) {
    Long latest = latestStart.getOrDefault(partition.topic(), Map.of()).get(partition.partition());
    if (latest == null) {
      return Long.MAX_VALUE;
    }
    long end = endOffsets(Set.of(partition)).get(partition);
    if (end < latest) {
      throw SourceException.input(
          String.format(
              "%s ends at offset %d, but was read up to %d before: the topic was made anew. Give its"
                  + " changes another target.",
              partition, end, latest));
    }
    return latest;
  }

  @Override
  @SuppressWarnings("deprecation")
  public ConsumerRecords<byte[], byte[]> poll(long timeoutMillis) {
    return poll(Duration.ofMillis(timeoutMillis));
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<ByteBuffer, ByteBuffer> records;
    try {
      records = buffers(super.poll(timeout));
    } catch (OffsetOutOfRangeException e) {
      throw outOfRange(e.offsetOutOfRangePartitions(), e);
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> blocks = new HashMap<>();
    for (TopicPartition partition : assignment()) {
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> read = records.records(partition);
      long behind = next.getOrDefault(partition, 0L);
      long position = position(partition, read, behind);
      if (!read.isEmpty()) {
        blocks.put(partition, packer.pack(partition, read, behind, position));
      } else if (position > behind) {
        blocks.put(partition, List.of(BlockPacker.nothing(partition, behind, position - 1)));
      }
      next.put(partition, position);
    }
    // KafkaIO's splittable read knows an empty poll by this very object.
    return blocks.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(blocks);
  }

  /** What was received: slices of the client's own buffers, which nobody needs to copy. */
  @SuppressWarnings("unchecked") // The factory gives the client its deserializers.
  private static ConsumerRecords<ByteBuffer, ByteBuffer> buffers(ConsumerRecords<?, ?> received) {
    return (ConsumerRecords<ByteBuffer, ByteBuffer>) received;
  }

  /** Where reading goes on, as far as is known without asking the broker. */
  private long position(
      TopicPartition partition, List<ConsumerRecord<ByteBuffer, ByteBuffer>> read, long behind) {
    try {
      return super.position(partition, Duration.ZERO);
    } catch (TimeoutException e) {
      return read.isEmpty() ? behind : read.get(read.size() - 1).offset() + 1;
    }
  }

  /**
   * Makes sure that the topics still hold the records that are to be gone on with.
   *
   * @throws SourceException if they do not
   */
  void checkNext(Set<TopicPartition> partitions) {
    Map<TopicPartition, Long> wanted = readTo(partitions);
    if (wanted.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> first = beginningOffsets(wanted.keySet());
    Map<TopicPartition, Long> end = endOffsets(wanted.keySet());
    wanted
        .entrySet()
        .removeIf(
            next ->
                next.getValue() >= first.get(next.getKey())
                    && next.getValue() <= end.get(next.getKey()));
    if (!wanted.isEmpty()) {
      throw outOfRange(wanted, null);
    }
  }

  private SourceException outOfRange(
      Map<TopicPartition, Long> wanted, @Nullable OffsetOutOfRangeException cause) {
    Map<TopicPartition, Long> first = beginningOffsets(wanted.keySet());
    Map<TopicPartition, Long> end = endOffsets(wanted.keySet());
    Map<String, String> told = new TreeMap<>();
    wanted.forEach(
        (partition, offset) ->
            told.put(
                partition.toString(),
                offset < first.get(partition)
                    ? String.format(
                        "Records of %s were deleted before they were read: offset %d is next, the"
                            + " earliest left is %d.",
                        partition, offset, first.get(partition))
                    : String.format(
                        "%s ends at offset %d, before offset %d, which is next: the topic was cut"
                            + " or made anew.",
                        partition, end.get(partition), offset)));
    return SourceException.world(String.join(" ", told.values()) + " " + remedy, cause);
  }
}
