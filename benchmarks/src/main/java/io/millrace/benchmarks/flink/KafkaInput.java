package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.harness.Settings;
import java.io.IOException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The changes in a topic, up to where it ends now. */
final class KafkaInput implements NativeMerge.Input {
  private final Settings settings;

  KafkaInput(Settings settings) {
    this.settings = settings;
  }

  @Override
  public DataStream<OrderChange> read(StreamExecutionEnvironment environment) {
    KafkaSource<OrderChange> source =
        KafkaSource.<OrderChange>builder()
            .setBootstrapServers(settings.text("bootstrapServers"))
            .setTopics(settings.text("topic"))
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setProperty("max.poll.records", "5000")
            .setDeserializer(new Deserializer())
            .build();
    return environment.fromSource(source, WatermarkStrategy.noWatermarks(), "topic");
  }

  /** Parses into one change that is filled again and again. */
  private static final class Deserializer implements KafkaRecordDeserializationSchema<OrderChange> {
    private static final long serialVersionUID = 1L;

    private transient OrderParser parser;
    private transient OrderChange change;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
      parser = new OrderParser();
      change = new OrderChange(256);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<OrderChange> out)
        throws IOException {
      byte[] value = record.value();
      parser.parse(value, 0, value.length, change);
      out.collect(change);
    }

    @Override
    public TypeInformation<OrderChange> getProducedType() {
      return NativeMerge.changes();
    }
  }
}
