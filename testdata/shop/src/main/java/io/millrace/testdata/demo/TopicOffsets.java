package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** Where topics end, and making them forget. */
final class TopicOffsets implements AutoCloseable {
  private static final int LIMIT_SECONDS = 30;

  private final Admin admin;

  TopicOffsets(String bootstrapServers) {
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /** The offset that each partition's next record gets, of those that had any. */
  Map<TopicPartition, Long> ends(List<String> topics) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    get(admin.describeTopics(topics).allTopicNames())
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(
                        partition ->
                            asked.put(
                                new TopicPartition(topic, partition.partition()),
                                OffsetSpec.latest())));
    return get(admin.listOffsets(asked).all()).entrySet().stream()
        .filter(end -> end.getValue().offset() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
  }

  /** Deletes what the partitions hold before these offsets, as retention does. */
  void forget(Map<TopicPartition, Long> before) {
    Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
    before.forEach(
        (partition, offset) -> records.put(partition, RecordsToDelete.beforeOffset(offset)));
    get(admin.deleteRecords(records).all());
  }

  private static <T> T get(Future<T> answer) {
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new ServiceException("Kafka refused: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted while asking Kafka", e);
    } catch (TimeoutException e) {
      throw new ServiceException("Kafka did not answer in " + LIMIT_SECONDS + " s", e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
