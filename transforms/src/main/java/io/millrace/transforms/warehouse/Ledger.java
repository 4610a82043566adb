package io.millrace.transforms.warehouse;

import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.LedgerStore;
import io.millrace.transforms.quality.RunLedger;
import io.millrace.transforms.quality.RunLedger.Stage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The ledgers in a warehouse: {@code _millrace.runs} has a row for each run, {@code
 * _millrace.ledger} what each read of each table and what became of it.
 */
public final class Ledger implements LedgerStore {
  private final Warehouse warehouse;

  private Ledger(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  public static Ledger in(Warehouse warehouse) {
    return new Ledger(warehouse);
  }

  /** {@inheritDoc} {@link WarehouseTables#prepare} was called before. */
  @Override
  public void begin(String run) {
    update("noting the run", ControlTables.BEGIN_RUN, run);
  }

  @Override
  public void end(String run) {
    update("noting the end of the run", ControlTables.END_RUN, run);
  }

  private void update(String doing, String sql, String run) {
    inSession(
        doing,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, run);
            return statement.executeUpdate();
          }
        });
  }

  @Override
  public List<String> newest(int limit) {
    return inSession(
        "reading the runs",
        connection -> {
          List<String> runs = new ArrayList<>();
          if (!isKept(connection)) {
            return runs;
          }
          try (PreparedStatement statement =
              connection.prepareStatement(ControlTables.NEWEST_RUNS)) {
            statement.setInt(1, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
              runs.add(rows.getString(1));
            }
          }
          return runs;
        });
  }

  @Override
  public Optional<RunLedger> read(String run) {
    return inSession("reading the ledger", connection -> read(connection, run));
  }

  private static Optional<RunLedger> read(Connection connection, String run) throws SQLException {
    if (!isKept(connection)) {
      return Optional.empty();
    }
    Instant startedAt;
    Instant endedAt;
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.READ_RUN)) {
      statement.setString(1, run);
      ResultSet rows = statement.executeQuery();
      if (!rows.next()) {
        return Optional.empty();
      }
      startedAt = instant(rows, 1);
      endedAt = instant(rows, 2);
    }
    RunLedger ledger = new RunLedger(run, startedAt, endedAt);
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.READ_LEDGER)) {
      statement.setString(1, run);
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        Stage stage = Stage.valueOf(rows.getString(2).toUpperCase(Locale.ROOT));
        ledger.with(stage, rows.getString(1), counts(rows, 3));
      }
    }
    return Optional.of(ledger);
  }

  /** Whether any run was ever noted here. */
  private static boolean isKept(Connection connection) throws SQLException {
    return ExistingTable.find(connection, ControlTables.SCHEMA, "runs").isPresent();
  }

  private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static ChangeCounts counts(ResultSet rows, int first) throws SQLException {
    return ChangeCounts.builder()
        .setRead(rows.getLong(first))
        .setAccepted(rows.getLong(first + 1))
        .setSuperseded(rows.getLong(first + 2))
        .setDuplicate(rows.getLong(first + 3))
        .setLate(rows.getLong(first + 4))
        .setRejected(rows.getLong(first + 5))
        .setControl(rows.getLong(first + 6))
        .build();
  }

  private <T> T inSession(String doing, WarehouseSession.Work<T> work) {
    try (WarehouseSession session =
        new WarehouseSession(warehouse, PostgresDialect.INSTANCE, WarehouseSession.PATIENT)) {
      return session.run(doing, work);
    }
  }

  /** Replaces the sums of a run's tables, where these are not older than what is there. */
  static void replace(
      Connection connection, String run, Stage stage, SortedMap<String, ChangeCounts> counts)
      throws SQLException {
    write(connection, ControlTables.REPLACE_COUNTS, run, stage, "", counts);
  }

  /** Adds to what a writer counted. */
  static void add(
      Connection connection, String run, String writer, SortedMap<String, ChangeCounts> counts)
      throws SQLException {
    write(connection, ControlTables.ADD_COUNTS, run, Stage.WAREHOUSE, writer, counts);
  }

  private static void write(
      Connection connection,
      String sql,
      String run,
      Stage stage,
      String writer,
      SortedMap<String, ChangeCounts> counts)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, run);
      statement.setString(2, stage.name().toLowerCase(Locale.ROOT));
      statement.setString(3, writer);
      statement.setArray(4, connection.createArrayOf("text", counts.keySet().toArray()));
      List<ToLongFunction<ChangeCounts>> columns =
          List.of(
              ChangeCounts::read,
              ChangeCounts::accepted,
              ChangeCounts::superseded,
              ChangeCounts::duplicate,
              ChangeCounts::late,
              ChangeCounts::rejected,
              ChangeCounts::control);
      for (int i = 0; i < columns.size(); i++) {
        statement.setArray(5 + i, bigints(connection, counts.values(), columns.get(i)));
      }
      statement.executeUpdate();
    }
  }

  private static Array bigints(
      Connection connection, Collection<ChangeCounts> counts, ToLongFunction<ChangeCounts> column)
      throws SQLException {
    return connection.createArrayOf(
        "int8", counts.stream().mapToLong(column).boxed().toArray(Long[]::new));
  }
}
