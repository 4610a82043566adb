package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.transforms.warehouse.ExistingTable.ExistingColumn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds where a table in the warehouse does not fit the contract. Each fault names the table and
 * the column, what is there and what was expected, and what to run or to choose.
 */
final class TableFit {
  private static final int LONGEST_NAME = 63;

  /** A merge names each column twice, and PostgreSQL allows 1,664 at once. */
  private static final int MOST_COLUMNS = 800;

  private final TargetTable target;
  private final TableDefinition definition;
  private final Dialect dialect;
  private final String dropHistory;
  private final List<String> faults = new ArrayList<>();

  /**
   * @param hasHistory whether what shows the table's history depends on it
   */
  TableFit(TargetTable target, Dialect dialect, boolean hasHistory) {
    this.dropHistory = hasHistory ? new HistoryDefinition(target, dialect).dropViews() : "";
    this.target = target;
    this.definition = new TableDefinition(target, dialect);
    this.dialect = dialect;
  }

  /**
   * The faults, or none.
   *
   * @param table what has the table's name now
   * @param view what has the name of its view now
   */
  List<String> faults(@Nullable ExistingTable table, @Nullable ExistingTable view) {
    checkNames(table, view);
    if (table == null) {
      return faults;
    }
    if (!table.isTable() || !table.columns().containsKey(SystemColumns.POSITION)) {
      faults.add(
          target.qualifiedName()
              + (table.isTable() ? " is a table" : " is no table, but something")
              + " that Millrace did not make (it has no column _position); choose another"
              + " --warehouseSchema, give the table another name in the contract"
              + (table.isTable()
                  ? ", or run: ALTER TABLE "
                      + definition.table()
                      + " RENAME TO "
                      + dialect.quote(shortened(target.name()) + "_old")
                      + ";"
                  : ""));
      return faults;
    }
    checkKey(table);
    Map<String, String> expected = definition.columns();
    expected.forEach((name, type) -> checkColumn(name, type, table.columns().get(name)));
    table
        .columns()
        .forEach(
            (name, column) -> {
              if (!expected.containsKey(name) && column.isRequired() && !column.isFilled()) {
                fault(
                    name,
                    "is not in the contract and must not be null",
                    "add it to the contract, or run: " + alterColumn(name) + " DROP NOT NULL;");
              }
            });
    return faults;
  }

  private void checkNames(@Nullable ExistingTable table, @Nullable ExistingTable view) {
    int columns = target.contract().columns().size();
    if (columns > MOST_COLUMNS) {
      faults.add(
          "table "
              + target.qualifiedName()
              + " has "
              + columns
              + " columns, more than "
              + MOST_COLUMNS
              + "; leave some out of the contract: they are kept in _extra");
    }
    for (ColumnContract column : target.contract().columns()) {
      if (column.name().equals("*")) {
        fault(
            "*",
            "has a name that _filled needs",
            "give it another name and keep this one as physicalName");
      }
    }
    String name = target.liveView();
    String remedy =
        "give the view a name of its own in the contract, as the table's custom property "
            + TargetTable.LIVE_VIEW;
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      faults.add(
          "table "
              + target.qualifiedName()
              + ": the name of its view, "
              + name
              + ", is longer than 63 bytes; "
              + remedy);
    } else if (view != null && !isLiveView(view, table)) {
      faults.add(
          "table "
              + target.qualifiedName()
              + ": "
              + target.schema()
              + "."
              + name
              + (view.isView()
                  ? " is a view that Millrace did not make; "
                  : " is there already, and is no view; ")
              + remedy
              + (view.isView() ? ", or run: DROP VIEW " + definition.liveView() + ";" : ""));
    }
  }

  /** Whether a view shows nothing but columns of the table that are not Millrace's own. */
  private static boolean isLiveView(ExistingTable view, @Nullable ExistingTable table) {
    return view.isView()
        && table != null
        && table.columns().keySet().containsAll(view.columns().keySet())
        && view.columns().keySet().stream().noneMatch(name -> name.startsWith("_"));
  }

  private void checkKey(ExistingTable table) {
    Set<String> expected =
        target.key().stream().map(ColumnContract::name).collect(Collectors.toSet());
    if (table.keyColumns().size() == expected.size() && expected.containsAll(table.keyColumns())) {
      return;
    }
    String drop =
        table.primaryKey() == null
            ? ""
            : "DROP CONSTRAINT " + dialect.quote(table.primaryKey()) + ", ";
    faults.add(
        "table "
            + target.qualifiedName()
            + ": its primary key is "
            + (table.keyColumns().isEmpty() ? "missing" : table.keyColumns())
            + ", the contract's is "
            + target.key().stream().map(ColumnContract::name).toList()
            + "; change the contract, or run: ALTER TABLE "
            + definition.table()
            + " "
            + drop
            + "ADD PRIMARY KEY ("
            + definition.keyColumns()
            + ");");
  }

  private void checkColumn(String name, String type, @Nullable ExistingColumn column) {
    if (column == null) {
      return;
    }
    boolean isSystem = TableDefinition.systemColumns().containsKey(name);
    if (!bare(column.type(), name).equals(type)) {
      fault(
          name,
          "is " + column.type() + ", the contract has " + type,
          isSystem
              ? "choose another --warehouseSchema"
              : "change the contract, or run: "
                  + dropHistory
                  + "DROP VIEW IF EXISTS "
                  + definition.liveView()
                  + "; "
                  + alterColumn(name)
                  + " TYPE "
                  + type
                  + " USING "
                  + dialect.quote(name)
                  + "::"
                  + cast(name)
                  + ";");
    }
    if (column.isGenerated() || column.isIdentity()) {
      fault(
          name,
          "is generated by the database, which allows no value from elsewhere",
          "take it out of the contract, or run: "
              + alterColumn(name)
              + (column.isIdentity() ? " DROP IDENTITY;" : " DROP EXPRESSION;"));
    } else if (column.isRequired() && !isSystem && !isKey(name)) {
      fault(
          name,
          "must not be null, but a target's columns are null where no change supplies them",
          "run: " + alterColumn(name) + " DROP NOT NULL;");
    }
  }

  private boolean isKey(String name) {
    return target.key().stream().anyMatch(column -> column.name().equals(name));
  }

  /** An extension's type is spelled with its schema, unless that is on the search path. */
  private String bare(String type, String name) {
    return target.contract().columns().stream()
            .anyMatch(c -> c.name().equals(name) && c.type().kind() == Kind.OPAQUE)
        ? type.substring(type.lastIndexOf('.') + 1)
        : type;
  }

  private String cast(String name) {
    return target.contract().columns().stream()
        .filter(column -> column.name().equals(name))
        .map(column -> PostgresTypes.cast(column.type()))
        .findFirst()
        .orElseThrow();
  }

  private String alterColumn(String name) {
    return "ALTER TABLE " + definition.table() + " ALTER COLUMN " + dialect.quote(name);
  }

  private void fault(String column, String problem, String remedy) {
    faults.add(
        "table " + target.qualifiedName() + ", column " + column + ": " + problem + "; " + remedy);
  }

  private static String shortened(String name) {
    String result = name;
    while (result.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME - 4) {
      result = result.substring(0, result.length() - 1);
    }
    return result;
  }
}
