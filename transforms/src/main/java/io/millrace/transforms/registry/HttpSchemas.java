package io.millrace.transforms.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.transforms.warehouse.SecretReference;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.BackOffUtils;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.Sleeper;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Asks a registry over HTTP.
 *
 * <p>It is a plain client of one request, since none of the libraries serves: Confluent's is not in
 * Maven Central, Apicurio's 3.x brings a web server's libraries along, and its 2.x knows its own
 * interface only and waits for ever for a registry that does not answer.
 */
final class HttpSchemas implements SchemaRegistry.Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FOUND = 200;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final String NOT_CONFLUENT = "does not answer as Confluent's does";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final FluentBackoff RETRIES =
      FluentBackoff.DEFAULT
          .withInitialBackoff(org.joda.time.Duration.millis(500))
          .withMaxRetries(8);

  /** For one who waits for an answer: gives up after a second. */
  static final FluentBackoff QUICK = RETRIES.withMaxRetries(2);

  private final HttpSchemaRegistry registry;
  private final FluentBackoff retries;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  HttpSchemas(HttpSchemaRegistry registry) {
    this(registry, RETRIES);
  }

  HttpSchemas(HttpSchemaRegistry registry, FluentBackoff retries) {
    this.registry = registry;
    this.retries = retries;
  }

  /** Makes sure that there is a registry. */
  void check() {
    String path = registry.isApicurio() ? "/system/info" : "/schemas/types";
    HttpResponse<String> answer = send(path);
    if (answer.statusCode() == NOT_FOUND) {
      throw failed("has no " + path + "; is the URL complete?", null);
    }
  }

  @Override
  public @Nullable String find(long id) {
    boolean isApicurio = registry.isApicurio();
    HttpResponse<String> answer = send((isApicurio ? "/ids/globalIds/" : "/schemas/ids/") + id);
    return answer.statusCode() == NOT_FOUND
        ? null
        : isApicurio ? answer.body() : schema(answer.body());
  }

  /** The schema in {@code {"schema":"…"}}. */
  private String schema(String body) {
    try {
      JsonNode schema = JSON.readTree(body).path("schema");
      if (schema.isTextual()) {
        return schema.asText();
      }
    } catch (JsonProcessingException e) {
      throw failed(NOT_CONFLUENT, e);
    }
    throw failed(NOT_CONFLUENT, null);
  }

  private HttpResponse<String> send(String path) {
    BackOff backOff = retries.backoff();
    try {
      while (true) {
        SchemaRegistryException failure;
        try {
          HttpResponse<String> answer = client.send(request(path), BodyHandlers.ofString());
          int status = answer.statusCode();
          if (status == FOUND || status == NOT_FOUND) {
            return answer;
          }
          failure = failed("answers with status " + status, null);
          if (status != TOO_MANY_REQUESTS && status < SERVER_ERROR) {
            throw failure;
          }
        } catch (IOException e) {
          failure = failed("cannot be reached (" + e + ")", e);
        }
        if (!BackOffUtils.next(Sleeper.DEFAULT, backOff)) {
          throw failure;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was not waited for", e);
    }
  }

  private SchemaRegistryException failed(String how, @Nullable Throwable cause) {
    return new SchemaRegistryException(
        "the schema registry at " + registry.url() + " " + how, cause);
  }

  private HttpRequest request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .timeout(TIMEOUT)
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    SecretReference password = registry.password();
    if (registry.user() != null && password != null) {
      byte[] access = (registry.user() + ':' + password.resolve()).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(access));
    }
    return request.build();
  }
}
