package io.millrace.testdata.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A row, every value as PostgreSQL writes it as text.
 *
 * @param key the key's values, in the key's order
 * @param values all columns' values, in the order of the columns asked for; null is null
 */
public record TextRow(List<String> key, List<String> values) implements Comparable<TextRow> {

  /** By the bytes of the keys' texts in UTF-8, as PostgreSQL's collation "C" has it. */
  @Override
  public int compareTo(TextRow other) {
    for (int i = 0; i < key.size(); i++) {
      int order =
          Arrays.compareUnsigned(
              key.get(i).getBytes(StandardCharsets.UTF_8),
              other.key.get(i).getBytes(StandardCharsets.UTF_8));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
