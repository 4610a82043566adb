package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.transforms.cdc.Deletes;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and extends what the histories of tables are kept in. */
final class HistoryTables {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryTables.class);
  private static final int LONGEST_NAME = 63;

  private final Dialect dialect;
  private final Deletes deletes;
  private final Collection<TargetTable> targets;

  HistoryTables(Dialect dialect, Deletes deletes, Collection<TargetTable> targets) {
    this.dialect = dialect;
    this.deletes = deletes;
    this.targets = targets;
  }

  /** Adds what keeps the histories from being made or used as they are. */
  void checkFit(Connection connection, List<String> faults) throws SQLException {
    Map<String, String> owners = new HashMap<>();
    for (TargetTable target : targets) {
      owners.put(target.name(), "the contract's table " + target.name());
      owners.put(target.liveView(), "the view of live rows of " + target.name());
    }
    for (TargetTable target : targets) {
      checkName(target, target.changesTable(), TargetTable.CHANGES_TABLE, owners, faults);
      checkName(target, target.historyView(), TargetTable.HISTORY_VIEW, owners, faults);
      checkTable(target, find(connection, target, target.changesTable()), faults);
      checkView(target, find(connection, target, target.historyView()), faults);
      checkFunction(connection, target, faults);
    }
  }

  private static void checkName(
      TargetTable target,
      String name,
      String property,
      Map<String, String> owners,
      List<String> faults) {
    String remedy =
        "; give it a name of its own in the contract, as the table's custom property " + property;
    String history = "table " + target.qualifiedName() + ": its history needs the name " + name;
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      faults.add(history + ", which is longer than 63 bytes" + remedy);
    }
    String owner = owners.putIfAbsent(name, "the history of " + target.name());
    if (owner != null) {
      faults.add(history + ", which is that of " + owner + remedy);
    }
  }

  private void checkTable(TargetTable target, Optional<ExistingTable> table, List<String> faults) {
    if (table.isEmpty()) {
      return;
    }
    String name = "table " + target.schema() + "." + target.changesTable();
    if (!table.get().isTable()
        || !table.get().columns().containsKey(HistoryColumns.VERSION_POSITION)) {
      faults.add(
          name
              + " is there already, and Millrace did not make it; choose another"
              + " --warehouseSchema, or give the table of changes another name in the contract, as"
              + " the custom property "
              + TargetTable.CHANGES_TABLE);
      return;
    }
    HistoryDefinition definition = new HistoryDefinition(target, dialect);
    definition
        .columns()
        .forEach(
            (column, type) -> {
              ExistingTable.ExistingColumn existing = table.get().columns().get(column);
              if (existing != null && !existing.type().endsWith(type)) {
                faults.add(
                    name
                        + ", column "
                        + column
                        + ": is "
                        + existing.type()
                        + ", the contract has "
                        + type
                        + (HistoryDefinition.systemColumns().containsKey(column)
                            ? "; choose another --warehouseSchema"
                            : "; change the contract, or run: " + definition.changeType(column)));
              }
            });
  }

  private static void checkView(
      TargetTable target, Optional<ExistingTable> view, List<String> faults) {
    boolean isOurs =
        view.isEmpty()
            || (view.get().isView() && view.get().columns().containsKey(HistoryColumns.VALID_FROM));
    if (!isOurs) {
      faults.add(
          target.schema()
              + "."
              + target.historyView()
              + " is there already, and Millrace did not make it; choose another"
              + " --warehouseSchema, or give the view of versions another name in the contract, as"
              + " the custom property "
              + TargetTable.HISTORY_VIEW);
    }
  }

  private void checkFunction(Connection connection, TargetTable target, List<String> faults)
      throws SQLException {
    if (new HistoryDefinition(target, dialect).asOf().find(connection)
        == AsOfFunction.Existing.ANOTHER) {
      faults.add(
          "function "
              + target.schema()
              + "."
              + target.asOfFunction()
              + "(timestamptz) is there already, and Millrace did not make it; give the table's"
              + " another name in the contract, as the custom property "
              + TargetTable.AS_OF_FUNCTION);
    }
  }

  /**
   * Gathers all changes in one place if something is to be done to all of them: before the table of
   * current rows is extended.
   */
  void gather(Connection connection, TargetTable target) throws SQLException {
    HistoryDefinition definition = new HistoryDefinition(target, dialect);
    ExistingTable rows = find(connection, target, target.name()).orElse(null);
    ExistingTable changes = find(connection, target, target.changesTable()).orElse(null);
    if (rows == null || changes == null || !rows.columns().containsKey(HistoryColumns.TIP)) {
      return;
    }
    boolean isComplete =
        target.contract().columns().stream()
            .map(ColumnContract::name)
            .allMatch(
                column ->
                    rows.columns().containsKey(column) && changes.columns().containsKey(column));
    if (!isComplete || (deletes == Deletes.HARD && isAnyTip(connection, definition))) {
      Set<String> there = new HashSet<>(rows.columns().keySet());
      there.retainAll(changes.columns().keySet());
      execute(connection, definition.moveTips(there));
    }
  }

  private static boolean isAnyTip(Connection connection, HistoryDefinition definition)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(definition.isAnyTip())) {
      found.next();
      return found.getBoolean(1);
    }
  }

  /** Makes what is missing of a table's history. */
  void createOrExtend(Connection connection, TargetTable target) throws SQLException {
    HistoryDefinition definition = new HistoryDefinition(target, dialect);
    ExistingTable current = find(connection, target, target.name()).orElseThrow();
    boolean hasTips = current.columns().containsKey(HistoryColumns.TIP);
    for (String column : HistoryDefinition.tipColumns().keySet()) {
      if (!current.columns().containsKey(column)) {
        execute(connection, definition.addTipColumn(column));
      }
    }
    Optional<ExistingTable> table = find(connection, target, target.changesTable());
    if (table.isEmpty()) {
      execute(connection, definition.forgetTips());
      execute(connection, definition.createTable());
      int rows = seed(connection, definition);
      LOG.info(
          "created table {}.{}, with {} rows as they are now",
          target.schema(),
          target.changesTable(),
          rows);
    } else {
      extend(connection, target, definition, table.get());
    }
    Optional<ExistingTable> view = find(connection, target, target.historyView());
    if (!hasTips
        || view.isEmpty()
        || !view.get().columns().keySet().containsAll(definition.viewColumns())) {
      execute(connection, definition.createView(view.orElse(null)));
    }
    if (definition.asOf().find(connection) == AsOfFunction.Existing.NONE) {
      execute(connection, definition.asOf().create());
    }
  }

  private void extend(
      Connection connection, TargetTable target, HistoryDefinition definition, ExistingTable table)
      throws SQLException {
    for (String column : HistoryDefinition.systemColumns().keySet()) {
      if (!table.columns().containsKey(column)) {
        execute(connection, definition.addColumn(column));
      }
    }
    PromotedColumns promoted = PromotedColumns.ofChanges(target, dialect);
    List<ColumnContract> filled = new ArrayList<>(promoted.fillRenamed(connection, table));
    for (ColumnContract column : target.contract().columns()) {
      if (!table.columns().containsKey(column.name())) {
        execute(connection, definition.addColumn(column.name()));
        LOG.info("added column {}.{}.{}", target.schema(), target.changesTable(), column.name());
        promoted.fillAdded(connection, column);
        filled.add(column);
      }
    }
    if (!filled.isEmpty()) {
      execute(connection, definition.moveTips(definition.columns().keySet()));
      execute(connection, dialect.findRowsByKey());
      new HistorySettler(target, dialect.history(target, deletes)).settleAll(connection);
      RecoveredColumns recovered = new RecoveredColumns(target, dialect);
      for (ColumnContract column : filled) {
        recovered.fill(connection, column);
      }
    }
  }

  /** The history of rows that are there already begins with them as they are. */
  private static int seed(Connection connection, HistoryDefinition definition) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(definition.seed());
    }
  }

  /** Adds the histories that are there and would be left behind. */
  void checkNone(Connection connection, List<String> faults) throws SQLException {
    for (TargetTable target : targets) {
      boolean hasHistory =
          find(connection, target, target.changesTable())
              .filter(table -> table.columns().containsKey(HistoryColumns.VERSION_POSITION))
              .isPresent();
      if (hasHistory) {
        faults.add(
            "table "
                + target.qualifiedName()
                + " has a history, which would miss what is written without it; choose"
                + " --history=true, or drop the history: DROP TABLE "
                + new HistoryDefinition(target, dialect).table()
                + " CASCADE;");
      }
    }
  }

  private static Optional<ExistingTable> find(
      Connection connection, TargetTable target, String name) throws SQLException {
    return ExistingTable.find(connection, target.schema(), name);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
