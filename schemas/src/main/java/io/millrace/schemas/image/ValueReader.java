package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * Reads one JSON value as a column's type. Called with the parser on the value's first token, never
 * a null; leaves it on the value's last.
 */
@FunctionalInterface
interface ValueReader {
  /** What a reader may answer where the value is checked but not wanted. */
  Object CHECKED = new Object();

  /** What a reader answers where the value stands for null. */
  Object NULL = new Object();

  /**
   * The value in the Java class that {@link io.millrace.schemas.contract.ColumnType.Kind} states.
   *
   * @param keep whether the value is wanted; if not, it is only checked
   * @throws BadValueException if the value does not fit the type
   */
  Object read(JsonParser parser, boolean keep) throws IOException;
}
