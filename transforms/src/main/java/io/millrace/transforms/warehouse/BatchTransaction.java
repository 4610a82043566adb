package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The transaction that writes one batch. If the database refuses a row, the batch is written anew
 * with savepoints, halving what was refused until the culprits are found; the others are written.
 */
final class BatchTransaction {
  private final List<TableBatch> batches;
  private final Dialect dialect;
  private final List<RefusedChange> refused = new ArrayList<>();
  private final Map<String, Long> written = new HashMap<>();

  BatchTransaction(List<TableBatch> batches, Dialect dialect) {
    this.batches = batches;
    this.dialect = dialect;
  }

  /** The changes that the database refused in the last {@link #write}. */
  List<RefusedChange> refused() {
    return refused;
  }

  /** How many rows of a table the changes wrote in the last {@link #write}, without truncates. */
  long written(String table) {
    return written.getOrDefault(table, 0L);
  }

  /** Writes the batch, for the caller to commit. May be called again if it failed. */
  WriteCounts write(Connection connection) throws SQLException {
    refused.clear();
    try {
      return write(
          connection,
          (batch, truncated) -> batch.writer().writeAll(connection, batch.patches(), truncated));
    } catch (SQLException e) {
      if (dialect.category(e) != Category.RECORD) {
        throw e;
      }
      connection.rollback();
      return write(connection, new Bisection(connection));
    }
  }

  private WriteCounts write(Connection connection, PatchWrite patchWrite) throws SQLException {
    Map<String, Position> truncations = lockTruncations(connection);
    WriteCounts counts = WriteCounts.NONE;
    for (TableBatch batch : batches) {
      new Snapshots(batch.table()).note(connection, batch.tableEvents());
      Position known = truncations.get(batch.table());
      if (known == null) {
        throw new SQLException(
            "table "
                + batch.table()
                + " was not prepared, or has become one of a version since; begin again, where"
                + " cutover --adopt was run with --targetVersion=1");
      }
      if (batch.truncatedAt().isAfter(known)) {
        truncations.put(batch.table(), batch.truncatedAt());
        counts = counts.plus(truncate(connection, batch));
      }
    }
    execute(connection, dialect.findRowsByKey());
    for (TableBatch batch : batches) {
      batch.writer().endHistory(connection, batch.truncates());
    }
    for (TableBatch batch : batches) {
      Position truncated = truncations.get(batch.table());
      WriteCounts rows = patchWrite.write(batch, truncated);
      written.put(batch.table(), rows.upserted() + rows.deleted());
      counts = counts.plus(rows);
    }
    return counts;
  }

  private Map<String, Position> lockTruncations(Connection connection) throws SQLException {
    if (batches.stream().anyMatch(batch -> !batch.tableEvents().isEmpty())) {
      execute(connection, ControlTables.LOCK_TRUNCATIONS);
    }
    Map<String, Position> truncations = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(ControlTables.READ_TRUNCATIONS)) {
      String[] tables = batches.stream().map(TableBatch::table).toArray(String[]::new);
      statement.setArray(1, connection.createArrayOf("text", tables));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          truncations.put(rows.getString(1), Position.of(rows.getBytes(2)));
        }
      }
    }
    return truncations;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static WriteCounts truncate(Connection connection, TableBatch batch) throws SQLException {
    byte[] position = batch.truncatedAt().bytes();
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.TRUNCATE)) {
      statement.setBytes(1, position);
      statement.setString(2, batch.table());
      statement.setBytes(3, position);
      statement.executeUpdate();
    }
    return batch.writer().truncate(connection, batch.truncatedAt());
  }

  private interface PatchWrite {
    WriteCounts write(TableBatch batch, Position truncated) throws SQLException;
  }

  /** Writes what the database accepts, and finds the culprits. */
  private final class Bisection implements PatchWrite {
    private final Connection connection;

    Bisection(Connection connection) {
      this.connection = connection;
    }

    @Override
    public WriteCounts write(TableBatch batch, Position truncated) throws SQLException {
      return write(batch, batch.patches().patches(), truncated);
    }

    private WriteCounts write(TableBatch batch, List<RowPatch> patches, Position truncated)
        throws SQLException {
      if (patches.isEmpty()) {
        return WriteCounts.NONE;
      }
      Savepoint savepoint = connection.setSavepoint();
      try {
        TableWriter writer = batch.writer();
        WriteCounts counts = writer.writeAll(connection, writer.prepare(patches), truncated);
        connection.releaseSavepoint(savepoint);
        return counts;
      } catch (SQLException e) {
        if (dialect.category(e) != Category.RECORD) {
          throw e;
        }
        connection.rollback(savepoint);
        connection.releaseSavepoint(savepoint);
        if (patches.size() == 1 && patches.get(0).events().size() == 1) {
          refused.add(
              new RefusedChange(patches.get(0).events().get(0), Reason.REFUSED, message(e)));
          return WriteCounts.NONE;
        }
      }
      return patches.size() == 1
          ? apart(batch, patches.get(0).events(), truncated)
          : halves(batch, patches, truncated);
    }

    private WriteCounts halves(TableBatch batch, List<RowPatch> patches, Position truncated)
        throws SQLException {
      int half = patches.size() / 2;
      return write(batch, patches.subList(0, half), truncated)
          .plus(write(batch, patches.subList(half, patches.size()), truncated));
    }

    /** Whether a change is refused must not depend on those it was batched with. */
    private WriteCounts apart(TableBatch batch, List<ChangeEvent> events, Position truncated)
        throws SQLException {
      WriteCounts counts = WriteCounts.NONE;
      for (ChangeEvent event : events) {
        List<ChangeEvent> alone = new ArrayList<>(List.of(event));
        List<RowPatch> patches = batch.reader().read(alone, refused::add);
        counts = counts.plus(write(batch, patches, truncated));
      }
      return counts;
    }
  }

  private static String message(SQLException error) {
    ServerErrorMessage server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
    String text = server == null ? error.getMessage() : server.getMessage();
    return "the warehouse refused the row: " + text + " (SQLState " + error.getSQLState() + ")";
  }
}
