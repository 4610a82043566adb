package io.millrace.runners.flink.faults;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a consumer group is in the shop's topics. */
final class GroupOffsets implements AutoCloseable {
  private final Admin admin;
  private final String group;

  GroupOffsets(String bootstrapServers, String group) {
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.group = group;
  }

  /** The partitions that the group has not committed to their ends, with what lacks. */
  SortedMap<String, String> lags() throws Exception {
    Map<TopicPartition, Long> committed = committed();
    SortedMap<String, String> lags = new TreeMap<>();
    ends()
        .forEach(
            (partition, end) -> {
              long at = committed.getOrDefault(partition, 0L);
              if (at < end) {
                lags.put(partition.toString(), at + " of " + end);
              }
            });
    return lags;
  }

  private Map<TopicPartition, Long> committed() throws Exception {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> offset :
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet()) {
      if (offset.getValue() != null) {
        committed.put(offset.getKey(), offset.getValue().offset());
      }
    }
    return committed;
  }

  /** Where each partition of the shop's tables ends. */
  Map<TopicPartition, Long> ends() throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    var topics =
        get(admin.listTopics().names()).stream()
            .filter(topic -> topic.startsWith("shop.public."))
            .toList();
    for (TopicDescription topic : get(admin.describeTopics(topics).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(
              partition ->
                  asked.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    Map<TopicPartition, ListOffsetsResultInfo> ends = get(admin.listOffsets(asked).all());
    return ends.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
  }

  /** Deletes all records of a topic, as retention does. */
  void expire(String topic) throws Exception {
    Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
    ends()
        .forEach(
            (partition, end) -> {
              if (partition.topic().equals(topic)) {
                records.put(partition, RecordsToDelete.beforeOffset(end));
              }
            });
    get(admin.deleteRecords(records).all());
  }

  private static <T> T get(Future<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    admin.close();
  }
}
