package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.PostgresColumns.concat;
import static io.millrace.transforms.warehouse.PostgresColumns.quoted;
import static io.millrace.transforms.warehouse.PostgresColumns.tuple;
import static io.millrace.transforms.warehouse.SystemColumns.APPLIED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.COMMITTED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.DELETED;
import static io.millrace.transforms.warehouse.SystemColumns.FILLED;
import static io.millrace.transforms.warehouse.SystemColumns.POSITION;
import static io.millrace.transforms.warehouse.SystemColumns.RECEIVED_AT;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Builds the statements of one table. */
final class PostgresStatements {
  private static final Dialect DIALECT = PostgresDialect.INSTANCE;

  private static final String COMMITTED = "c " + BoundType.TIMESTAMP_TZ.sql();
  private static final String RECEIVED = "r " + BoundType.TIMESTAMP_TZ.sql();

  private final String table;
  private final PostgresColumns columns;
  private final List<String> keys;
  private final List<String> keyCasts;
  private final List<String> values;
  private final List<String> valueCasts;
  private final PostgresSuppliers suppliers;
  private final boolean keepsTips;

  /**
   * @param keepsTips whether rows hold the newest changes of their history
   */
  PostgresStatements(TargetTable target, boolean keepsTips) {
    this.keepsTips = keepsTips;
    table = DIALECT.quote(target.schema()) + "." + DIALECT.quote(target.name());
    columns = new PostgresColumns(target);
    keys = columns.keys();
    keyCasts = columns.keyCasts();
    values = columns.values();
    valueCasts = columns.valueCasts();
    suppliers = new PostgresSuppliers(target.valueNames());
  }

  TableStatements all() {
    return new TableStatements(
        upsert(),
        merge(),
        delete(),
        gaps(),
        touch(),
        remove(),
        empty(columns.places(table, List.of("p bytea")), "t.ctid = u.place AND "),
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
    List<String> casts = concat(valueCasts, List.of("u.p", "u.c", "u.r", "now()", "u.d"));
    List<String> arrays = new ArrayList<>(List.of("p bytea", COMMITTED, RECEIVED, "d boolean"));
    if (keepsTips) {
      changing.addAll(quoted(HistoryColumns.TIP_FROM, HistoryColumns.TIP));
      casts.addAll(List.of("u.vf", "u.vt"));
      arrays.addAll(List.of("vf " + BoundType.TIMESTAMP_TZ.sql(), "vt bytea"));
    }
    String upsert =
        insert(changing, casts, columns.unnest(columns.valueArrays(arrays)))
            + onConflict()
            + changing.stream().map(c -> c + " = excluded." + c).collect(Collectors.joining(", "))
            + ", \"_filled\" = NULL WHERE excluded.\"_position\" > t.\"_position\"";
    return keepsTips
        // A row that was there is locked before it is written.
        ? "WITH written AS ("
            + upsert
            + " RETURNING t.xmax = 0 AS new) SELECT count(*), count(*) FILTER (WHERE new)"
            + " FROM written"
        : upsert;
  }

  private String delete() {
    return insert(
            quoted(POSITION, COMMITTED_AT, RECEIVED_AT, APPLIED_AT, DELETED, FILLED),
            List.of("u.p", "u.c", "u.r", "now()", "true", "'{\"*\": \"\"}'::jsonb"),
            columns.unnest(List.of("p bytea", COMMITTED, RECEIVED)))
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
            columns.unnest(
                columns.valueArrays(
                    List.of("p bytea", COMMITTED, RECEIVED, "d boolean", "f text"))))
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
    return "SELECT u.n FROM "
        + columns.numbered(List.of())
        + " WHERE (SELECT t.\"_filled\" IS NOT NULL FROM "
        + table
        + " AS t WHERE "
        + columns.sameKey("t")
        + ") ORDER BY u.n";
  }

  private String touch() {
    return insert(
            quoted(POSITION, DELETED, FILLED),
            List.of("u.p", "true", "'{\"*\": \"\"}'::jsonb"),
            columns.unnest(List.of("p bytea")))
        + onConflict()
        // Locks the row and leaves it as it is.
        + "\"_deleted\" = t.\"_deleted\" WHERE t.\"_position\" IS NULL";
  }

  private String remove() {
    return "DELETE FROM "
        + table
        + " AS t USING "
        + columns.numbered(List.of("p bytea"))
        + " WHERE "
        + columns.sameKey("t")
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
}
