package io.millrace.testdata.debezium;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the connector reads from and writes to.
 *
 * <p>Keys of the file: {@code kafka.bootstrap.servers} (required), and Debezium's own properties,
 * each with {@code debezium.} before its name; these go on top of the defaults here. No password is
 * in the file: it is the environment's {@value #PASSWORD_VARIABLE}.
 */
final class Settings {
  static final String PASSWORD_VARIABLE = "MILLRACE_SOURCE_PASSWORD";
  private static final String DEBEZIUM = "debezium.";

  private final Properties given;

  static Settings load(Path file) throws IOException {
    Properties given = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      given.load(reader);
    }
    return new Settings(given);
  }

  private Settings(Properties given) {
    this.given = given;
  }

  String kafkaBootstrapServers() {
    String servers = given.getProperty("kafka.bootstrap.servers");
    if (servers == null) {
      throw new IllegalArgumentException("kafka.bootstrap.servers is missing in the settings");
    }
    return servers;
  }

  /** The engine's properties: defaults, then what the file says, then the password. */
  Properties engineProperties() {
    Properties engine = defaults();
    for (String name : given.stringPropertyNames()) {
      if (name.startsWith(DEBEZIUM)) {
        engine.setProperty(name.substring(DEBEZIUM.length()), given.getProperty(name));
      }
    }
    String password = System.getenv(PASSWORD_VARIABLE);
    if (password != null) {
      engine.setProperty("database.password", password);
    }
    return engine;
  }

  private static Properties defaults() {
    Properties engine = new Properties();
    engine.setProperty("name", "millrace");
    engine.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    engine.setProperty("plugin.name", "pgoutput");
    engine.setProperty("publication.autocreate.mode", "filtered");
    engine.setProperty("snapshot.mode", "initial");
    engine.setProperty("decimal.handling.mode", "string");
    // The default skips truncates.
    engine.setProperty("skipped.operations", "none");
    engine.setProperty("provide.transaction.metadata", "true");
    engine.setProperty("tombstones.on.delete", "true");
    engine.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    engine.setProperty("offset.flush.interval.ms", "1000");
    engine.setProperty("poll.interval.ms", "100");
    return engine;
  }
}
