package io.millrace.pipelines.detect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Columns' values as the text of a key or an id: equal values are equal text. */
final class Texts {
  private static final JsonMapper JSON = new JsonMapper();

  /** One value as its text, several as a JSON array of theirs; null if one of them is. */
  static @Nullable String of(List<@Nullable Object> values) {
    List<String> texts = new ArrayList<>(values.size());
    for (Object value : values) {
      if (value == null) {
        return null;
      }
      texts.add(of(value));
    }
    if (texts.size() == 1) {
      return texts.get(0);
    }
    try {
      return JSON.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Text can always be written as JSON", e);
    }
  }

  private static String of(Object value) {
    if (value instanceof BigDecimal number) {
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
    return value instanceof byte[] bytes
        ? Base64.getEncoder().encodeToString(bytes)
        : value.toString();
  }

  private Texts() {}
}
