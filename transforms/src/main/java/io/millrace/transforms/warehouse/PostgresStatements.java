package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.SystemColumns.APPLIED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.COMMITTED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.DELETED;
import static io.millrace.transforms.warehouse.SystemColumns.FILLED;
import static io.millrace.transforms.warehouse.SystemColumns.POSITION;
import static io.millrace.transforms.warehouse.SystemColumns.RECEIVED_AT;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Builds the statements of one table. */
final class PostgresStatements {
  private static final Dialect DIALECT = PostgresDialect.INSTANCE;

  private static final String COMMITTED = "c " + BoundType.TIMESTAMP_TZ.sql();
  private static final String RECEIVED = "r " + BoundType.TIMESTAMP_TZ.sql();

  private final String table;
  private final List<String> keys;
  private final List<String> keyTypes;
  private final List<String> keyCasts;
  private final List<String> values;
  private final List<String> valueTypes;
  private final List<String> valueCasts;
  private final PostgresSuppliers suppliers;

  PostgresStatements(TargetTable target) {
    table = DIALECT.quote(target.schema()) + "." + DIALECT.quote(target.name());
    keys = target.key().stream().map(ColumnContract::name).map(DIALECT::quote).toList();
    List<ColumnType> typesOfKey = target.key().stream().map(ColumnContract::type).toList();
    keyTypes = typesOfKey.stream().map(type -> BoundType.of(type).sql()).toList();
    keyCasts = casts("k", typesOfKey);
    values = target.valueNames().stream().map(DIALECT::quote).toList();
    valueTypes = target.valueTypes().stream().map(type -> BoundType.of(type).sql()).toList();
    valueCasts = casts("v", target.valueTypes());
    suppliers = new PostgresSuppliers(target.valueNames());
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

  TableStatements all() {
    return new TableStatements(
        upsert(),
        merge(),
        delete(),
        gaps(),
        touch(),
        remove(),
        empty(joined(List.of("p bytea")), sameKey() + " AND "),
        "UPDATE "
            + table
            + " SET \"_deleted\" = true, \"_applied_at\" = now()"
            + " WHERE \"_position\" <= ? AND NOT \"_deleted\"",
        "DELETE FROM " + table + " WHERE \"_position\" <= ?",
        empty("(SELECT ?::bytea AS p) AS u", ""));
  }

  private String upsert() {
    List<String> changing = new ArrayList<>(values);
    changing.addAll(quoted(POSITION, COMMITTED_AT, RECEIVED_AT, APPLIED_AT, DELETED));
    return insert(
            changing,
            concat(valueCasts, List.of("u.p", "u.c", "u.r", "now()", "u.d")),
            unnest(valueArrays(List.of("p bytea", COMMITTED, RECEIVED, "d boolean"))))
        + onConflict()
        + changing.stream().map(c -> c + " = excluded." + c).collect(Collectors.joining(", "))
        + ", \"_filled\" = NULL WHERE excluded.\"_position\" > t.\"_position\"";
  }

  private String delete() {
    return insert(
            quoted(POSITION, COMMITTED_AT, RECEIVED_AT, APPLIED_AT, DELETED, FILLED),
            List.of("u.p", "u.c", "u.r", "now()", "true", "'{\"*\": \"\"}'::jsonb"),
            unnest(List.of("p bytea", COMMITTED, RECEIVED)))
        + onConflict()
        + "\"_position\" = excluded.\"_position\", \"_committed_at\" = excluded.\"_committed_at\","
        + " \"_received_at\" = excluded.\"_received_at\","
        + " \"_applied_at\" = excluded.\"_applied_at\", \"_deleted\" = true, \"_filled\" ="
        + " jsonb_build_object('*', encode(t.\"_position\", 'hex'))"
        + " || coalesce(t.\"_filled\", '{}')"
        + " WHERE excluded.\"_position\" > t.\"_position\"";
  }

  private String merge() {
    List<String> changing = new ArrayList<>(values);
    changing.addAll(quoted(POSITION, COMMITTED_AT, RECEIVED_AT, APPLIED_AT, DELETED, FILLED));
    List<String> merged = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      merged.add(
          "CASE WHEN n.e%1$d > n.t%1$d THEN excluded.%2$s ELSE t.%2$s END"
              .formatted(i, values.get(i)));
    }
    for (String column : quoted(POSITION, COMMITTED_AT, RECEIVED_AT)) {
      merged.add("CASE WHEN n.ep > n.tp THEN excluded." + column + " ELSE t." + column + " END");
    }
    merged.add("now()");
    merged.add("CASE WHEN n.ep > n.tp THEN excluded.\"_deleted\" ELSE t.\"_deleted\" END");
    merged.add(
        suppliers.filled(
            i -> "nullif(greatest(n.e" + i + ", n.t" + i + "), greatest(n.eu, n.tu))",
            "CASE WHEN greatest(n.eu, n.tu) < greatest(n.ep, n.tp)"
                + " THEN greatest(n.eu, n.tu) END"));
    return insert(
            changing,
            concat(valueCasts, List.of("u.p", "u.c", "u.r", "now()", "u.d", "u.f::jsonb")),
            unnest(valueArrays(List.of("p bytea", COMMITTED, RECEIVED, "d boolean", "f text"))))
        + onConflict()
        + tuple(changing)
        + " = (SELECT "
        + String.join(", ", merged)
        + " FROM (SELECT m.*, "
        + suppliers.all("e", "excluded", "m.eu")
        + ", "
        + suppliers.all("t", "t", "m.tu")
        + " FROM (SELECT "
        + "%s AS ep, %s AS tp, "
            .formatted(PostgresSuppliers.position("excluded"), PostgresSuppliers.position("t"))
        + "%s AS eu, %s AS tu"
            .formatted(
                PostgresSuppliers.newestUpsert("excluded"), PostgresSuppliers.newestUpsert("t"))
        + " OFFSET 0) AS m OFFSET 0) AS n)"
        + " WHERE excluded.\"_position\" > t.\"_position\" OR (t.\"_filled\" IS NOT NULL AND ("
        + suppliers.any(
            i ->
                suppliers.one(i, "excluded", PostgresSuppliers.newestUpsert("excluded"))
                    + " > "
                    + suppliers.one(i, "t", PostgresSuppliers.newestUpsert("t")))
        + "))";
  }

  private String gaps() {
    return "SELECT u.n FROM unnest("
        + parameters(keyArrays())
        + ") WITH ORDINALITY AS u("
        + String.join(", ", names("k", keys.size()))
        + ", n) JOIN "
        + table
        + " AS t ON "
        + sameKey()
        + " WHERE t.\"_filled\" IS NOT NULL ORDER BY u.n";
  }

  private String touch() {
    return insert(
            quoted(POSITION, DELETED, FILLED),
            List.of("u.p", "true", "'{\"*\": \"\"}'::jsonb"),
            unnest(List.of("p bytea")))
        + onConflict()
        // Locks the row and leaves it as it is.
        + "\"_deleted\" = t.\"_deleted\" WHERE t.\"_position\" IS NULL";
  }

  private String remove() {
    return "DELETE FROM "
        + table
        + " AS t USING unnest("
        + parameters(keyArrays())
        + ", ?::bytea[]) WITH ORDINALITY AS u("
        + String.join(", ", names("k", keys.size()))
        + ", p, n) WHERE "
        + sameKey()
        + " AND t.\"_position\" <= u.p RETURNING u.n, t.\"_deleted\"";
  }

  private String empty(String source, String condition) {
    List<String> changing = concat(values, quoted(APPLIED_AT, FILLED));
    List<String> emptied = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      emptied.add("CASE WHEN n.t" + i + " < n.p THEN NULL ELSE t." + values.get(i) + " END");
    }
    emptied.add("now()");
    emptied.add(
        suppliers.filled(
            i -> "nullif(greatest(n.t" + i + ", n.p), n.tu)",
            "CASE WHEN n.tu < " + PostgresSuppliers.position("t") + " THEN n.tu END"));
    String position = "encode(u.p, 'hex') COLLATE \"C\"";
    return "UPDATE "
        + table
        + " AS t SET "
        + tuple(changing)
        + " = (SELECT "
        + String.join(", ", emptied)
        + " FROM (SELECT m.*, "
        + suppliers.all("t", "t", "m.tu")
        + " FROM (SELECT "
        + PostgresSuppliers.newestUpsert("t")
        + " AS tu, "
        + position
        + " AS p OFFSET 0) AS m OFFSET 0) AS n) FROM "
        + source
        + " WHERE "
        + condition
        + "t.\"_position\" > u.p AND t.\"_filled\" IS NOT NULL AND ("
        + suppliers.any(
            i -> suppliers.one(i, "t", PostgresSuppliers.newestUpsert("t")) + " < " + position)
        + ")";
  }

  private String insert(List<String> columns, List<String> expressions, String source) {
    return "INSERT INTO "
        + table
        + " AS t "
        + tuple(concat(keys, columns))
        + " SELECT "
        + String.join(", ", concat(keyCasts, expressions))
        + " FROM "
        + source;
  }

  private String onConflict() {
    return " ON CONFLICT " + tuple(keys) + " DO UPDATE SET ";
  }

  /** The arrays of the values, and what else is bound after them: each a name and a type. */
  private List<String> valueArrays(List<String> others) {
    return concat(columns("v", valueTypes), others);
  }

  private List<String> keyArrays() {
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
  private String unnest(List<String> arrays) {
    return concat(keyArrays(), arrays).stream()
        .map(array -> "unnest(" + parameter(array) + ") AS " + name(array))
        .collect(Collectors.joining(", ", "(SELECT ", ") AS u"));
  }

  /** The keys' arrays and others as rows to be joined. */
  private String joined(List<String> arrays) {
    List<String> all = concat(keyArrays(), arrays);
    return "unnest("
        + parameters(all)
        + ") AS u"
        + tuple(all.stream().map(PostgresStatements::name).toList());
  }

  private static String parameters(List<String> arrays) {
    return arrays.stream().map(PostgresStatements::parameter).collect(Collectors.joining(", "));
  }

  private static String parameter(String array) {
    return "?::" + array.substring(array.indexOf(' ') + 1) + "[]";
  }

  private static String name(String array) {
    return array.substring(0, array.indexOf(' '));
  }

  private String sameKey() {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> "t." + keys.get(i) + " = " + keyCasts.get(i))
        .collect(Collectors.joining(" AND "));
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private static List<String> quoted(String... names) {
    return java.util.Arrays.stream(names).map(DIALECT::quote).toList();
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static String tuple(List<String> names) {
    return "(" + String.join(", ", names) + ")";
  }
}
