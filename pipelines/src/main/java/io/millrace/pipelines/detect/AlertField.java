package io.millrace.pipelines.detect;

import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.transforms.pattern.Alert;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/** What a column may tell of an alert. */
enum AlertField {
  /** 32 hexadecimal digits: the same for the same events and rule, in every run. */
  ID,
  /** The rule's name. */
  RULE,
  /** Whose events they are. */
  KEY,
  /** The time of the first event. */
  FIRST_AT,
  /** When it was certain. */
  LAST_AT,
  /** The ids of the events, in order of time. */
  EVENT_IDS,
  /** See {@link AlertDetails}. */
  DETAILS;

  Object of(Alert<JudgedEvent> alert) {
    return switch (this) {
      case ID -> alert.id();
      case RULE -> alert.rule();
      case KEY -> alert.key();
      case FIRST_AT -> alert.start();
      case LAST_AT -> alert.end();
      case EVENT_IDS -> alert.events().stream().map(event -> event.event().id()).toList();
      case DETAILS -> AlertDetails.of(alert);
    };
  }

  FieldType fieldType() {
    return switch (this) {
      case ID, RULE, KEY -> FieldType.STRING;
      case FIRST_AT, LAST_AT -> FieldType.DATETIME;
      case EVENT_IDS -> FieldType.array(FieldType.STRING);
      case DETAILS -> FieldType.row(AlertDetails.SCHEMA);
    };
  }

  boolean fits(Kind kind) {
    return switch (this) {
      case ID, RULE, KEY -> kind == Kind.TEXT;
      case FIRST_AT, LAST_AT -> kind == Kind.TIMESTAMP_TZ;
      case EVENT_IDS, DETAILS -> kind == Kind.JSON;
    };
  }

  /** The type that its column must have. */
  String type() {
    return switch (this) {
      case ID, RULE, KEY -> "text";
      case FIRST_AT, LAST_AT -> "timestamptz";
      case EVENT_IDS, DETAILS -> "jsonb";
    };
  }

  /** What a contract calls it. */
  String function() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<AlertField> of(String function) {
    return Arrays.stream(values()).filter(field -> field.function().equals(function)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(AlertField::function).collect(Collectors.joining(", "));
  }
}
