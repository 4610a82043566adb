package io.millrace.transforms.read;

import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds when the events of records happened. */
@FunctionalInterface
interface RecordTimes {
  /** The time of a record that tells none, or one that cannot be. */
  long NONE = Long.MIN_VALUE;

  /**
   * When the event of a record happened, in milliseconds since the epoch, or {@link #NONE}.
   *
   * @param timestamp the record's own, or when it was read if it has none
   */
  long millis(ConsumerRecord<ByteBuffer, ByteBuffer> record, long timestamp);
}
