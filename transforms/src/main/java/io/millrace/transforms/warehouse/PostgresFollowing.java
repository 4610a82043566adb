package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.HistoryColumns.DIGEST;
import static io.millrace.transforms.warehouse.HistoryColumns.OPERATION;
import static io.millrace.transforms.warehouse.HistoryColumns.TIP;
import static io.millrace.transforms.warehouse.HistoryColumns.TIP_FROM;
import static io.millrace.transforms.warehouse.HistoryColumns.VALID_FROM;
import static io.millrace.transforms.warehouse.HistoryColumns.VALID_TO;
import static io.millrace.transforms.warehouse.HistoryColumns.VERSION_COMMITTED_AT;
import static io.millrace.transforms.warehouse.HistoryColumns.VERSION_POSITION;
import static io.millrace.transforms.warehouse.HistoryColumns.VISIBLE;
import static io.millrace.transforms.warehouse.PostgresColumns.concat;
import static io.millrace.transforms.warehouse.PostgresColumns.quoted;
import static io.millrace.transforms.warehouse.PostgresColumns.tuple;
import static io.millrace.transforms.warehouse.SystemColumns.COMMITTED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.POSITION;
import static io.millrace.transforms.warehouse.SystemColumns.RECEIVED_AT;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Builds the statements by which changes follow those that are there: kept with their rows, or in
 * the table of all changes.
 */
final class PostgresFollowing {
  private static final Dialect DIALECT = PostgresDialect.INSTANCE;
  private static final List<String> BEGINNINGS =
      List.of("p bytea", "c " + PostgresHistory.TIME, "d bytea", "n integer");

  private final String table;
  private final String rows;
  private final PostgresColumns columns;
  private final byte[] layout;

  /**
   * @param table the table of all changes, quoted
   * @param rows the table of current rows, quoted
   * @param layout that of the digests
   */
  PostgresFollowing(String table, String rows, PostgresColumns columns, byte[] layout) {
    this.layout = layout;
    this.table = table;
    this.rows = rows;
    this.columns = columns;
  }

  /** What the newest changes are moved into. */
  private List<String> moved() {
    return concat(
        concat(columns.keys(), columns.values()),
        quoted(
            POSITION, COMMITTED_AT, RECEIVED_AT, VALID_FROM, OPERATION, DIGEST, VALID_TO, VISIBLE));
  }

  /** The same of rows {@code t}, but for the end of their versions. */
  private List<String> tips() {
    List<String> selected = new ArrayList<>();
    concat(columns.keys(), columns.values()).forEach(column -> selected.add("t." + column));
    for (String column : quoted(POSITION, COMMITTED_AT, RECEIVED_AT, TIP_FROM)) {
      selected.add("t." + column);
    }
    selected.add("chr(get_byte(t.\"_tip\", 0))");
    selected.add("substr(t.\"_tip\", 2)");
    return selected;
  }

  /**
   * Two that move the same change meet in the index of the table that it is moved to. Rows are not
   * locked first, which would cost as much again as finding them.
   */
  String move() {
    List<String> tips = tips();
    return "WITH old AS (SELECT u.n, u.c, "
        + follows(TIP_FROM, TIP, 1)
        + " AS follows, t.ctid AS place, "
        + columns.keyNames().stream().map(key -> "u." + key + ", ").collect(Collectors.joining())
        + IntStream.range(0, tips.size())
            .mapToObj(i -> tips.get(i) + " AS s" + i)
            .collect(Collectors.joining(", "))
        + " FROM "
        + columns.unnest(BEGINNINGS)
        + " LEFT JOIN "
        + rows
        + " AS t ON "
        + columns.sameKey("t")
        + "), moved AS (INSERT INTO "
        + table
        + " "
        + tuple(moved())
        + " SELECT "
        + IntStream.range(0, tips.size()).mapToObj(i -> "s" + i).collect(Collectors.joining(", "))
        + ", c, true FROM old WHERE follows)"
        + " SELECT u.n, u.place IS NULL, u.place IS NOT NULL OR "
        + isAny(table, columns.sameKey("t"))
        + " FROM old AS u WHERE u.follows IS NOT TRUE";
  }

  /**
   * Whether a table has such a row {@code t}, found by its key. An EXISTS might be answered from
   * all rows of the table, gathered first.
   */
  static String isAny(String table, String condition) {
    return "(SELECT true FROM " + table + " AS t WHERE " + condition + " LIMIT 1) IS NOT NULL";
  }

  String moveAll() {
    return moveAll(
        columns.places(rows, List.of()) + " JOIN " + rows + " AS o ON o.ctid = u.place", "");
  }

  String moveBefore() {
    return moveAll(
        rows + " AS o",
        " AND (o.\"_position\" < ? OR EXISTS (SELECT FROM "
            + table
            + " AS c WHERE "
            + columns.keys().stream()
                .map(key -> "c." + key + " = o." + key)
                .collect(Collectors.joining(" AND "))
            + " AND c.\"_position\" < ?))");
  }

  private String moveAll(String source, String condition) {
    return "WITH old AS (UPDATE "
        + rows
        + " AS t SET \"_tip_from\" = NULL, \"_tip\" = NULL FROM "
        + source
        + " WHERE t.ctid = o.ctid AND o.\"_tip\" IS NOT NULL"
        + condition
        + " RETURNING o.*) INSERT INTO "
        + table
        + " "
        + tuple(moved())
        + " SELECT "
        + String.join(", ", tips())
        + ", NULL, true FROM old AS t";
  }

  /**
   * Ends versions that changes follow whose state is known beforehand, and selects the newest
   * changes of the other rows.
   */
  String follow() {
    return "WITH tip AS (SELECT u.n, u.c AS \"_ends_at\", (t.\"_operation\" IN ('U', 'R')"
        + " AND t.\"_visible\" AND t.\"_valid_to\" IS NULL AND "
        + follows(VALID_FROM, DIGEST, 0)
        + ")"
        + " AS \"_ends\", t.* FROM "
        + columns.unnest(BEGINNINGS)
        + " CROSS JOIN LATERAL (SELECT t.ctid AS \"_place\", "
        + String.join(
            ", ",
            quoted(
                OPERATION,
                POSITION,
                COMMITTED_AT,
                VALID_FROM,
                VALID_TO,
                VERSION_POSITION,
                VERSION_COMMITTED_AT,
                VISIBLE,
                DIGEST))
        + ", u.p > t.\"_position\" AND t.\"_operation\" = 'D' AND t.\"_valid_to\" <= u.c"
        + " AS \"_is_deleted\" FROM "
        + table
        + " AS t WHERE "
        + columns.sameKey("t")
        + " ORDER BY t.\"_position\" DESC LIMIT 1) AS t),"
        + " ended AS (UPDATE "
        + table
        + " AS t SET \"_valid_to\" = tip.\"_ends_at\", \"_applied_at\" = now() FROM tip"
        + " WHERE tip.\"_ends\" AND t.ctid = tip.\"_place\")"
        + " SELECT t.n, "
        + PostgresHistory.STATE
        + ", t.\"_digest\" FROM (SELECT tip.*, \"_place\"::text AS place, false AS same FROM tip"
        + " WHERE \"_ends\" IS NOT TRUE AND \"_is_deleted\" IS NOT TRUE) AS t";
  }

  /**
   * Whether a change ends the version that its row {@code t} ends with; see {@link TrackedDigest}.
   *
   * @param offset where in the column the digest begins
   */
  private String follows(String from, String digest, int offset) {
    String before = "t." + DIALECT.quote(digest);
    return "(u.p > t.\"_position\" AND t."
        + DIALECT.quote(from)
        + " <= u.c AND (u.d IS NULL OR (substr("
        + before
        + ", %d, %d) = %s AND substr("
            .formatted(
                offset + 1, TrackedDigest.LAYOUT, "'\\x" + HexFormat.of().formatHex(layout) + "'")
        + before
        + ", %d, %d) <> u.d)))".formatted(offset + TrackedDigest.LAYOUT + 1, TrackedDigest.PART);
  }
}
