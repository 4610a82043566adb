package io.millrace.transforms.registry;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.transforms.warehouse.SecretReference;
import java.net.URI;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A schema registry with Confluent's interface over HTTP, which those of Confluent, Karapace and
 * Redpanda have, and Apicurio's at {@code /apis/ccompat/v7}. Of Apicurio's own interface, {@code
 * /apis/registry/v2}, the global identifiers are read.
 *
 * <p>A request that fails for a while (no connection, a status of 429 or 5xx) is sent again, after
 * half a second and then ever later, for about half a minute; then the run fails.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html#get--schemas-ids-int-%20id">
 *     Confluent's interface</a>
 */
@AutoValue
public abstract class HttpSchemaRegistry implements SchemaRegistry {
  private static final long serialVersionUID = 1L;
  private static final String APICURIO = "/apis/registry/v2";

  abstract String url();

  abstract @Nullable String user();

  abstract @Nullable SecretReference password();

  /**
   * The registry at a URL.
   *
   * @throws IllegalArgumentException if it is not one of HTTP, or holds a password
   */
  public static HttpSchemaRegistry at(String url) {
    URI address = URI.create(url);
    if (address.getHost() == null || !url.matches("(?i)https?:.*")) {
      throw new IllegalArgumentException(
          "the schema registry's URL must be such as http://localhost:8081");
    }
    if (address.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the schema registry's URL holds a user or a password, which logs would show; give them"
              + " by themselves");
    }
    return new AutoValue_HttpSchemaRegistry(url.replaceFirst("/+$", ""), null, null);
  }

  /**
   * The user to enter as, with HTTP's basic authentication.
   *
   * @param password {@code file:PATH} or {@code env:NAME}, read on the worker
   * @throws IllegalArgumentException if the password is neither; the message does not repeat it
   */
  public HttpSchemaRegistry withUser(String user, String password) {
    return new AutoValue_HttpSchemaRegistry(url(), user, SecretReference.parse(password));
  }

  /**
   * Makes sure that there is a registry.
   *
   * @throws SchemaRegistryException if not
   */
  public void check() {
    new HttpSchemas(this, HttpSchemas.QUICK).check();
  }

  @Override
  public Schemas open() {
    return new HttpSchemas(this);
  }

  /** Whether it is asked by Apicurio's own interface. */
  boolean isApicurio() {
    return url().endsWith(APICURIO);
  }

  /** Where the registry is. */
  @Override
  public final String toString() {
    return url();
  }
}
