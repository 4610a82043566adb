package io.millrace.testdata.shop;

import java.util.LinkedHashMap;
import java.util.Map;

/** Values for columns of a row, by the names that the columns were made with; null is a value. */
final class NewValues {
  private final Map<String, Object> values = new LinkedHashMap<>();

  NewValues set(String column, Object value) {
    values.put(column, value);
    return this;
  }

  Map<String, Object> asMap() {
    return values;
  }
}
