package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.warehouse.Versions;
import java.sql.SQLException;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** {@code diff} on the command line. */
public final class DiffCommand implements Command<DiffOptions> {
  @Override
  public String name() {
    return "diff";
  }

  @Override
  public String summary() {
    return "show what two versions of the warehouse's tables do not have in common";
  }

  @Override
  public String description() {
    return "Compares the tables of two schemas of one warehouse as audit compares two sides: rows"
        + " and columns that only one of them has, and columns of other values, by what these look"
        + " like, with examples. Both may be written to meanwhile. Exits with 1 if rows differ.";
  }

  @Override
  public Class<DiffOptions> options() {
    return DiffOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "diff --version=1 --against=2 --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "diff --warehouseSchema=public --againstSchema=trial --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD");
  }

  @Override
  public void run(DiffOptions options, Session session) throws SQLException, InterruptedException {
    WarehouseAccess.check(options);
    if ((options.getAgainst() == null) == (options.getAgainstSchema() == null)) {
      throw LaunchException.input(
          "diff needs either --against=VERSION or --againstSchema=NAME, to compare with");
    }
    String base = options.getWarehouseSchema();
    String one = schema(base, options.getVersion());
    String other =
        options.getAgainstSchema() == null
            ? schema(base, options.getAgainst())
            : options.getAgainstSchema();
    if (one.equals(other)) {
      throw LaunchException.input(
          "diff compares two schemas, got " + one + " twice; give another --against");
    }
    List<TableContract> tables = Comparison.tables(options);
    int seconds = options.getStatementSeconds();
    try (Side first = Sides.warehouse(one, one, options, seconds);
        Side second = Sides.warehouse(other, other, options, seconds)) {
      Comparison.run(first, second, tables, options, options.getProgressSeconds(), session);
    }
  }

  private static String schema(String base, @Nullable Integer version) {
    return version == null ? base : Versions.schemaOf(base, version);
  }
}
