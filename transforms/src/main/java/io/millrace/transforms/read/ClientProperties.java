package io.millrace.transforms.read;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.beam.sdk.io.FileSystems;

/** The properties of a Kafka client, read from a file where the client runs. */
public final class ClientProperties {

  /**
   * Reads a file of Java properties.
   *
   * @param reference a path, with or without {@code file:} before it, or any name that Beam's file
   *     systems know
   * @throws SourceException if the file is not there or cannot be read
   */
  public static Map<String, Object> load(String reference) {
    String path = reference.replaceFirst("^file:(//)?", "");
    Properties properties = new Properties();
    try (Reader reader =
        Channels.newReader(
            FileSystems.open(FileSystems.matchNewResource(path, false)), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (FileNotFoundException e) {
      throw SourceException.input("There is no file of Kafka client properties at " + path, e);
    } catch (IOException | IllegalArgumentException e) {
      throw SourceException.input(
          "The Kafka client properties in " + path + " cannot be read: " + e.getMessage(), e);
    }
    Map<String, Object> loaded = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> loaded.put(name, properties.getProperty(name)));
    return loaded;
  }

  private ClientProperties() {}
}
