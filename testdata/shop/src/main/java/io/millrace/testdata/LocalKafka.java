package io.millrace.testdata;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this JVM: one node in KRaft mode, bound to localhost, on free ports.
 *
 * <p>Ready in three to five seconds; takes some 500 MB of heap at most. Topics are created on first
 * use with one partition; {@link #createTopics} creates them with more. It stops when closed, and
 * when this JVM ends in an orderly way.
 */
public final class LocalKafka implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final int port;
  private final int controllerPort;
  private final Path directory;
  private final boolean keep;
  private final Thread hook;
  private volatile KafkaRaftServer server;

  /** Starts a broker on a temporary directory, which is deleted on close. */
  public static LocalKafka start() {
    return new LocalKafka(Directories.temporary("kafka"), false);
  }

  /**
   * Starts a broker on a directory that is kept; a second start finds topics and records again.
   *
   * @throws ServiceException if the broker does not start in time
   */
  public static LocalKafka start(Path directory) {
    return new LocalKafka(directory, true);
  }

  private LocalKafka(Path directory, boolean keep) {
    this.directory = Directories.create(directory).toAbsolutePath();
    this.keep = keep;
    this.port = FreePort.find();
    this.controllerPort = FreePort.find();
    this.hook = new Thread(this::end, "stop-kafka");
    startAgain();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Stops the broker in an orderly way and keeps topics and records, for {@link #startAgain}: until
   * then nobody answers.
   */
  public void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  /**
   * Starts the broker after {@link #stop}, on the same port and with what it held.
   *
   * @throws ServiceException if it does not start in time
   */
  public void startAgain() {
    try {
      format();
      server = new KafkaRaftServer(new KafkaConfig(settings(), false), Time.SYSTEM);
      server.startup();
    } catch (Exception e) {
      throw new ServiceException(
          "Kafka did not start: " + e.getMessage() + "; its data are in " + directory, e);
    }
  }

  /** Host and port for a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /**
   * Creates topics; those that exist stay as they are.
   *
   * @param partitions of each, at least one
   */
  public void createTopics(int partitions, Collection<String> names) {
    createTopics(bootstrapServers(), partitions, names);
  }

  /** Like {@link #createTopics(int, Collection)}, on any broker. */
  public static void createTopics(
      String bootstrapServers, int partitions, Collection<String> names) {
    List<NewTopic> topics =
        names.stream().map(name -> new NewTopic(name, partitions, (short) 1)).toList();
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
        await(created);
      }
    }
  }

  /** How many records were ever written to these topics. */
  public static long countRecords(String bootstrapServers, Collection<String> topics) {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get(30, TimeUnit.SECONDS)
          .forEach(
              (topic, description) ->
                  description
                      .partitions()
                      .forEach(
                          partition ->
                              ends.put(
                                  new TopicPartition(topic, partition.partition()),
                                  OffsetSpec.latest())));
      return admin.listOffsets(ends).all().get(30, TimeUnit.SECONDS).values().stream()
          .mapToLong(ListOffsetsResultInfo::offset)
          .sum();
    } catch (ExecutionException e) {
      throw new ServiceException(
          "Kafka does not say how far topics go: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted while asking Kafka", e);
    } catch (TimeoutException e) {
      throw new ServiceException("Kafka did not answer in 30 s", e);
    }
  }

  private static void await(KafkaFuture<Void> created) {
    try {
      created.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new ServiceException(
            "Kafka did not create a topic: " + e.getCause().getMessage(), e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted while creating topics", e);
    } catch (TimeoutException e) {
      throw new ServiceException("Kafka did not create the topics in 30 s", e);
    }
  }

  /** Stops the broker; deletes its directory if it was a temporary one. */
  @Override
  public void close() {
    ShutdownHooks.remove(hook);
    end();
  }

  private void end() {
    stop();
    if (!keep) {
      Directories.delete(directory);
    }
  }

  private void format() throws Exception {
    Path data = directory.resolve("data");
    if (Files.exists(data.resolve("meta.properties"))) {
      return;
    }
    Directories.create(data);
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(1)
        .setDirectories(List.of(data.toString()))
        .setMetadataLogDirectory(data.toString())
        .setControllerListenerName("CONTROLLER")
        .run();
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@localhost:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners", "CLIENT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
    settings.put("advertised.listeners", "CLIENT://localhost:" + port);
    settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "CLIENT");
    settings.put("log.dirs", directory.resolve("data").toString());
    settings.put("server.max.startup.time.ms", Long.toString(START_LIMIT.toMillis()));
    settings.put("default.replication.factor", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("message.max.bytes", "10485760");
    // Events of tests are of other days, and would be gone half a minute after the broker's start.
    settings.put("log.retention.ms", "-1");
    settings.put("log.cleaner.dedupe.buffer.size", "2097152");
    return settings;
  }
}
