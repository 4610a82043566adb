package io.millrace.transforms.laws;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of a random contract. Its key is the case's number and one more column, in either order;
 * so many cases share a table and no row.
 *
 * @param key the type of the key's other column
 * @param values the types of the other columns
 */
record Shape(String name, SampleType key, boolean caseFirst, List<SampleType> values) {
  private static final List<String> NAMES = List.of("a", "B b", "c\"'\\", "\u00e4,{}", "e:$1", "f");

  /** The name of a column in the warehouse. */
  static String column(int value) {
    return NAMES.get(value);
  }

  /** The name of a column at the source. */
  static String sourceColumn(int value) {
    return value % 2 == 0 ? column(value) : "source " + value;
  }

  String sourceName() {
    return "source." + name;
  }

  /** The columns outside the key, and the one for what the contract does not know. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (int value = 0; value < values.size(); value++) {
      columns.add(column(value));
    }
    columns.add("_extra");
    return columns;
  }

  /** The table in an ODCS contract. */
  String contract() {
    List<String> properties = new ArrayList<>();
    for (int value = 0; value < values.size(); value++) {
      properties.add(property(column(value), sourceColumn(value), values.get(value), ""));
    }
    String place = ",\"primaryKey\":true,\"primaryKeyPosition\":";
    properties.add(properties.size() / 2, property("k", "key", key, place + (caseFirst ? 2 : 1)));
    properties.add(property("c", "c", SampleType.KEYS.get(0), place + (caseFirst ? 1 : 2)));
    return "{\"name\":\"%s\",\"physicalName\":\"%s\",\"properties\":[%s]}"
        .formatted(name, sourceName(), String.join(",", properties));
  }

  private static String property(String name, String source, SampleType type, String more) {
    return "{\"name\":%s,\"physicalName\":%s,\"physicalType\":\"%s\"%s}"
        .formatted(SampleType.text(name), SampleType.text(source), type.physicalType(), more);
  }
}
