package io.millrace.transforms.write;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.read.ReadTopics;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes the records of blocks to a Kafka topic: their keys and values, in their order within a
 * block, with the time of writing.
 *
 * <p>At least once: a bundle ends when the brokers have all its records, and what a runner does
 * again is written again. Whoever reads the topic tells by the key, or by the value, that it has a
 * record already. No state.
 *
 * <p>The topic is not created. What the brokers refuse fails the run.
 *
 * <pre>{@code
 * rows.apply(EncodeChanges.of(table, position).withRecordKeys())
 *     .apply(WriteTopic.to("broker:9092", "alerts").withProducerProperties("client.properties"));
 * }</pre>
 */
@AutoValue
public abstract class WriteTopic extends PTransform<PCollection<RecordBlock>, PDone> {
  abstract String bootstrapServers();

  abstract String topic();

  abstract @Nullable String producerProperties();

  /**
   * Writes to this topic.
   *
   * @param bootstrapServers host and port of some brokers, separated by commas
   */
  public static WriteTopic to(String bootstrapServers, String topic) {
    return new AutoValue_WriteTopic(bootstrapServers, topic, null);
  }

  /**
   * Takes further properties of the Kafka client, such as credentials, from a file. Whatever
   * process writes reads the file first; neither the job nor its display holds what is in it. The
   * brokers and the serializers are not taken from there.
   *
   * @param file of Java properties: a path, or any name that Beam's file systems know
   */
  public WriteTopic withProducerProperties(String file) {
    return new AutoValue_WriteTopic(bootstrapServers(), topic(), file);
  }

  /**
   * Asks the brokers for the topic, so that a launcher can say in time that it is not there.
   *
   * @throws io.millrace.transforms.read.SourceException if within ten seconds no broker answers, if
   *     the client's properties or credentials do not do, or if the topic is not there
   */
  public void check() {
    ReadTopics.Records topic = ReadTopics.from(bootstrapServers()).topics(List.of(topic()));
    String file = producerProperties();
    (file == null ? topic : topic.withConsumerProperties(file)).check();
  }

  @Override
  public PDone expand(PCollection<RecordBlock> input) {
    NullableCoder<byte[]> bytes = NullableCoder.of(ByteArrayCoder.of());
    return input
        .apply("Unpack", ParDo.of(new UnpackFn()))
        .setCoder(KvCoder.of(bytes, bytes))
        .apply(
            "Write",
            KafkaIO.<byte[], byte[]>write()
                .withBootstrapServers(bootstrapServers())
                .withTopic(topic())
                .withKeySerializer(ByteArraySerializer.class)
                .withValueSerializer(ByteArraySerializer.class)
                .withProducerFactoryFn(new ProducerFactory(producerProperties())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("topic", topic()))
        .addIfNotNull(DisplayData.item("producerProperties", producerProperties()));
  }

  static final class UnpackFn extends DoFn<RecordBlock, KV<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RecordBlock block, OutputReceiver<KV<byte[], byte[]>> out) {
      RecordBlock.Cursor record = block.records();
      while (record.next()) {
        out.output(KV.of(record.copyKey(), record.copyValue()));
      }
    }
  }
}
