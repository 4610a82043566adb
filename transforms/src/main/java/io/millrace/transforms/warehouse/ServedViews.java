package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The views in the schema that serves: made for a version's tables, and swapped for another's, all
 * in the caller's transaction. The caller holds {@link WarehouseTables#lock}.
 */
final class ServedViews {
  /** What happens to columns and tables that readers have, and a version has not. */
  enum Loss {
    /** Nothing is swapped. */
    REFUSED,
    /** They go, unless something depends on the view. */
    DROPPED,
    /** Columns are null, and tables empty: nothing can stand in the way of going back. */
    EMPTY
  }

  private static final String UNREADABLE =
      "SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class AS c"
          + " WHERE c.oid = ?::regclass AND NOT (pg_catalog.has_schema_privilege(c.relowner, ?,"
          + " 'USAGE') AND pg_catalog.has_table_privilege(c.relowner, ?, 'SELECT'))";

  private final Connection connection;
  private final VersionCatalog catalog;
  private final String schema;
  private final ViewKeeper keeper;
  private final List<String> faults = new ArrayList<>();

  ServedViews(Connection connection, String schema) {
    this.connection = connection;
    this.catalog = new VersionCatalog(connection, schema);
    this.schema = schema;
    this.keeper = new ViewKeeper(connection);
  }

  /**
   * Makes what is missing for tables of the version that serves.
   *
   * @throws TableMisfitException if the names are taken by what Millrace did not make
   */
  void complete(int version, List<VersionedTable> tables) throws SQLException {
    Set<String> served = catalog.served();
    List<ServedView> incomplete = new ArrayList<>();
    for (VersionedTable table : tables) {
      for (String name : table.relations()) {
        Optional<ExistingTable> existing = ExistingTable.find(connection, schema, name);
        ServedView view = view(version, name, existing.orElse(null));
        if (view.isGone()) {
          continue;
        }
        if (existing.isPresent() && !served.contains(name)) {
          faults.add(taken(name));
        } else if (existing.isEmpty() || view.hasMore()) {
          incomplete.add(view);
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new TableMisfitException(faults);
    }
    replace(incomplete);
    makeFunctions(tables);
  }

  /**
   * Lets all views show a version.
   *
   * @throws VersionException if readers would lose something, or something stands in the way
   */
  void show(int version, Loss loss) throws SQLException {
    List<VersionedTable> tables = catalog.tables(version);
    Set<String> wanted = new LinkedHashSet<>();
    tables.forEach(table -> wanted.addAll(table.relations()));
    Set<String> served = catalog.served();
    Set<String> names = new TreeSet<>(served);
    names.addAll(wanted);
    List<ServedView> replaced = new ArrayList<>();
    List<ServedView> anew = new ArrayList<>();
    for (String name : names) {
      ExistingTable existing = ExistingTable.find(connection, schema, name).orElse(null);
      ServedView view = view(version, wanted.contains(name) ? name : null, name, existing);
      if (existing == null && view.isGone()) {
        continue;
      }
      if (existing != null && !served.contains(name)) {
        faults.add(taken(name));
      } else if (existing != null && isAnew(view, loss, version)) {
        anew.add(view);
      } else {
        replaced.add(view);
      }
      if (existing != null && !view.isGone()) {
        checkOwner(view, version);
      }
    }
    dropFunctions(anew);
    checkDependents(anew);
    if (!faults.isEmpty()) {
      throw VersionException.of("version " + version + " cannot serve", faults);
    }
    replace(replaced);
    for (ServedView view : anew) {
      makeAnew(view);
    }
    makeFunctions(tables);
  }

  private ServedView view(int version, String name, @Nullable ExistingTable existing)
      throws SQLException {
    return view(version, name, name, existing);
  }

  private ServedView view(
      int version, @Nullable String source, String name, @Nullable ExistingTable existing)
      throws SQLException {
    String versionSchema = Versions.schemaOf(schema, version);
    ExistingTable offered =
        source == null ? null : ExistingTable.find(connection, versionSchema, source).orElse(null);
    return new ServedView(schema, name, existing, versionSchema, offered);
  }

  /** Whether a view has to be dropped, and perhaps made anew; notes what nobody allowed. */
  private boolean isAnew(ServedView view, Loss loss, int version) {
    boolean loses = view.isGone() || !view.missing().isEmpty();
    if (loss == Loss.REFUSED) {
      if (view.isGone()) {
        fault(view, "version " + version + " has nothing of this name");
      } else if (loses) {
        fault(view, "version " + version + " has no column " + String.join(", ", view.missing()));
      }
      if (!view.retyped().isEmpty()) {
        fault(view, "other types in version " + version + ": " + String.join(", ", view.retyped()));
      }
    }
    return !view.retyped().isEmpty() || (loses && loss == Loss.DROPPED);
  }

  private void fault(ServedView view, String problem) {
    faults.add(
        view.qualifiedName()
            + ": "
            + problem
            + "; write it into the version, or allow that readers lose it: --allowDropped");
  }

  private String taken(String name) {
    return schema
        + "."
        + name
        + " is there already, and Millrace did not make it; rename or drop it, or choose another"
        + " --warehouseSchema";
  }

  private void checkOwner(ServedView view, int version) throws SQLException {
    String source = Versions.schemaOf(schema, version);
    try (PreparedStatement statement = connection.prepareStatement(UNREADABLE)) {
      String quoted = PostgresDialect.INSTANCE.quote(source);
      statement.setString(1, view.qualifiedName());
      statement.setString(2, source);
      statement.setString(3, quoted + "." + PostgresDialect.INSTANCE.quote(view.name()));
      try (ResultSet owners = statement.executeQuery()) {
        while (owners.next()) {
          String owner = PostgresDialect.INSTANCE.quote(owners.getString(1));
          faults.add(
              view.qualifiedName()
                  + " belongs to "
                  + owner
                  + ", who may not read version "
                  + version
                  + "; run: GRANT USAGE ON SCHEMA "
                  + quoted
                  + " TO "
                  + owner
                  + "; GRANT SELECT ON ALL TABLES IN SCHEMA "
                  + quoted
                  + " TO "
                  + owner
                  + ";");
        }
      }
    }
  }

  private void checkDependents(List<ServedView> anew) throws SQLException {
    for (ServedView view : anew) {
      List<String> dependents = keeper.dependents(view.qualifiedName());
      if (!dependents.isEmpty()) {
        faults.add(
            view.qualifiedName()
                + " has to be made anew, and these depend on it: "
                + String.join(", ", dependents)
                + "; drop them, and make them again after");
      }
    }
  }

  /** All at once, since readers may hold some of the views and wait for others meanwhile. */
  private void replace(List<ServedView> views) throws SQLException {
    List<String> statements = new ArrayList<>();
    for (ServedView view : views) {
      boolean exists = ExistingTable.find(connection, schema, view.name()).isPresent();
      statements.add(view.replace(exists ? keeper.options(view.qualifiedName()) : List.of()));
      catalog.serve(view.name());
    }
    if (!statements.isEmpty()) {
      execute(String.join("; ", statements));
    }
  }

  private void makeAnew(ServedView view) throws SQLException {
    List<String> options = keeper.options(view.qualifiedName());
    List<String> restoring = keeper.restoring(view.qualifiedName(), view.offered());
    execute(view.drop());
    if (view.isGone()) {
      catalog.unserve(view.name());
      return;
    }
    execute(view.create(options));
    keeper.revokeAll(view.qualifiedName());
    for (String statement : restoring) {
      execute(statement);
    }
  }

  /** Functions depend on the views whose versions they answer. */
  private void dropFunctions(List<ServedView> anew) throws SQLException {
    Integer inService = catalog.inService();
    if (inService != null) {
      for (VersionedTable table : catalog.tables(inService)) {
        boolean isAnew = anew.stream().anyMatch(view -> view.name().equals(table.historyView()));
        AsOfFunction function = function(table);
        if (isAnew && function != null && function.find(connection) == AsOfFunction.Existing.OURS) {
          execute("DROP FUNCTION " + function.signature());
        }
      }
    }
  }

  private void makeFunctions(List<VersionedTable> tables) throws SQLException {
    for (VersionedTable table : tables) {
      AsOfFunction function = function(table);
      if (function != null && function.find(connection) != AsOfFunction.Existing.OURS) {
        execute(function.create());
      }
    }
  }

  private @Nullable AsOfFunction function(VersionedTable table) {
    return table.asOfFunction() == null || table.historyView() == null
        ? null
        : new AsOfFunction(schema, table.asOfFunction(), table.historyView());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
