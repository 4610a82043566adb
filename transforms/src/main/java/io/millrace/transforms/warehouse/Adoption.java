package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.Contract;
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

/**
 * Moves tables that are in a schema itself to its version 1, and lets views take their places. What
 * readers may do and what they have built goes on: rights are given for the views, and views of
 * theirs read these from then on.
 *
 * <p>Nothing that is written meanwhile is lost: the tables get other names in {@code _millrace}
 * first, which waits for the batches that are being written, and after which others find their
 * tables unknown and fail.
 */
final class Adoption {
  private static final int VERSION = 1;

  private static final String OTHERS =
      "SELECT 'process ' || pid || ' of user ' || usename FROM pg_catalog.pg_stat_activity"
          + " WHERE datname = current_database() AND application_name = 'millrace'"
          + " AND pid <> pg_catalog.pg_backend_pid() AND usename IS NOT NULL ORDER BY 1 LIMIT 5";

  /** Lets those who have rights in tables of a schema reach them in another. */
  private static final String GRANT_USAGE =
      "SELECT DISTINCT format('GRANT USAGE ON SCHEMA %I TO %s', ?::text, CASE a.grantee WHEN 0"
          + " THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)"
          + " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
          + " ON n.oid = c.relnamespace, pg_catalog.aclexplode(coalesce(c.relacl,"
          + " pg_catalog.acldefault('r', c.relowner))) AS a WHERE n.nspname = ?";

  private final Connection connection;
  private final Warehouse warehouse;
  private final Contract contract;
  private final VersionCatalog catalog;
  private final ViewKeeper keeper;
  private final String schema;
  private final String target;

  Adoption(Connection connection, Warehouse warehouse, Contract contract) {
    this.connection = connection;
    this.warehouse = warehouse.withTargetVersion(VERSION);
    this.contract = contract;
    this.schema = warehouse.servedSchema();
    this.target = this.warehouse.schema();
    this.catalog = new VersionCatalog(connection, schema);
    this.keeper = new ViewKeeper(connection);
  }

  /** Moves them, and answers their names. */
  List<String> adopt(boolean force) throws SQLException {
    List<String> names = catalog.unversioned();
    check(names, force);
    for (String name : names) {
      catalog.rename(schema + "." + name, target + "." + name);
    }
    catalog.renameProgress(contract.id(), warehouse.progressOf(contract.id()));
    List<VersionedTable> tables = new ArrayList<>();
    Set<String> moved = new LinkedHashSet<>();
    for (String name : names) {
      gather(name, tables, moved);
    }
    dropFunctions(tables);
    DependentViews readers = DependentViews.of(connection, schema, moved);
    List<String> grants = new ArrayList<>();
    for (VersionedTable table : tables) {
      for (String relation : table.relations()) {
        if (moved.contains(relation)) {
          grants.addAll(keeper.readers(quoted(schema, relation)));
        }
      }
    }
    move(tables, moved);
    catalog.note(VERSION, contract.id() + " " + contract.version());
    for (VersionedTable table : tables) {
      catalog.know(VERSION, table);
    }
    catalog.enter(VERSION, "adopted");
    new ServedViews(connection, schema).complete(VERSION, tables);
    for (String grant : grants) {
      execute(grant);
    }
    readers.readAgain();
    return names;
  }

  private void check(List<String> names, boolean force) throws SQLException {
    if (names.isEmpty()) {
      throw new VersionException(
          "the schema " + schema + " has no tables of Millrace's that are in no version");
    }
    if (catalog.versions().contains(VERSION)) {
      throw new VersionException(
          "there is a version 1 of "
              + schema
              + " already, and its tables are to become that; take it away first: --drop=1");
    }
    List<String> others = texts(OTHERS);
    if (!others.isEmpty() && !force) {
      throw new VersionException(
          "runs of Millrace are connected, and may write to these tables: "
              + String.join("; ", others)
              + "; stop them, or add --force: what writes to the tables then fails at its next"
              + " batch, and nothing is lost");
    }
  }

  /** A table, and all that belongs to it, by the contract's names or else by the usual ones. */
  private void gather(String name, List<VersionedTable> tables, Set<String> moved)
      throws SQLException {
    Optional<TargetTable> known =
        contract.tables().stream()
            .filter(table -> table.name().equals(name))
            .map(table -> new TargetTable(table, schema))
            .findFirst();
    String changes = known.map(TargetTable::changesTable).orElse(name + "_changes");
    boolean hasHistory = find(changes).isPresent();
    VersionedTable table =
        known
            .map(target -> VersionedTable.of(target, hasHistory))
            .orElseGet(() -> VersionedTable.named(name, hasHistory));
    tables.add(table);
    for (String relation : table.relations()) {
      if (find(relation).isPresent()) {
        moved.add(relation);
      }
    }
    if (hasHistory) {
      moved.add(changes);
    }
  }

  /** Their texts name the schema. */
  private void dropFunctions(List<VersionedTable> tables) throws SQLException {
    for (VersionedTable table : tables) {
      if (table.asOfFunction() != null) {
        execute("DROP FUNCTION IF EXISTS " + asOf(schema, table).signature());
      }
    }
  }

  private void move(List<VersionedTable> tables, Set<String> moved) throws SQLException {
    execute("CREATE SCHEMA IF NOT EXISTS " + PostgresDialect.INSTANCE.quote(target));
    for (String relation : moved) {
      boolean isView = find(relation).filter(ExistingTable::isView).isPresent();
      execute(
          (isView ? "ALTER VIEW " : "ALTER TABLE ")
              + quoted(schema, relation)
              + " SET SCHEMA "
              + PostgresDialect.INSTANCE.quote(target));
    }
    for (VersionedTable table : tables) {
      if (table.asOfFunction() != null) {
        execute(asOf(target, table).create());
      }
    }
    for (String grant : texts(GRANT_USAGE, target, target)) {
      execute(grant);
    }
  }

  private static AsOfFunction asOf(String in, VersionedTable table) {
    return new AsOfFunction(in, table.asOfFunction(), table.historyView());
  }

  private Optional<ExistingTable> find(String name) throws SQLException {
    return ExistingTable.find(connection, schema, name);
  }

  private static String quoted(String in, String name) {
    return PostgresDialect.INSTANCE.quote(in) + "." + PostgresDialect.INSTANCE.quote(name);
  }

  private List<String> texts(String sql, String... values) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
