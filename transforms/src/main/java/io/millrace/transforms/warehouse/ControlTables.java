package io.millrace.transforms.warehouse;

/**
 * Millrace's own tables, in the schema {@code _millrace}. A target table is named there as {@code
 * schema.table}.
 *
 * <p>{@code truncations} holds the position of each table's newest truncate. Every batch reads its
 * tables' rows under a shared lock, which it keeps until it commits; a truncate takes the table's
 * exclusive lock, for which later batches queue, so that a stream of batches cannot starve it.
 *
 * <p>{@code builds} is explained at {@link Builds}.
 *
 * <p>{@code runs} and {@code ledger} are explained at {@link Ledger}.
 */
final class ControlTables {
  static final String SCHEMA = "_millrace";

  static final String CREATE_TRUNCATIONS =
      "CREATE TABLE \"_millrace\".\"truncations\" (\"table\" text PRIMARY KEY,"
          + " \"position\" bytea NOT NULL DEFAULT '')";

  /** Only those of hard deletes; a row that was deleted softly is its own tombstone. */
  static final String CREATE_TOMBSTONES =
      "CREATE TABLE \"_millrace\".\"tombstones\" (\"table\" text, \"key\" bytea,"
          + " \"position\" bytea NOT NULL, \"buried_at\" timestamptz NOT NULL DEFAULT now(),"
          + " PRIMARY KEY (\"table\", \"key\"))";

  /** Every truncate, and every complete snapshot, of a table whose history is kept. */
  static final String CREATE_HISTORY_ENDS =
      "CREATE TABLE \"_millrace\".\"history_ends\" (\"table\" text, \"position\" bytea,"
          + " \"committed_at\" timestamptz, \"is_snapshot\" boolean NOT NULL,"
          + " PRIMARY KEY (\"table\", \"position\"))";

  /** Known by a position just before that of their rows. */
  static final String CREATE_SNAPSHOTS =
      "CREATE TABLE \"_millrace\".\"snapshots\" (\"table\" text, \"position\" bytea,"
          + " \"began_at\" timestamptz, \"completed_at\" timestamptz,"
          + " PRIMARY KEY (\"table\", \"position\"))";

  static final String CREATE_PROGRESS =
      "CREATE TABLE \"_millrace\".\"progress\" (\"source\" text PRIMARY KEY,"
          + " \"position\" bytea NOT NULL, \"committed_at\" timestamptz,"
          + " \"updated_at\" timestamptz NOT NULL)";

  /** Makes sure that a table has a row. Binds its name. */
  static final String KNOW_TABLE =
      "INSERT INTO \"_millrace\".\"truncations\" (\"table\") VALUES (?) ON CONFLICT DO NOTHING";

  /** Keeps batches away until a truncate has committed. */
  static final String LOCK_TRUNCATIONS =
      "LOCK TABLE \"_millrace\".\"truncations\" IN EXCLUSIVE MODE";

  /** Reads the newest truncates. Binds an array of tables. */
  static final String READ_TRUNCATIONS =
      "SELECT \"table\", \"position\" FROM \"_millrace\".\"truncations\""
          + " WHERE \"table\" = ANY (?) ORDER BY \"table\" FOR SHARE";

  /** Binds position, table, and the position again. */
  static final String TRUNCATE =
      "UPDATE \"_millrace\".\"truncations\" SET \"position\" = ?"
          + " WHERE \"table\" = ? AND \"position\" < ?";

  /** Binds table, position, and the time in microseconds. */
  static final String BEGIN_SNAPSHOT =
      "INSERT INTO \"_millrace\".\"snapshots\" AS s (\"table\", \"position\", \"began_at\")"
          + " VALUES (?, ?, coalesce(timestamptz 'epoch' + ?::bigint * interval '1 microsecond',"
          + " 'infinity')) ON CONFLICT (\"table\", \"position\") DO UPDATE SET \"began_at\" ="
          + " excluded.\"began_at\" WHERE s.\"began_at\" IS NULL";

  /** Binds table, position, and the time in microseconds. */
  static final String END_SNAPSHOT =
      "INSERT INTO \"_millrace\".\"snapshots\" AS s (\"table\", \"position\", \"completed_at\")"
          + " VALUES (?, ?, coalesce(timestamptz 'epoch' + ?::bigint * interval '1 microsecond',"
          + " '-infinity')) ON CONFLICT (\"table\", \"position\") DO UPDATE SET \"completed_at\" ="
          + " excluded.\"completed_at\" WHERE s.\"completed_at\" IS NULL";

  /** Finds snapshots that began after another was complete. Binds the table. */
  static final String FIND_SNAPSHOTS =
      "SELECT s.\"position\", s.\"began_at\"::text, c.\"position\", c.\"completed_at\"::text"
          + " FROM \"_millrace\".\"snapshots\" AS s JOIN \"_millrace\".\"snapshots\" AS c"
          + " ON c.\"table\" = s.\"table\" AND c.\"position\" <> s.\"position\""
          + " AND s.\"began_at\" > c.\"completed_at\" WHERE s.\"table\" = ?";

  /** Notes an end. Binds table, position, the commit time in microseconds, whether a snapshot's. */
  static final String ADD_END =
      "INSERT INTO \"_millrace\".\"history_ends\" VALUES"
          + " (?, ?, timestamptz 'epoch' + ?::bigint * interval '1 microsecond', ?)"
          + " ON CONFLICT DO NOTHING";

  /** Reads the ends of a table, in their order. Binds the table. */
  static final String READ_ENDS =
      "SELECT \"position\", timestamptz_send(\"committed_at\"), \"is_snapshot\""
          + " FROM \"_millrace\".\"history_ends\" WHERE \"table\" = ? ORDER BY \"position\"";

  /** Keeps the newest tombstones. Binds the table, and arrays of keys and positions. */
  static final String BURY =
      "INSERT INTO \"_millrace\".\"tombstones\" AS t"
          + " (\"table\", \"key\", \"position\")"
          + " SELECT ?, u.k, u.p FROM unnest(?::bytea[], ?::bytea[]) AS u(k, p)"
          + " ON CONFLICT (\"table\", \"key\") DO UPDATE SET \"position\" = excluded.\"position\","
          + " \"buried_at\" = now()"
          + " WHERE excluded.\"position\" > t.\"position\"";

  /**
   * Reads the tombstones of a batch's keys, by number from 1. Binds the table, an array of keys.
   */
  static final String EXHUME =
      "SELECT u.n, t.\"position\" FROM unnest(?::bytea[]) WITH ORDINALITY AS u(k, n)"
          + " JOIN \"_millrace\".\"tombstones\" AS t ON t.\"table\" = ? AND t.\"key\" = u.k";

  /** Answers a row if a table has tombstones. Binds the table. */
  static final String HAS_TOMBSTONES =
      "SELECT 1 FROM \"_millrace\".\"tombstones\" WHERE \"table\" = ? LIMIT 1";

  /** Binds source, position, commit time. */
  static final String ADVANCE =
      "INSERT INTO \"_millrace\".\"progress\" AS p"
          + " (\"source\", \"position\", \"committed_at\", \"updated_at\")"
          + " VALUES (?, ?, timestamptz 'epoch' + ?::bigint * interval '1 microsecond', now())"
          + " ON CONFLICT (\"source\") DO UPDATE SET \"position\" = excluded.\"position\","
          + " \"committed_at\" = excluded.\"committed_at\","
          + " \"updated_at\" = excluded.\"updated_at\""
          + " WHERE (coalesce(excluded.\"committed_at\", '-infinity'), excluded.\"position\")"
          + " > (coalesce(p.\"committed_at\", '-infinity'), p.\"position\")";

  /** How often the tables that are computed of others were begun anew. */
  static final String CREATE_BUILDS =
      "CREATE TABLE \"_millrace\".\"builds\" (\"table\" text PRIMARY KEY,"
          + " \"build\" integer NOT NULL, \"began_at\" timestamptz NOT NULL)";

  /**
   * Begins a build of all of these tables together: the one of a number, or if it is null the next.
   * Binds the number, and an array of tables, twice.
   */
  static final String BEGIN_BUILD =
      "INSERT INTO \"_millrace\".\"builds\" AS b SELECT u.t, coalesce(?::integer, 1 + (SELECT"
          + " coalesce(max(o.\"build\"), 0) FROM \"_millrace\".\"builds\" AS o WHERE"
          + " o.\"table\" = ANY (?))), now() FROM unnest(?::text[]) AS u(t)"
          + " ON CONFLICT (\"table\") DO UPDATE SET \"build\" = greatest(b.\"build\","
          + " excluded.\"build\"), \"began_at\" = excluded.\"began_at\" RETURNING \"build\"";

  /** The highest number of a build of any of these tables; binds an array of them. */
  static final String NEWEST_BUILD =
      "SELECT coalesce(max(\"build\"), 0) FROM \"_millrace\".\"builds\" WHERE \"table\" = ANY (?)";

  static final String CREATE_RUNS =
      "CREATE TABLE \"_millrace\".\"runs\" (\"run\" text PRIMARY KEY, \"started_at\""
          + " timestamptz NOT NULL, \"ended_at\" timestamptz)";

  static final String CREATE_LEDGER =
      "CREATE TABLE \"_millrace\".\"ledger\" (\"run\" text, \"table\" text, \"stage\""
          + " text, \"writer\" text, \"read\" bigint NOT NULL, \"accepted\" bigint NOT"
          + " NULL, \"superseded\" bigint NOT NULL, \"duplicate\" bigint NOT NULL, \"late\""
          + " bigint NOT NULL, \"rejected\" bigint NOT NULL, \"control\" bigint NOT NULL,"
          + " \"updated_at\" timestamptz NOT NULL, PRIMARY KEY (\"run\", \"table\","
          + " \"stage\", \"writer\"))";

  /** Binds the run. One that goes on has not ended. */
  static final String BEGIN_RUN =
      "INSERT INTO \"_millrace\".\"runs\" (\"run\", \"started_at\") VALUES (?, now())"
          + " ON CONFLICT (\"run\") DO UPDATE SET \"ended_at\" = NULL";

  /** Binds the run. */
  static final String END_RUN =
      "UPDATE \"_millrace\".\"runs\" SET \"ended_at\" = now() WHERE \"run\" = ?";

  /** Binds how many. */
  static final String NEWEST_RUNS =
      "SELECT \"run\" FROM \"_millrace\".\"runs\" ORDER BY \"started_at\" DESC,"
          + " \"run\" DESC LIMIT ?";

  /** Binds the run. */
  static final String READ_RUN =
      "SELECT \"started_at\", \"ended_at\" FROM \"_millrace\".\"runs\" WHERE \"run\"" + " = ?";

  /** Reads the sums over all writers. Binds the run. */
  static final String READ_LEDGER =
      "SELECT \"table\", \"stage\", sum(\"read\")::bigint, sum(\"accepted\")::bigint,"
          + " sum(\"superseded\")::bigint, sum(\"duplicate\")::bigint,"
          + " sum(\"late\")::bigint, sum(\"rejected\")::bigint, sum(\"control\")::bigint"
          + " FROM \"_millrace\".\"ledger\" WHERE \"run\" = ? GROUP BY \"table\", \"stage\"";

  /**
   * Replaces counts that have not grown beyond these. Binds run, stage, writer, and arrays: tables
   * and each count.
   */
  static final String REPLACE_COUNTS =
      "INSERT INTO \"_millrace\".\"ledger\" AS l (\"run\", \"stage\", \"writer\","
          + " \"table\", \"read\", \"accepted\", \"superseded\", \"duplicate\", \"late\","
          + " \"rejected\", \"control\", \"updated_at\") SELECT ?, ?, ?, u.*, now() FROM"
          + " unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[]) AS u ON CONFLICT (\"run\", \"table\","
          + " \"stage\", \"writer\") DO UPDATE SET \"read\" = excluded.\"read\","
          + " \"accepted\" = excluded.\"accepted\", \"superseded\" ="
          + " excluded.\"superseded\", \"duplicate\" = excluded.\"duplicate\", \"late\" ="
          + " excluded.\"late\", \"rejected\" = excluded.\"rejected\", \"control\" ="
          + " excluded.\"control\", \"updated_at\" = excluded.\"updated_at\" WHERE"
          + " excluded.\"read\" + excluded.\"accepted\" + excluded.\"superseded\" +"
          + " excluded.\"duplicate\" + excluded.\"late\" + excluded.\"rejected\" +"
          + " excluded.\"control\" >= l.\"read\" + l.\"accepted\" + l.\"superseded\" +"
          + " l.\"duplicate\" + l.\"late\" + l.\"rejected\" + l.\"control\"";

  /** Adds to counts. Binds as {@link #REPLACE_COUNTS}. */
  static final String ADD_COUNTS =
      "INSERT INTO \"_millrace\".\"ledger\" AS l (\"run\", \"stage\", \"writer\","
          + " \"table\", \"read\", \"accepted\", \"superseded\", \"duplicate\", \"late\","
          + " \"rejected\", \"control\", \"updated_at\") SELECT ?, ?, ?, u.*, now() FROM"
          + " unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[]) AS u ON CONFLICT (\"run\", \"table\","
          + " \"stage\", \"writer\") DO UPDATE SET \"read\" = l.\"read\" +"
          + " excluded.\"read\", \"accepted\" = l.\"accepted\" + excluded.\"accepted\","
          + " \"superseded\" = l.\"superseded\" + excluded.\"superseded\", \"duplicate\" ="
          + " l.\"duplicate\" + excluded.\"duplicate\", \"late\" = l.\"late\" +"
          + " excluded.\"late\", \"rejected\" = l.\"rejected\" + excluded.\"rejected\","
          + " \"control\" = l.\"control\" + excluded.\"control\", \"updated_at\" ="
          + " excluded.\"updated_at\"";

  private ControlTables() {}
}
