package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.registry.HttpSchemaRegistry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The schema registry that options lead to. */
public final class SchemaRegistryAccess {
  /** The formats that come in Avro: of Kafka Connect, whose converters write it, and events. */
  private static final Set<ChangeFormat> FORMATS =
      EnumSet.of(ChangeFormat.DEBEZIUM, ChangeFormat.CONNECT_JDBC, ChangeFormat.EVENTS);

  /**
   * Makes sure that the registry is there, if the options name one, and of use.
   *
   * @param format of the records, or null if they tell it themselves
   * @throws LaunchException if not
   */
  public static void check(SchemaRegistryOptions options, @Nullable ChangeFormat format) {
    HttpSchemaRegistry registry = of(options);
    if (registry == null) {
      return;
    }
    if (format != null && !FORMATS.contains(format)) {
      throw LaunchException.input(
          "--schemaRegistry is for --format=debezium, connect_jdbc (any rows in Avro) and events,"
              + " not for "
              + format.name().toLowerCase(Locale.ROOT));
    }
    registry.check();
  }

  /**
   * The registry, or null if the options name none.
   *
   * @throws LaunchException if they name one in a way that cannot be
   */
  public static @Nullable HttpSchemaRegistry of(SchemaRegistryOptions options) {
    String url = options.getSchemaRegistry();
    String user = options.getSchemaRegistryUser();
    String password = options.getSchemaRegistryPassword();
    if (url == null) {
      if (user != null || password != null) {
        throw LaunchException.input(
            "--schemaRegistry=URL is missing; its user or password is given");
      }
      return null;
    }
    if ((user == null) != (password == null)) {
      throw LaunchException.input(
          "--schemaRegistryUser=NAME and --schemaRegistryPassword=file:PATH or env:NAME are given"
              + " both or not at all");
    }
    try {
      HttpSchemaRegistry registry = HttpSchemaRegistry.at(url);
      return user == null || password == null ? registry : registry.withUser(user, password);
    } catch (IllegalArgumentException e) {
      throw LaunchException.input("--schemaRegistry: " + e.getMessage(), e);
    }
  }

  private SchemaRegistryAccess() {}
}
