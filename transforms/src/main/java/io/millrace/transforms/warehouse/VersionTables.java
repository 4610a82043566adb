package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.Contract;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the tables of a run, which are being prepared, have to do with versions. */
final class VersionTables {
  private static final Logger LOG = LoggerFactory.getLogger(VersionTables.class);

  private final Connection connection;
  private final Warehouse warehouse;
  private final VersionCatalog catalog;

  VersionTables(Connection connection, Warehouse warehouse) {
    this.connection = connection;
    this.warehouse = warehouse;
    this.catalog = new VersionCatalog(connection, warehouse.servedSchema());
  }

  /**
   * Makes sure that nothing is written past the versions that there are.
   *
   * @throws TableMisfitException if tables would be
   */
  void check() throws SQLException {
    if (warehouse.targetVersion() != null || !catalog.isKept()) {
      return;
    }
    Integer inService = catalog.inService();
    if (inService != null) {
      throw new TableMisfitException(
          List.of(
              "the schema "
                  + warehouse.servedSchema()
                  + " has views of version "
                  + inService
                  + " of its tables, which is in service; choose the version to write to:"
                  + " --targetVersion="
                  + inService
                  + ", or another for a new one"));
    }
    Versions.Place place = catalog.placeOf(warehouse.servedSchema());
    if (place != null) {
      throw new TableMisfitException(
          List.of(
              "the schema "
                  + warehouse.servedSchema()
                  + " holds version "
                  + place.version()
                  + " of the tables of "
                  + place.schema()
                  + "; choose --warehouseSchema="
                  + place.schema()
                  + " --targetVersion="
                  + place.version()));
    }
  }

  /** Notes the version and its tables; if it serves, or nothing else does, views show them. */
  void note(Contract contract, List<TargetTable> targets) throws SQLException {
    int version = warehouse.targetVersion();
    catalog.create();
    catalog.note(version, contract.id() + " " + contract.version());
    List<VersionedTable> tables =
        targets.stream().map(target -> VersionedTable.of(target, warehouse.history())).toList();
    for (VersionedTable table : tables) {
      catalog.know(version, table);
    }
    if (catalog.inService() == null && catalog.unversioned().isEmpty()) {
      catalog.enter(version, "the first version");
      LOG.info("version {} of {} is in service", version, warehouse.servedSchema());
    }
    Integer inService = catalog.inService();
    if (inService != null && inService == version) {
      new ServedViews(connection, warehouse.servedSchema()).complete(version, tables);
    }
  }
}
