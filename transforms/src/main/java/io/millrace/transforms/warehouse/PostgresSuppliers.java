package io.millrace.transforms.warehouse;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Expressions for the position that supplied a value of a row.
 *
 * <p>It is the one that the value's entry in {@code _filled} names; without an entry, the position
 * of the row's newest upsert, which is the {@code *} entry where a delete is newer, and else {@code
 * _position}. Positions are compared as hexadecimal text in the "C" collation, which orders them as
 * their bytes.
 */
final class PostgresSuppliers {
  /** A function takes at most 100 arguments, and an entry of a JSON object takes two. */
  private static final int MOST_ENTRIES = 40;

  private final List<String> entries;

  PostgresSuppliers(List<String> valueNames) {
    entries = valueNames.stream().map(PostgresDialect::literal).toList();
  }

  /** The position of a row's newest change. */
  static String position(String row) {
    return "encode(" + row + ".\"_position\", 'hex') COLLATE \"C\"";
  }

  static String newestUpsert(String row) {
    return "coalesce(" + row + ".\"_filled\" ->> '*', " + position(row) + ")";
  }

  /** The supplier of one value, given an expression for the newest upsert. */
  String one(int value, String row, String newestUpsert) {
    return "coalesce(%s.\"_filled\" ->> %s, %s) COLLATE \"C\""
        .formatted(row, entries.get(value), newestUpsert);
  }

  /** The suppliers of all values, as columns that a prefix and a number name. */
  String all(String prefix, String row, String newestUpsert) {
    return IntStream.range(0, entries.size())
        .mapToObj(i -> one(i, row, newestUpsert) + " AS " + prefix + i)
        .collect(Collectors.joining(", "));
  }

  /** Whether a condition holds for any value. */
  String any(IntFunction<String> condition) {
    return IntStream.range(0, entries.size())
        .mapToObj(condition)
        .collect(Collectors.joining(" OR "));
  }

  /**
   * The filled JSON; null where there is nothing to say.
   *
   * @param entry the expression of a value's entry, null for none
   * @param newestUpsert the expression of the {@code *} entry, null for none
   */
  String filled(IntFunction<String> entry, String newestUpsert) {
    StringBuilder json = new StringBuilder("nullif(jsonb_strip_nulls(jsonb_build_object('*', ");
    json.append(newestUpsert).append(')');
    for (int i = 0; i < entries.size(); i++) {
      json.append(i % MOST_ENTRIES == 0 ? (i == 0 ? "" : ")") + " || jsonb_build_object(" : ", ");
      json.append(entries.get(i)).append(", ").append(entry.apply(i));
    }
    return json.append(")), '{}')").toString();
  }
}
