package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.SchemaRegistryOptions;
import io.millrace.transforms.registry.HttpSchemaRegistry;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The schema registry that options lead to. */
public final class SchemaRegistryAccess {
  /**
   * Makes sure that the registry is there, if the options name one.
   *
   * @throws LaunchException if they do not lead to one
   */
  public static void check(SchemaRegistryOptions options) {
    HttpSchemaRegistry registry = of(options);
    if (registry != null) {
      registry.check();
    }
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
