package io.millrace.transforms.read;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.avro.AvroMessages;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.format.EventTimeReader;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds in records when their business events happened. */
final class PayloadTimes implements RecordTimes {
  private static final Logger LOG = LoggerFactory.getLogger(PayloadTimes.class);

  private final EventTimeReader reader;
  private final @Nullable AvroMessages avro;
  private final RecordBlock.Writer writer = new RecordBlock.Writer(1 << 10);

  PayloadTimes(EventTimeReader reader, @Nullable SchemaRegistry registry) {
    this.reader = reader;
    this.avro = registry == null ? null : new AvroMessages(registry);
  }

  @Override
  public long millis(ConsumerRecord<ByteBuffer, ByteBuffer> record, long timestamp) {
    try {
      long micros = micros(record, timestamp);
      return micros == BusinessEvent.NO_TIME ? NONE : Math.floorDiv(micros, 1_000L);
    } catch (SchemaRegistryException e) {
      throw e;
    } catch (RejectedRecordException e) {
      return NONE;
    } catch (RuntimeException e) {
      LOG.warn(
          "Reading the time of {}-{}@{} failed in a way that is a fault of Millrace",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
      return NONE;
    }
  }

  private long micros(ConsumerRecord<ByteBuffer, ByteBuffer> record, long timestamp) {
    ByteBuffer value = record.value();
    if (value == null) {
      return BusinessEvent.NO_TIME;
    }
    if (avro == null) {
      return reader.micros(
          value.array(),
          value.arrayOffset() + value.position(),
          value.remaining(),
          record.topic(),
          timestamp);
    }
    writer.add(record.offset(), timestamp, null, value);
    RecordBlock.Cursor copy =
        RecordBlock.of(record.topic(), record.partition(), writer.take()).records();
    copy.next();
    RecordBlock.Cursor json = avro.json(copy);
    return reader.micros(
        json.buffer(), json.valueStart(), json.valueLength(), record.topic(), timestamp);
  }
}
