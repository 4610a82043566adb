package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonToken;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

/** Times that tools write as they stand on a wall, for columns that hold instants. */
final class LocalTimes {
  private static final int DATE_LENGTH = 10;

  /**
   * A reader of instants that takes text without an offset for a time in the contract's zone. Of a
   * time that a clock shows twice the earlier is taken; one that it leaps over counts as so much
   * later.
   *
   * @param instants takes such text for a time in UTC
   */
  static ValueReader zoned(ValueReader instants, Map<String, String> modes) {
    ZoneId zone = ZoneId.of(modes.getOrDefault(Modes.ZONE, "UTC"));
    if (zone.equals(ZoneId.of("UTC"))) {
      return instants;
    }
    return (parser, keep) -> {
      boolean isLocal =
          parser.currentToken() == JsonToken.VALUE_STRING && !hasOffset(parser.getText());
      Object value = instants.read(parser, keep);
      return isLocal && value instanceof Instant utc && isFinite(utc)
          ? LocalDateTime.ofInstant(utc, ZoneOffset.UTC).atZone(zone).toInstant()
          : value;
    };
  }

  private static boolean hasOffset(String text) {
    return text.endsWith("Z")
        || text.indexOf('+', DATE_LENGTH) >= 0
        || text.indexOf('-', DATE_LENGTH) >= 0;
  }

  private static boolean isFinite(Instant time) {
    return !time.equals(Instant.MAX) && !time.equals(Instant.MIN);
  }

  private LocalTimes() {}
}
