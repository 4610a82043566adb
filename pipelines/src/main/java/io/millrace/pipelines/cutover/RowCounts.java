package io.millrace.pipelines.cutover;

import io.millrace.transforms.warehouse.TableVersion;
import io.millrace.transforms.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Both versions have as many rows. Rows that changed since the commit through which both are
 * complete may be in one of them only. Computed rows are of no commit: of these, such as were
 * written within the time that the next version may be behind.
 */
record RowCounts(Warehouse warehouse, Duration maxLag) implements VersionCheck {
  @Override
  public String name() {
    return "row counts";
  }

  @Override
  public List<String> faults(Connection connection, TableVersion serving, TableVersion next)
      throws SQLException {
    Instant complete =
        Stream.of(serving, next)
            .flatMap(version -> version.progress().values().stream())
            .min(Instant::compareTo)
            .orElse(Instant.now());
    List<String> faults = new ArrayList<>();
    for (String table : serving.tables()) {
      if (next.tables().contains(table)) {
        Counts here = count(connection, next, table, complete);
        Counts there = count(connection, serving, table, complete);
        if (Math.abs(here.rows - there.rows) > here.recent + there.recent) {
          faults.add(
              String.format(
                  Locale.ROOT,
                  "table %s: %,d rows in version %d, %,d in version %d",
                  table,
                  there.rows,
                  serving.version(),
                  here.rows,
                  next.version()));
        }
      }
    }
    return faults;
  }

  private record Counts(long rows, long recent) {}

  private Counts count(Connection connection, TableVersion version, String table, Instant complete)
      throws SQLException {
    String sql =
        "SELECT count(*) FILTER (WHERE NOT \"_deleted\"), count(*) FILTER (WHERE"
            + " \"_committed_at\" > ? OR \"_committed_at\" IS NULL"
            + " AND \"_applied_at\" > now() - ? * interval '1 second') FROM "
            + warehouse.quote(version.schema())
            + "."
            + warehouse.quote(table);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(complete));
      statement.setLong(2, maxLag.toSeconds());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return new Counts(rows.getLong(1), rows.getLong(2));
      }
    }
  }
}
