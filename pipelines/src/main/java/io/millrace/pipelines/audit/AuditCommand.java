package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.schemas.contract.TableContract;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code audit} on the command line. */
public final class AuditCommand implements Command<AuditOptions> {
  @Override
  public String name() {
    return "audit";
  }

  @Override
  public String summary() {
    return "compare all rows of two places, and show what is not the same";
  }

  @Override
  public String description() {
    return "Compares the source's tables with the warehouse's, or either with a lake, row by row: the"
        + " databases compute checksums of ranges of keys, and only where these differ rows are"
        + " fetched. Both sides may be written to meanwhile. Tells missing, surplus and changed rows,"
        + " and what the changes look like; exits with 1 if there are any. It only reads, with one"
        + " statement at a time on each side.";
  }

  @Override
  public Class<AuditOptions> options() {
    return AuditOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "audit --contract=shop.odcs.yaml --databaseUrl=jdbc:postgresql://localhost:5432/shop"
            + " --databaseUser=postgres --databasePassword=env:SHOP_PASSWORD"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "audit --contract=shop.odcs.yaml --tables=orders,items --json=audit.json"
            + " --databaseUrl=jdbc:postgresql://localhost:5432/shop"
            + " --databaseUser=postgres --databasePassword=env:SHOP_PASSWORD"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD");
  }

  @Override
  public void run(AuditOptions options, Session session) throws SQLException, InterruptedException {
    List<TableContract> tables = Comparison.tables(options);
    List<Supplier<Side>> given = new ArrayList<>();
    int seconds = options.getStatementSeconds();
    if (options.getDatabaseUrl() != null) {
      given.add(() -> Sides.source(options, seconds));
    }
    if (options.getLake() != null) {
      given.add(() -> Sides.lake(options.getLake()));
    }
    if (options.getWarehouseUrl() != null) {
      given.add(() -> Sides.warehouse("warehouse", options.getWarehouseSchema(), options, seconds));
    }
    if (given.size() != 2) {
      throw LaunchException.input(
          "audit compares two sides, got "
              + given.size()
              + "; give two of --databaseUrl=JDBC_URL (the source), --lake=DIR and"
              + " --warehouseUrl=JDBC_URL");
    }
    try (Side first = given.get(0).get();
        Side second = given.get(1).get()) {
      Comparison.run(first, second, tables, options, options.getProgressSeconds(), session);
    }
  }
}
