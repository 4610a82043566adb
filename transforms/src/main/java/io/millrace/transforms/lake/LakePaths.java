package io.millrace.transforms.lake;

import io.millrace.transforms.store.PathNames;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Names in the lake's directory. Nothing that comes from data gets into a path as it is. */
final class LakePaths {
  static final String MANIFEST = "_manifest";
  static final String TABLE = "table=";
  static final String DATE = "commit_date=";

  /** What Hive calls the partition of rows without a value. */
  static final String NO_DATE = "__HIVE_DEFAULT_PARTITION__";

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  /** The day in UTC of a time in microseconds. */
  static long day(long micros) {
    return Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
  }

  /** A day as a date; null where it is none of the years from 1 to 9999, as of no time. */
  static @Nullable String date(long day) {
    return day < FIRST_DAY || day > LAST_DAY ? null : LocalDate.ofEpochDay(day).toString();
  }

  /** The folder of a table's rows of a day. */
  static String folder(String table, @Nullable String date) {
    return TABLE + PathNames.escape(table) + "/" + DATE + (date == null ? NO_DATE : date);
  }

  private LakePaths() {}
}
