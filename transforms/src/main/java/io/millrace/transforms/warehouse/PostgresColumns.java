package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The columns of one table as statements name them: quoted, bound as arrays {@code k0, k1, …} for
 * the key and {@code v0, v1, …} for the values, and cast to what they are stored as.
 */
final class PostgresColumns {
  private static final Dialect DIALECT = PostgresDialect.INSTANCE;

  private final List<String> keys;
  private final List<String> keyTypes;
  private final List<String> keyCasts;
  private final List<String> values;
  private final List<String> valueTypes;
  private final List<String> valueCasts;

  PostgresColumns(TargetTable target) {
    keys = target.key().stream().map(ColumnContract::name).map(DIALECT::quote).toList();
    List<ColumnType> typesOfKey = target.key().stream().map(ColumnContract::type).toList();
    keyTypes = typesOfKey.stream().map(type -> BoundType.of(type).sql()).toList();
    keyCasts = casts("k", typesOfKey);
    values = target.valueNames().stream().map(DIALECT::quote).toList();
    valueTypes = target.valueTypes().stream().map(type -> BoundType.of(type).sql()).toList();
    valueCasts = casts("v", target.valueTypes());
  }

  private static List<String> casts(String prefix, List<ColumnType> types) {
    return IntStream.range(0, types.size())
        .mapToObj(i -> "u." + prefix + i + cast(types.get(i)))
        .toList();
  }

  private static String cast(ColumnType type) {
    String cast = PostgresTypes.cast(type);
    return cast.equals(BoundType.of(type).sql()) ? "" : "::" + cast;
  }

  /** The key's columns, quoted. */
  List<String> keys() {
    return keys;
  }

  /** The key's columns as rows named {@code u} have them. */
  List<String> keyCasts() {
    return keyCasts;
  }

  /** The values' columns, quoted. */
  List<String> values() {
    return values;
  }

  /** The values as rows named {@code u} have them. */
  List<String> valueCasts() {
    return valueCasts;
  }

  /** The arrays of the values, and what else is bound after them: each a name and a type. */
  List<String> valueArrays(List<String> others) {
    return concat(columns("v", valueTypes), others);
  }

  /** The names of the key's arrays. */
  List<String> keyNames() {
    return keyArrays().stream().map(PostgresColumns::name).toList();
  }

  List<String> keyArrays() {
    return columns("k", keyTypes);
  }

  private static List<String> columns(String prefix, List<String> types) {
    return IntStream.range(0, types.size()).mapToObj(i -> prefix + i + " " + types.get(i)).toList();
  }

  /**
   * The keys' arrays and others as rows to be inserted. In the target list arrays are read as the
   * rows are asked for; in the FROM clause they would be gathered into a table first, which costs
   * the server a tenth more for the whole statement.
   */
  String unnest(List<String> arrays) {
    return concat(keyArrays(), arrays).stream()
        .map(array -> "unnest(" + parameter(array) + ") AS " + name(array))
        .collect(Collectors.joining(", ", "(SELECT ", ") AS u"));
  }

  /** The keys' arrays and others as rows to be joined. */
  String joined(List<String> arrays) {
    List<String> all = concat(keyArrays(), arrays);
    return "unnest("
        + parameters(all)
        + ") AS u"
        + tuple(all.stream().map(PostgresColumns::name).toList());
  }

  /**
   * As {@link #joined}, with the place of each row in a table. However few rows of the table a
   * statement then asks for, they are found by these keys: left to choose, the database may look
   * for them among all rows first.
   */
  String places(String table, List<String> arrays) {
    List<String> selected = new ArrayList<>(arrays.stream().map(PostgresColumns::name).toList());
    selected.add("(SELECT o.ctid FROM " + table + " AS o WHERE " + sameKey("o") + ") AS place");
    return "(SELECT " + String.join(", ", selected) + " FROM " + joined(arrays) + ") AS u";
  }

  /** As {@link #joined}, with each row's number from 1 as {@code n}. */
  String numbered(List<String> arrays) {
    List<String> all = concat(keyArrays(), arrays);
    List<String> names = new ArrayList<>(all.stream().map(PostgresColumns::name).toList());
    names.add("n");
    return "unnest(" + parameters(all) + ") WITH ORDINALITY AS u" + tuple(names);
  }

  private static String parameters(List<String> arrays) {
    return arrays.stream().map(PostgresColumns::parameter).collect(Collectors.joining(", "));
  }

  private static String parameter(String array) {
    return "?::" + array.substring(array.indexOf(' ') + 1) + "[]";
  }

  private static String name(String array) {
    return array.substring(0, array.indexOf(' '));
  }

  /** Whether a row of the table has the key of the row {@code u}. */
  String sameKey(String row) {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> row + "." + keys.get(i) + " = " + keyCasts.get(i))
        .collect(Collectors.joining(" AND "));
  }

  static List<String> quoted(String... names) {
    return java.util.Arrays.stream(names).map(DIALECT::quote).toList();
  }

  static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  static String tuple(List<String> names) {
    return "(" + String.join(", ", names) + ")";
  }
}
