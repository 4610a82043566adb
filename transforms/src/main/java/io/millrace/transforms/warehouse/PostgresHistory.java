package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.HistoryColumns.DIGEST;
import static io.millrace.transforms.warehouse.HistoryColumns.OPERATION;
import static io.millrace.transforms.warehouse.HistoryColumns.UNCHANGED;
import static io.millrace.transforms.warehouse.HistoryColumns.VALID_FROM;
import static io.millrace.transforms.warehouse.HistoryColumns.VALID_TO;
import static io.millrace.transforms.warehouse.HistoryColumns.VERSION_COMMITTED_AT;
import static io.millrace.transforms.warehouse.HistoryColumns.VERSION_POSITION;
import static io.millrace.transforms.warehouse.HistoryColumns.VISIBLE;
import static io.millrace.transforms.warehouse.PostgresColumns.concat;
import static io.millrace.transforms.warehouse.PostgresColumns.quoted;
import static io.millrace.transforms.warehouse.PostgresColumns.tuple;
import static io.millrace.transforms.warehouse.SystemColumns.APPLIED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.COMMITTED_AT;
import static io.millrace.transforms.warehouse.SystemColumns.POSITION;
import static io.millrace.transforms.warehouse.SystemColumns.RECEIVED_AT;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.transforms.cdc.Deletes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Builds the statements of one table of all changes. */
final class PostgresHistory {
  private static final Dialect DIALECT = PostgresDialect.INSTANCE;
  static final String TIME = BoundType.TIMESTAMP_TZ.sql();
  private static final List<String> FIRST = List.of("f bytea");

  /** What makes a {@link StoredChange}. */
  static final String STATE =
      "t.place, t.\"_operation\", t.\"_position\", "
          + time(COMMITTED_AT)
          + ", t.same, "
          + time(VALID_FROM)
          + ", "
          + time(VALID_TO)
          + ", t.\"_version_position\", "
          + time(VERSION_COMMITTED_AT)
          + ", t.\"_visible\"";

  private final TargetTable target;
  private final Deletes deletes;
  private final boolean keepsTips;
  private final String table;
  private final String rows;
  private final PostgresColumns columns;
  private final String suppliers;

  PostgresHistory(TargetTable target, Deletes deletes) {
    this.target = target;
    this.deletes = deletes;
    this.keepsTips = deletes == Deletes.SOFT;
    this.table = DIALECT.quote(target.schema()) + "." + DIALECT.quote(target.changesTable());
    this.rows = DIALECT.quote(target.schema()) + "." + DIALECT.quote(target.name());
    this.columns = new PostgresColumns(target);
    // A soft delete leaves the values as they were; a hard one supplies null for all of them.
    this.suppliers = deletes == Deletes.HARD ? "" : "s.\"_operation\" NOT IN ('D', 'S') AND ";
  }

  HistoryStatements all() {
    String touched = columns.numbered(FIRST);
    PostgresFollowing following =
        new PostgresFollowing(table, rows, columns, new TrackedDigest(target).layout());
    return new HistoryStatements(
        deletes == Deletes.HARD ? "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE" : null,
        known(),
        following.move(),
        following.moveAll(),
        following.moveBefore(),
        following.follow(),
        insert(),
        CopyRows.canTake(target) ? copy() : null,
        fill(touched),
        read(touched),
        settle(),
        end("'D'"),
        end("'S'"),
        "SELECT ctid::text FROM " + table + " WHERE \"_position\" = ?",
        fillAll(),
        firsts(),
        fill(places()),
        read(places()));
  }

  private String known() {
    String sameChange = columns.sameKey("t") + " AND t.\"_position\" = u.p";
    return "SELECT u.n FROM "
        + columns.numbered(List.of("p bytea"))
        + " WHERE "
        + PostgresFollowing.isAny(table, sameChange)
        + (keepsTips
            ? " OR " + PostgresFollowing.isAny(rows, sameChange + " AND t.\"_tip\" IS NOT NULL")
            : "");
  }

  private String insert() {
    List<String> system =
        concat(
            quoted(POSITION, COMMITTED_AT, RECEIVED_AT, APPLIED_AT, OPERATION, UNCHANGED, DIGEST),
            quoted(VALID_FROM, VALID_TO, VERSION_POSITION, VERSION_COMMITTED_AT, VISIBLE));
    return "INSERT INTO "
        + table
        + " "
        + tuple(concat(columns.keys(), concat(columns.values(), system)))
        + " SELECT "
        + String.join(", ", concat(columns.keyCasts(), columns.valueCasts()))
        + ", u.p, u.c, u.r, now(), u.o, u.g::text[], u.d, u.vf, u.vt, u.vp, u.vc, u.vv FROM "
        + columns.unnest(
            columns.valueArrays(
                List.of(
                    "p bytea",
                    "c " + TIME,
                    "r " + TIME,
                    "o text",
                    "g text",
                    "d bytea",
                    "vf " + TIME,
                    "vt " + TIME,
                    "vp bytea",
                    "vc " + TIME,
                    "vv boolean")));
  }

  private String copy() {
    List<String> system =
        concat(
            quoted(POSITION, COMMITTED_AT, RECEIVED_AT, OPERATION, DIGEST),
            quoted(VALID_FROM, VALID_TO, VERSION_POSITION, VERSION_COMMITTED_AT, VISIBLE));
    return "COPY "
        + table
        + " "
        + tuple(concat(columns.keys(), concat(columns.values(), system)))
        + " FROM STDIN WITH (FORMAT binary)";
  }

  private String firsts() {
    String keys = String.join(", ", columns.keys());
    return "SELECT DISTINCT ON (%1$s) ctid::text FROM ".formatted(keys)
        + table
        + " ORDER BY "
        + keys
        + ", \"_position\"";
  }

  /** The rows of changes at some places, as rows that were touched from these changes on. */
  private String places() {
    String keys =
        IntStream.range(0, columns.keys().size())
            .mapToObj(i -> "e." + columns.keys().get(i) + " AS k" + i)
            .collect(Collectors.joining(", "));
    return "(SELECT "
        + keys
        + ", e.\"_position\" AS f, i.n FROM unnest(?::text[]) WITH ORDINALITY AS i(c, n) JOIN "
        + table
        + " AS e ON e.ctid = i.c::tid) AS u";
  }

  private String fill(String touched) {
    return filling()
        + " FROM "
        + touched
        + " WHERE "
        + columns.sameKey("t")
        + " AND t.\"_position\" >= u.f AND t.\"_unchanged\" IS NOT NULL";
  }

  private String fillAll() {
    return filling() + " WHERE t.\"_unchanged\" IS NOT NULL";
  }

  private String filling() {
    return "UPDATE "
        + table
        + " AS t SET "
        + tuple(columns.values())
        + " = ROW("
        + IntStream.range(0, columns.values().size())
            .mapToObj(this::filled)
            .collect(Collectors.joining(", "))
        + ")";
  }

  /** A value, or that of the newest change before which supplies it. */
  private String filled(int value) {
    String name = PostgresDialect.literal(target.valueNames().get(value)) + " = ANY ";
    String column = columns.values().get(value);
    return "CASE WHEN "
        + name
        + "(t.\"_unchanged\") THEN (SELECT s."
        + column
        + " FROM "
        + table
        + " AS s WHERE "
        + columns.keys().stream()
            .map(key -> "s." + key + " = t." + key)
            .collect(Collectors.joining(" AND "))
        + " AND s.\"_position\" < t.\"_position\" AND "
        + suppliers
        + "(s.\"_unchanged\" IS NULL OR NOT "
        + name
        + "(s.\"_unchanged\")) ORDER BY s.\"_position\" DESC LIMIT 1) ELSE t."
        + column
        + " END";
  }

  private String read(String touched) {
    return "SELECT u.n, "
        + STATE
        + ", t.\"_position\" < u.f FROM "
        + touched
        + " CROSS JOIN LATERAL (SELECT t.*, t.ctid::text AS place, "
        + same()
        + " AS same FROM "
        + table
        + " AS t WHERE "
        + columns.sameKey("t")
        + " AND t.\"_position\" >= coalesce((SELECT a.\"_position\" FROM "
        + table
        + " AS a WHERE "
        + columns.sameKey("a")
        + " AND a.\"_position\" < u.f AND a.\"_operation\" NOT IN ('D', 'S')"
        + " ORDER BY a.\"_position\" DESC LIMIT 1), '')"
        + " WINDOW w AS (PARTITION BY t.\"_operation\" = 'S' ORDER BY t.\"_position\")) AS t ORDER BY u.n, t.\"_position\"";
  }

  /** Whether a change's tracked columns are those of the change before it. */
  private String same() {
    return target.trackedValues().stream()
        .map(value -> comparable(value, "t.") + " IS NOT DISTINCT FROM " + lag(value))
        .collect(
            Collectors.joining(" AND ", "(", target.trackedValues().isEmpty() ? "true)" : ")"));
  }

  private String lag(int value) {
    return "lag(" + comparable(value, "t.") + ") OVER w";
  }

  /** Not all of PostgreSQL's types can be compared. */
  private String comparable(int value, String row) {
    ColumnType type = target.valueTypes().get(value);
    String column = row + columns.values().get(value);
    return switch (type.kind()) {
      case OPAQUE, JSON, ARRAY -> column + "::text";
      default -> column;
    };
  }

  /** Eight bytes of microseconds: cheaper than arithmetic on both sides. */
  private static String time(String column) {
    return "timestamptz_send(t." + DIALECT.quote(column) + ")";
  }

  private String settle() {
    return "UPDATE "
        + table
        + " AS t SET "
        + tuple(
            quoted(
                VALID_FROM, VALID_TO, VERSION_POSITION, VERSION_COMMITTED_AT, VISIBLE, APPLIED_AT))
        + " = ROW(u.f, u.t, u.p, u.c, u.v, now()) FROM unnest(?::text[], ?::%1$s[], ?::%1$s[],"
            .formatted(TIME)
        + " ?::bytea[], ?::%s[], ?::boolean[]) AS u(i, f, t, p, c, v)".formatted(TIME)
        + " WHERE t.ctid = u.i::tid";
  }

  private String end(String operation) {
    String keys = String.join(", ", columns.keys());
    return "INSERT INTO "
        + table
        + " ("
        + keys
        + ", \"_position\", \"_committed_at\", \"_applied_at\", \"_operation\") SELECT DISTINCT "
        + keys
        + ", ?::bytea, timestamptz 'epoch' + ?::bigint * interval '1 microsecond', now(), "
        + operation
        + " FROM "
        + table
        + " AS t WHERE \"_position\" < ? ON CONFLICT DO NOTHING";
  }
}
