package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.ServedViews.Loss;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.beam.sdk.util.FluentBackoff;
import org.joda.time.Duration;

/**
 * The versions of a schema's tables. Version 2 of the tables of {@code public} is in the schema
 * {@code public_v2}; {@code public} has views of the same names, which show the version that is in
 * service. Log and code may be run again into a new version while the old one serves, and then the
 * views are swapped, all in one transaction.
 *
 * <p>A swap needs every view for a moment, and so waits for whoever reads one; it gives up after
 * half a second at most, so that nobody waits long behind it, and tries again.
 */
public final class Versions {
  private static final FluentBackoff ONCE = FluentBackoff.DEFAULT.withMaxRetries(0);

  /** Gives up before a reader that waits for us could be taken for one end of a deadlock. */
  private static final String WAIT_SHORTLY =
      "SELECT set_config('lock_timeout', least(500, setting::integer / 2) || 'ms', true)"
          + " FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'";

  /** Where the tables of a version are. */
  record Place(String schema, int version) {}

  private final Warehouse warehouse;
  private final String schema;

  private Versions(Warehouse warehouse) {
    this.warehouse = warehouse;
    this.schema = warehouse.servedSchema();
  }

  /** The versions of the tables of the warehouse's schema. */
  public static Versions of(Warehouse warehouse) {
    return new Versions(warehouse.withTargetVersion(null));
  }

  /** The schema that the tables of a version are in. */
  public static String schemaOf(String schema, int version) {
    return schema + "_v" + version;
  }

  /** All versions there are, in their order. */
  public List<TableVersion> list() {
    return inSession(
        "reading the versions", connection -> VersionList.read(connection, schema), ONCE);
  }

  /**
   * Lets a version serve.
   *
   * @param allowDropped whether readers may lose columns and tables, or get other types
   * @param audit what is known of the version, for the record
   * @param patience how long to try while others hold the views
   * @throws VersionException if it cannot; nothing was changed
   * @throws WarehouseException if others held the views all the time; nothing was changed
   */
  public Cutover cutOver(int version, boolean allowDropped, String audit, Duration patience) {
    return swap(
        patience,
        (connection, catalog) -> {
          if (!catalog.unversioned().isEmpty()) {
            throw new VersionException(
                "the tables of "
                    + schema
                    + " are in the schema itself, not in a version; make them its first one:"
                    + " --adopt");
          }
          Integer from = catalog.inService();
          checkThere(catalog, version);
          if (from != null && from == version) {
            throw new VersionException("version " + version + " of " + schema + " serves already");
          }
          new ServedViews(connection, schema)
              .show(version, allowDropped ? Loss.DROPPED : Loss.REFUSED);
          catalog.enter(version, audit);
          return new Cutover(from, version);
        });
  }

  /**
   * Lets the version serve again that did before. Columns and tables that it does not have stay for
   * readers, as nulls and empty, so that nothing stands in the way.
   *
   * @param patience how long to try while others hold the views
   * @throws VersionException if there is none
   * @throws WarehouseException if others held the views all the time; nothing was changed
   */
  public Cutover back(Duration patience) {
    return swap(
        patience,
        (connection, catalog) -> {
          Integer from = catalog.inService();
          Integer to = catalog.before();
          if (from == null || to == null || !catalog.versions().contains(to)) {
            throw new VersionException(
                "the tables of "
                    + schema
                    + " were in no other version before; --show lists those there are, and"
                    + " --to=VERSION lets one serve");
          }
          new ServedViews(connection, schema).show(to, Loss.EMPTY);
          catalog.enter(to, "back");
          return new Cutover(from, to);
        });
  }

  /**
   * Makes the tables that are in the schema itself its first version.
   *
   * @param contract of the tables, for their names and that of their source
   * @param force although others of Millrace's are connected; what writes to these tables fails at
   *     its next batch
   * @return the tables
   * @throws VersionException if there are none, or something stands in the way
   */
  public List<String> adopt(Contract contract, boolean force, Duration patience) {
    return swap(
        patience,
        (connection, catalog) -> new Adoption(connection, warehouse, contract).adopt(force));
  }

  /**
   * Drops a version and its tables.
   *
   * @param force although it served before the one that does
   * @throws VersionException if it serves, or something depends on it
   */
  public void drop(int version, boolean force, Duration patience) {
    swap(
        patience,
        (connection, catalog) -> {
          checkThere(catalog, version);
          new VersionRemoval(connection, catalog, schema).drop(version, force);
          return version;
        });
  }

  private void checkThere(VersionCatalog catalog, int version) throws SQLException {
    List<Integer> versions = catalog.versions();
    if (!versions.contains(version)) {
      throw new VersionException(
          "there is no version "
              + version
              + " of the tables of "
              + schema
              + "; "
              + (versions.isEmpty()
                  ? "a pipeline makes one: --targetVersion=1"
                  : "there are " + versions));
    }
  }

  /** Something done with versions in one transaction. */
  private interface Change<T> {
    T make(Connection connection, VersionCatalog catalog) throws SQLException;
  }

  private <T> T swap(Duration patience, Change<T> change) {
    try {
      return inSession(
          "changing the versions",
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute(WAIT_SHORTLY);
            }
            WarehouseTables.lock(connection);
            VersionCatalog catalog = new VersionCatalog(connection, schema);
            if (ExistingTable.find(connection, ControlTables.SCHEMA, "builds").isEmpty()) {
              throw new VersionException("the warehouse " + warehouse + " has no tables yet");
            }
            catalog.create();
            return change.make(connection, catalog);
          },
          FluentBackoff.DEFAULT
              .withInitialBackoff(Duration.millis(50))
              .withMaxBackoff(Duration.millis(500))
              .withMaxCumulativeBackoff(patience));
    } catch (WarehouseException e) {
      if (e.category() != Category.TRANSIENT) {
        throw e;
      }
      throw inUse(e);
    }
  }

  private WarehouseException inUse(WarehouseException cause) {
    List<String> holders =
        inSession("reading who is in the way", c -> LockHolders.of(c, schema), ONCE);
    return new WarehouseException(
        Category.TRANSIENT,
        holders.isEmpty()
            ? cause.getMessage() + "; nothing was changed"
            : "others hold the views and tables of "
                + schema
                + ", and nothing was changed: "
                + String.join("; ", holders)
                + "; wait until their transactions end, or end them: SELECT"
                + " pg_terminate_backend(PID)",
        cause);
  }

  private <T> T inSession(String doing, WarehouseSession.Work<T> work, FluentBackoff retries) {
    try (WarehouseSession session =
        new WarehouseSession(warehouse, PostgresDialect.INSTANCE, retries)) {
      return session.run(doing, work);
    }
  }
}
