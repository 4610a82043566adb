package io.millrace.benchmarks.streams;

import io.millrace.benchmarks.flink.LocalFlink;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.sales.Sales;
import io.millrace.benchmarks.sales.SalesBook;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;

/**
 * Kafka Streams' join of a stream with a versioned table: sales wait for the grace, then take the
 * price of their time. Keys and values stay bytes until the sink. It has no end, so it is closed
 * when every sale has come out.
 */
public final class StreamsEnrich implements Contestant {
  /** How long the table keeps versions; what comes out would be wrong were it too short. */
  private static final Duration HISTORY = Duration.ofMinutes(5);

  private final Settings settings;
  private String application = "";

  /** A sale with its price, null if there was none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Priced(byte[] sale, byte[] price) {}

  public StreamsEnrich(Settings settings) {
    this.settings = settings;
  }

  /** Deletes the topics of the run before, which hold its changes of state. */
  @Override
  public void reset() throws Exception {
    SalesBook.renew();
    if (!application.isEmpty()) {
      try (Admin admin = Admin.create(properties())) {
        List<String> own =
            admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(application))
                .toList();
        admin.deleteTopics(own).all().get();
      }
    }
    application = "enrich-" + System.currentTimeMillis();
  }

  @Override
  public void run() throws Exception {
    KafkaStreams streams = new KafkaStreams(topology().build(), properties());
    try {
      streams.start();
      while (SalesBook.shared().sales() < settings.number("events")) {
        if (streams.state() == KafkaStreams.State.ERROR) {
          throw new IOException("Kafka Streams ended in mid-run");
        }
        Thread.sleep(20);
      }
    } finally {
      streams.close();
      streams.cleanUp();
    }
  }

  private StreamsBuilder topology() {
    StreamsBuilder builder = new StreamsBuilder();
    Serde<byte[]> bytes = Serdes.ByteArray();
    KTable<byte[], byte[]> prices =
        builder.table(
            settings.text("prices"),
            Consumed.with(bytes, bytes),
            Materialized.<byte[], byte[]>as(
                    Stores.persistentVersionedKeyValueStore("prices", HISTORY))
                .withKeySerde(bytes)
                .withValueSerde(bytes));
    builder.stream(settings.text("sales"), Consumed.with(bytes, bytes))
        .leftJoin(
            prices,
            Priced::new,
            Joined.with(bytes, bytes, bytes)
                .withName("priced")
                .withGracePeriod(Duration.ofMillis(Sales.DISORDER)))
        .process(BookProcessor::new);
    return builder;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.text("bootstrapServers"));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("java.io.tmpdir"));
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, LocalFlink.PARALLELISM);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, LocalFlink.CHECKPOINT_INTERVAL);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    return properties;
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(SalesBook.shared().answer(), Sales.products(settings.number("events")));
  }

  /** Counts sales in this JVM's {@link SalesBook}. */
  private static final class BookProcessor implements Processor<byte[], Priced, Void, Void> {
    private final SalesBook.Page page = SalesBook.shared().page();

    @Override
    public void process(Record<byte[], Priced> record) {
      ByteBuffer sale = ByteBuffer.wrap(record.value().sale());
      byte[] price = record.value().price();
      page.add(
          sale.getLong(0),
          sale.getLong(8),
          sale.getInt(16),
          price == null ? 0 : ByteBuffer.wrap(price).getLong(0),
          price == null ? 0 : ByteBuffer.wrap(price).getLong(8));
    }
  }
}
