package io.millrace.transforms.read;

import java.time.Duration;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Says what a Kafka client's exception means for whoever started the run. */
final class KafkaFailure {

  /** One sentence for the exception of a client that was to reach these brokers. */
  static SourceException explain(String bootstrapServers, Duration limit, RuntimeException e) {
    Throwable cause = e;
    while (!isTelling(cause) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String told = cause.getMessage();
    if (cause instanceof ConfigException) {
      // Kafka has no other exception for this one.
      return told.startsWith("No resolvable bootstrap urls")
          ? SourceException.world("The name of no broker in " + bootstrapServers + " is known", e)
          : SourceException.input("The Kafka client's properties do not do: " + told, e);
    }
    if (cause instanceof AuthenticationException) {
      return SourceException.input(
          "Kafka at " + bootstrapServers + " refuses the client's credentials: " + told, e);
    }
    if (cause instanceof AuthorizationException) {
      return SourceException.input(
          "Kafka at " + bootstrapServers + " does not allow this client to read: " + told, e);
    }
    if (cause instanceof TimeoutException) {
      return SourceException.world(
          "No Kafka broker answers at " + bootstrapServers + " within " + limit.toSeconds() + " s",
          e);
    }
    return SourceException.world("Kafka at " + bootstrapServers + ": " + told, e);
  }

  private static boolean isTelling(Throwable cause) {
    return cause instanceof ConfigException
        || cause instanceof AuthenticationException
        || cause instanceof AuthorizationException
        || cause instanceof TimeoutException;
  }

  private KafkaFailure() {}
}
