package io.millrace.testdata;

import io.millrace.testdata.ChildProcess.Lifetime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Debezium in a JVM of its own: reads the changes of a PostgreSQL database and writes them to Kafka
 * as JSON, one topic a table, {@code PREFIX.SCHEMA.TABLE}, and {@code PREFIX.transaction}.
 *
 * <p>It ends when closed and, whatever happens, when this JVM ends. Its log is {@code debezium.log}
 * in its directory, its offsets are there too: started again with the same directory, it goes on
 * where it stopped.
 *
 * <pre>{@code
 * LocalDebezium.Settings settings =
 *     LocalDebezium.from(postgres.database())
 *         .to(kafka.bootstrapServers())
 *         .tables("public.customers", "public.orders");
 * try (LocalDebezium debezium = settings.start()) {
 *   debezium.awaitStreaming(Duration.ofSeconds(30));
 *   ...
 * }
 * }</pre>
 */
public final class LocalDebezium implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Settings settings;
  private final ChildProcess process;
  private final Path directory;
  private final boolean keep;

  /** Begins the settings of a connector that reads this database. */
  public static Settings from(Database source) {
    return new Settings(source);
  }

  private LocalDebezium(Settings settings, Lifetime lifetime) {
    this.settings = settings;
    this.keep = settings.directory != null;
    this.directory =
        keep
            ? Directories.create(settings.directory).toAbsolutePath()
            : Directories.temporary("debezium");
    this.process =
        ChildProcess.start(
            "debezium",
            directory,
            lifetime,
            settings.command(directory, lifetime),
            settings.source.password() == null
                ? Map.of()
                : Map.of("MILLRACE_SOURCE_PASSWORD", settings.source.password()));
    process.awaitReady(START_LIMIT);
  }

  /**
   * Waits until the initial snapshot is done and changes are read from the log.
   *
   * @throws ServiceException if that is not so in time
   */
  public void awaitStreaming(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!ReplicationSlot.isStreaming(settings.source, settings.slot())) {
        if (process.waitFor(Duration.ofMillis(50))) {
          throw new ServiceException("Debezium ended during its snapshot" + process.logEnd());
        }
        if (System.nanoTime() > deadline) {
          throw new ServiceException(
              "Debezium's snapshot took longer than "
                  + limit.toSeconds()
                  + " s"
                  + process.logEnd());
        }
      }
    } catch (SQLException e) {
      throw new ServiceException("the source does not answer: " + e.getMessage(), e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Where settings, offsets and log are. */
  public Path directory() {
    return directory;
  }

  ProcessHandle handle() {
    return process.handle();
  }

  /** Ends it at once, as {@code kill -9} does: what it sent last may be sent again later. */
  public void kill() {
    process.kill();
  }

  /** Stops it; deletes its directory if it was a temporary one. */
  @Override
  public void close() {
    process.close();
    if (!keep) {
      Directories.delete(directory);
    }
  }

  /** What to read and where to write; each method changes and returns this object. */
  public static final class Settings {
    private final Database source;
    private final Map<String, String> debezium = new TreeMap<>();
    private String bootstrapServers;
    private Path directory;

    private Settings(Database source) {
      this.source = source;
      with("database.hostname", source.host());
      with("database.port", Integer.toString(source.port()));
      with("database.dbname", source.name());
      with("database.user", source.user());
      topicPrefix("shop");
      slot("millrace");
      schemas(false);
    }

    /** The broker to write to; required. */
    public Settings to(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
      return this;
    }

    /** How all topics begin; {@code shop} unless said otherwise. */
    public Settings topicPrefix(String prefix) {
      return with("topic.prefix", prefix);
    }

    /** The tables to read, each as {@code schema.table}; all when not called. */
    public Settings tables(String... tables) {
      return tables(List.of(tables));
    }

    /** The tables to read, each as {@code schema.table}; all when not called. */
    public Settings tables(List<String> tables) {
      return with("table.include.list", String.join(",", tables).replace(".", "\\."));
    }

    /** The replication slot's name; {@code millrace} unless said otherwise. */
    public Settings slot(String slot) {
      return with("slot.name", slot);
    }

    /** Whether each record carries its schema; false unless said otherwise. */
    public Settings schemas(boolean enabled) {
      return with("converter.schemas.enable", Boolean.toString(enabled));
    }

    /** Any other property, by Debezium's name for it. */
    public Settings with(String name, String value) {
      debezium.put(name, value);
      return this;
    }

    /** Where offsets and log are kept; a temporary directory, deleted on close, unless given. */
    public Settings directory(Path directory) {
      this.directory = directory;
      return this;
    }

    /**
     * Starts the connector and waits until its task runs, that is, until no later change is missed.
     *
     * @throws ServiceException if it does not start in time, or its jar has not been built
     */
    public LocalDebezium start() {
      return start(Lifetime.PARENT);
    }

    LocalDebezium start(Lifetime lifetime) {
      return new LocalDebezium(this, lifetime);
    }

    private String slot() {
      return debezium.get("slot.name");
    }

    private List<String> command(Path directory, Lifetime lifetime) {
      if (bootstrapServers == null) {
        throw new IllegalStateException("to(bootstrapServers) was not called");
      }
      Path file = write(directory);
      List<String> command =
          List.of(
              ChildProcess.java(),
              "-Xmx384m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
              "-Dorg.slf4j.simpleLogger.log.io.debezium=info",
              "-Dorg.slf4j.simpleLogger.showDateTime=true",
              "-jar",
              DebeziumJar.find().toString(),
              file.toString(),
              "--lifeline");
      return lifetime == Lifetime.PARENT ? command : command.subList(0, command.size() - 1);
    }

    private Path write(Path directory) {
      Properties properties = new Properties();
      properties.setProperty("kafka.bootstrap.servers", bootstrapServers);
      properties.setProperty(
          "debezium.offset.storage.file.filename", directory.resolve("offsets").toString());
      debezium.forEach((name, value) -> properties.setProperty("debezium." + name, value));
      Path file = directory.resolve("debezium.properties");
      try (Writer writer = Files.newBufferedWriter(file)) {
        properties.store(writer, null);
      } catch (IOException e) {
        throw new UncheckedIOException("could not write " + file, e);
      }
      return file;
    }
  }
}
