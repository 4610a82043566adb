package io.millrace.schemas.avro;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A schema registry cannot be asked. That is no fault of a record: it ends the run. The message is
 * one sentence for whoever started it.
 */
public final class SchemaRegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SchemaRegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
