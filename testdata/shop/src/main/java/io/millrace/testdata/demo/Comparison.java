package io.millrace.testdata.demo;

import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.shop.Shop;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Compares every row of every table, the source's columns with those that they are downstream. */
final class Comparison {

  /** An audit of each table. */
  static List<TableAudit> of(Services services, ColumnChanges changes)
      throws SQLException, IOException {
    List<TableAudit> audits = new ArrayList<>();
    for (Shop.Table table : Shop.TABLES) {
      String name = table.name();
      List<String> key =
          table.key().stream().map(column -> changes.sourceName(name, column)).toList();
      List<String> names = changes.sourceNames(name);
      try (TableRows expected = new TableRows(services.source(), name, key, names);
          TableRows found =
              new TableRows(
                  services.warehouse(),
                  name + "_live",
                  table.key(),
                  changes.warehouseNames(name))) {
        audits.add(TableAudit.compare(name, names, expected, found));
      }
    }
    return audits;
  }

  private Comparison() {}
}
