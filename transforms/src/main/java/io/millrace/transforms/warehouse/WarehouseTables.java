package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the tables that {@link WriteWarehouse} writes, and extends them when a contract has grown.
 *
 * <p>For each table of the contract there is a table with its columns, its key as the primary key,
 * and columns of Millrace's own, whose names begin with {@code _}; and a view {@code <table>_live}
 * of the rows that are not deleted. Columns outside the key may be null. Nothing that is there is
 * ever dropped or retyped.
 *
 * <p>Tables of a {@linkplain Warehouse#withTargetVersion version} are in a schema of their own. If
 * no version serves yet, this one does: the warehouse's schema gets views of its tables.
 *
 * <p>Only what is missing is created, so a user without the right to create can use tables that are
 * complete. Several may call this at once, from several machines. All of it happens in one
 * transaction, or nothing.
 */
public final class WarehouseTables {
  private static final Logger LOG = LoggerFactory.getLogger(WarehouseTables.class);

  /** Keeps two from creating the same thing; any number that nothing else uses. */
  private static final long LOCK = 0x4D696C6C72616365L;

  private final Dialect dialect = PostgresDialect.INSTANCE;
  private final Warehouse warehouse;
  private final Contract contract;
  private final List<TargetTable> targets;
  private final HistoryTables histories;

  private WarehouseTables(Warehouse warehouse, Contract contract) {
    this.warehouse = warehouse;
    this.contract = contract;
    this.targets =
        contract.tables().stream()
            .map(table -> new TargetTable(table, warehouse.schema()))
            .toList();
    this.histories = new HistoryTables(dialect, warehouse.deletes(), targets);
  }

  /**
   * Makes the warehouse ready for changes of the contract's tables.
   *
   * @throws TableMisfitException if tables that are there do not fit; nothing was changed
   * @throws WarehouseException if the warehouse cannot be reached, or does not allow it
   */
  public static void prepare(Warehouse warehouse, Contract contract) {
    new WarehouseTables(warehouse, contract).prepare();
  }

  private void prepare() {
    try (Connection connection = WarehouseSession.connect(warehouse)) {
      try {
        prepare(connection);
        connection.commit();
      } catch (SQLException | WarehouseException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      Category category = dialect.category(e);
      throw WarehouseException.of(
          "preparing the warehouse " + warehouse,
          e,
          category == Category.TRANSIENT ? category : Category.ENVIRONMENT);
    }
  }

  private void prepare(Connection connection) throws SQLException {
    checkEncoding(connection);
    lock(connection);
    VersionTables versions = new VersionTables(connection, warehouse);
    versions.check();
    checkFit(connection);
    createControlTables(connection);
    createSchema(connection, warehouse.schema());
    for (TargetTable target : targets) {
      if (warehouse.history()) {
        histories.gather(connection, target);
      }
      createOrExtend(connection, target);
      if (warehouse.history()) {
        histories.createOrExtend(connection, target);
      }
      try (PreparedStatement statement = connection.prepareStatement(ControlTables.KNOW_TABLE)) {
        statement.setString(1, target.qualifiedName());
        statement.executeUpdate();
      }
    }
    if (warehouse.targetVersion() != null) {
      createSchema(connection, warehouse.servedSchema());
      versions.note(contract, targets);
    }
  }

  /** Keeps others from the control tables until the transaction ends. */
  static void lock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.pg_advisory_xact_lock(?)")) {
      statement.setLong(1, LOCK);
      statement.execute();
    }
  }

  private static void checkEncoding(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW server_encoding")) {
      rows.next();
      if (!rows.getString(1).equals("UTF8")) {
        throw WarehouseException.environment(
            "the database's encoding is "
                + rows.getString(1)
                + ", which cannot hold all text; create one with: CREATE DATABASE ..."
                + " ENCODING 'UTF8' TEMPLATE template0");
      }
    }
  }

  private void checkFit(Connection connection) throws SQLException {
    List<String> faults = new ArrayList<>();
    for (TargetTable target : targets) {
      ExistingTable table = find(connection, target, target.name()).orElse(null);
      ExistingTable view = find(connection, target, target.liveView()).orElse(null);
      faults.addAll(new TableFit(target, dialect, warehouse.history()).faults(table, view));
      checkDeletes(connection, target, faults);
      checkViewIsTheOnly(target, faults);
    }
    if (warehouse.history()) {
      histories.checkFit(connection, faults);
    } else {
      histories.checkNone(connection, faults);
    }
    if (!faults.isEmpty()) {
      if (warehouse.targetVersion() != null) {
        faults.add(
            "in place of all this, write a new version, with another --targetVersion; views keep"
                + " columns of a version that serves from being altered");
      }
      throw new TableMisfitException(faults);
    }
  }

  private void checkViewIsTheOnly(TargetTable target, List<String> faults) {
    for (TargetTable other : targets) {
      boolean sameView = other != target && other.liveView().equals(target.liveView());
      if (sameView || other.name().equals(target.liveView())) {
        faults.add(
            "table "
                + target.qualifiedName()
                + ": its view has the name of the contract's table "
                + (sameView ? other.name() + "'s view" : other.name())
                + "; give the view another, as the table's custom property "
                + TargetTable.LIVE_VIEW);
      }
    }
  }

  /** What soft deletes write does not heed the tombstones of hard ones. */
  private void checkDeletes(Connection connection, TargetTable target, List<String> faults)
      throws SQLException {
    if (warehouse.deletes() == Deletes.HARD
        || ExistingTable.find(connection, ControlTables.SCHEMA, "tombstones").isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.HAS_TOMBSTONES)) {
      statement.setString(1, target.qualifiedName());
      if (statement.executeQuery().next()) {
        faults.add(
            "table "
                + target.qualifiedName()
                + " was written with hard deletes, and its tombstones keep what is older from"
                + " coming back; choose --deletes=hard, or forget them: DELETE FROM"
                + " _millrace.tombstones WHERE \"table\" = "
                + PostgresDialect.literal(target.qualifiedName())
                + ";");
      }
    }
  }

  private static Optional<ExistingTable> find(
      Connection connection, TargetTable target, String name) throws SQLException {
    return ExistingTable.find(connection, target.schema(), name);
  }

  private void createControlTables(Connection connection) throws SQLException {
    createSchema(connection, ControlTables.SCHEMA);
    createControlTable(connection, "truncations", ControlTables.CREATE_TRUNCATIONS);
    createControlTable(connection, "snapshots", ControlTables.CREATE_SNAPSHOTS);
    createControlTable(connection, "history_ends", ControlTables.CREATE_HISTORY_ENDS);
    createControlTable(connection, "tombstones", ControlTables.CREATE_TOMBSTONES);
    createControlTable(connection, "builds", ControlTables.CREATE_BUILDS);
    createControlTable(connection, "progress", ControlTables.CREATE_PROGRESS);
    createControlTable(connection, "runs", ControlTables.CREATE_RUNS);
    createControlTable(connection, "ledger", ControlTables.CREATE_LEDGER);
  }

  private static void createControlTable(Connection connection, String name, String sql)
      throws SQLException {
    if (ExistingTable.find(connection, ControlTables.SCHEMA, name).isEmpty()) {
      execute(connection, sql);
    }
  }

  private void createSchema(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
      statement.setString(1, schema);
      if (!statement.executeQuery().next()) {
        execute(connection, "CREATE SCHEMA " + dialect.quote(schema));
      }
    }
  }

  private void createOrExtend(Connection connection, TargetTable target) throws SQLException {
    TableDefinition definition = new TableDefinition(target, dialect);
    Optional<ExistingTable> table = find(connection, target, target.name());
    if (table.isEmpty()) {
      execute(connection, definition.createTable());
      LOG.info("created table {}", target.qualifiedName());
    } else {
      extend(connection, target, definition, table.get());
    }
    Optional<ExistingTable> view = find(connection, target, target.liveView());
    boolean isComplete =
        view.isPresent() && view.get().columns().keySet().containsAll(target.shownColumns());
    if (!isComplete) {
      execute(connection, definition.createLiveView(view.orElse(null)));
    }
  }

  private void extend(
      Connection connection, TargetTable target, TableDefinition definition, ExistingTable table)
      throws SQLException {
    for (String column : TableDefinition.systemColumns().keySet()) {
      if (!table.columns().containsKey(column)) {
        execute(connection, definition.addColumn(column));
      }
    }
    PromotedColumns promoted = PromotedColumns.ofRows(target, dialect);
    promoted.fillRenamed(connection, table);
    for (ColumnContract column : target.contract().columns()) {
      if (!table.columns().containsKey(column.name())) {
        execute(connection, definition.addColumn(column.name()));
        LOG.info("added column {}.{}", target.qualifiedName(), column.name());
        promoted.fillAdded(connection, column);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
