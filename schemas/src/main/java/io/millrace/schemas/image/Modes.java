package io.millrace.schemas.image;

import java.util.HashMap;
import java.util.Map;

/**
 * How a format writes values where nothing else tells it: what the contract's custom properties
 * say, and for those it does not have, what is usual in the format.
 */
final class Modes {
  /** Times of numbers; see Debezium. */
  static final String TIME = "time.precision.mode";

  /** How bytes are written: base64, base64-url-safe, hex, iso-8859-1. */
  static final String BINARY = "binary.handling.mode";

  /** How bits are written: as the number they are, else as the database reads them. */
  static final String BIT = "bit.handling.mode";

  /** What MySQL's date of zeros becomes: null, else a rejection. */
  static final String ZERO_DATE = "zero.date.mode";

  /** The zone of times without an offset, in columns with a time zone. */
  static final String ZONE = "time.zone";

  /** How bytes are written in a format that does not say it. */
  static final String UNSTATED = "unstated";

  private static final Map<String, Map<String, String>> USUAL =
      Map.of(
          "maxwell", Map.of(BIT, "number"),
          "canal", Map.of(BIT, "number", BINARY, "iso-8859-1"),
          "aws_dms", Map.of(BINARY, UNSTATED),
          "connect_jdbc", Map.of(TIME, "connect"),
          "event", Map.of(TIME, "connect"));

  /** The modes of a format's images of a table with these custom properties. */
  static Map<String, String> of(String format, Map<String, String> properties) {
    Map<String, String> usual = USUAL.getOrDefault(format, Map.of());
    if (usual.isEmpty()) {
      return properties;
    }
    Map<String, String> modes = new HashMap<>(usual);
    modes.putAll(properties);
    return modes;
  }

  /**
   * Whether a value may be Debezium's placeholder: in its events, and in rows unwrapped of them.
   */
  static boolean hasPlaceholders(String format) {
    return format.equals("debezium") || format.equals("connect_jdbc");
  }

  private Modes() {}
}
