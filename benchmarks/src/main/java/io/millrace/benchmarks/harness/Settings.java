package io.millrace.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.Map;

/** Named texts and numbers that a contestant is made from; they cross into its JVM. */
public final class Settings {
  private final Map<String, String> values;

  private Settings(Map<String, String> values) {
    this.values = values;
  }

  /** No settings. */
  public static Settings none() {
    return new Settings(Map.of());
  }

  /** These settings. */
  public static Settings of(Map<String, String> values) {
    return new Settings(Map.copyOf(values));
  }

  /** These settings and one more. */
  public Settings with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value.toString());
    return new Settings(more);
  }

  /**
   * A text.
   *
   * @throws IllegalArgumentException if it is not there
   */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the benchmark has no setting '" + name + "'");
    }
    return value;
  }

  /**
   * A whole number.
   *
   * @throws IllegalArgumentException if it is not there, or not one
   */
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  /** All of them. */
  public Map<String, String> values() {
    return Map.copyOf(values);
  }
}
