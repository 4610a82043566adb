package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.contract.Metadata;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What an event tells of itself, as values of columns: numbers, text and null. */
final class EventMetadata {
  private final String table;
  private final @Nullable String schema;
  private ChangeEvent.@Nullable Builder event;
  private @Nullable Operation operation;

  EventMetadata(String sourceTable) {
    int dot = sourceTable.indexOf('.');
    this.table = sourceTable.substring(dot + 1);
    this.schema = dot < 0 ? null : sourceTable.substring(0, dot);
  }

  void set(ChangeEvent.Builder newEvent, Operation newOperation) {
    event = newEvent;
    operation = newOperation;
  }

  boolean isUpdate() {
    return operation.isUpdate();
  }

  @Nullable Object value(Metadata metadata) {
    return switch (metadata) {
      case TOPIC -> event.origin().source();
      case PARTITION ->
          event.origin().isFile() ? null : BigDecimal.valueOf(event.origin().partition());
      case OFFSET -> BigDecimal.valueOf(event.origin().offset());
      case TIMESTAMP -> time(event.receivedAt());
      case SOURCE_TABLE -> table;
      case SOURCE_SCHEMA -> schema;
      case OPERATION -> operation.name().toLowerCase(Locale.ROOT);
      case COMMITTED_AT -> time(event.committedAt());
      case CAPTURED_AT -> time(event.capturedAt());
      case TRANSACTION_ID -> event.transactionId().orElse(null);
      case POSITION -> event.position().toHex();
      case ROW -> throw new IllegalStateException("The row tells this, not the event");
    };
  }

  private static @Nullable String time(long micros) {
    return micros == ChangeEvent.NO_TIME
        ? null
        : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
