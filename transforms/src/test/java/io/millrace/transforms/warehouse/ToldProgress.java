package io.millrace.transforms.warehouse;

import java.util.List;

/**
 * Notes, whenever progress is written, how many rows of the tables {@code t} and {@code u} are
 * there by then of the commits that it says are complete.
 */
final class ToldProgress {

  /** Begins to note it of the current tables, by a trigger. */
  static void watch(TestWarehouse database) {
    watch(
        database,
        "SELECT FROM public.t WHERE _committed_at <= NEW.committed_at"
            + " UNION ALL SELECT FROM public.u WHERE _committed_at <= NEW.committed_at");
  }

  /** The same of the tables as their history has them at that time. */
  static void watchHistory(TestWarehouse database) {
    watch(
        database,
        "SELECT FROM public.t_as_of(NEW.committed_at)"
            + " UNION ALL SELECT FROM public.u_as_of(NEW.committed_at)");
  }

  private static void watch(TestWarehouse database, String rows) {
    database.execute("SET TimeZone = 'UTC'");
    database.execute("CREATE TABLE told (place serial, committed_at timestamptz, rows bigint)");
    database.execute(
        """
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO public.told (committed_at, rows)
            SELECT NEW.committed_at, count(*) FROM (%s) AS r;
          RETURN NULL;
        END $$
        """
            .formatted(rows));
    database.execute(
        "CREATE TRIGGER tell AFTER INSERT OR UPDATE ON _millrace.progress"
            + " FOR EACH ROW EXECUTE FUNCTION tell()");
  }

  /** What was told, in order: the commit's time of day, and how many rows there were. */
  static List<String> in(TestWarehouse database) {
    return database.query("SELECT committed_at::time || ' with ' || rows FROM told ORDER BY place");
  }

  private ToldProgress() {}
}
