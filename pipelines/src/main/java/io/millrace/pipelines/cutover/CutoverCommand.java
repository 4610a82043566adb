package io.millrace.pipelines.cutover;

import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.warehouse.Cutover;
import io.millrace.transforms.warehouse.TableVersion;
import io.millrace.transforms.warehouse.Versions;
import io.millrace.transforms.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joda.time.Duration;

/** {@code cutover} on the command line. */
public final class CutoverCommand implements Command<CutoverOptions> {
  @Override
  public String name() {
    return "cutover";
  }

  @Override
  public String summary() {
    return "let another version of the tables serve, and go back";
  }

  @Override
  public String description() {
    return "Pipelines write versions of their tables with --targetVersion=N; the views in the schema"
        + " itself show one of them. This compares a version with the one that serves, and swaps"
        + " all views in one transaction: who reads sees one version or the other, and keeps rights"
        + " and views. Nothing is swapped if readers would lose a column, or if the versions"
        + " differ.";
  }

  @Override
  public Class<CutoverOptions> options() {
    return CutoverOptions.class;
  }

  @Override
  public List<String> examples() {
    String warehouse =
        " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse --warehouseUser=millrace"
            + " --warehousePassword=env:WAREHOUSE_PASSWORD";
    return List.of(
        "cutover --to=2" + warehouse,
        "cutover --back" + warehouse,
        "cutover --show" + warehouse,
        "cutover --adopt --contract=shop.odcs.yaml" + warehouse);
  }

  @Override
  public void run(CutoverOptions options, Session session)
      throws SQLException, InterruptedException {
    WarehouseAccess.check(options);
    checkOneAction(options);
    Warehouse warehouse = WarehouseAccess.of(options).withSchema(options.getWarehouseSchema());
    Versions versions = Versions.of(warehouse);
    Duration patience = Duration.standardSeconds(options.getWaitSeconds());
    if (options.getShow()) {
      VersionReport.print(versions.list(), options.getWarehouseSchema(), session.out());
    } else if (options.getTo() != null) {
      String audit = audit(options, warehouse, versions.list(), session);
      tell(
          versions.cutOver(options.getTo(), options.getAllowDropped(), audit, patience),
          options,
          session);
    } else if (options.getBack()) {
      tell(versions.back(patience), options, session);
    } else if (options.getAdopt()) {
      List<String> adopted = versions.adopt(contract(options), options.getForce(), patience);
      session
          .out()
          .println(
              "version 1 of "
                  + options.getWarehouseSchema()
                  + " serves: "
                  + String.join(", ", adopted)
                  + "; give pipelines that write to it --targetVersion=1");
    } else if (options.getDrop() != null) {
      versions.drop(options.getDrop(), options.getForce(), patience);
      session.out().println("version " + options.getDrop() + " is dropped");
    }
  }

  private static void checkOneAction(CutoverOptions options) {
    long actions =
        Stream.of(
                options.getTo() != null,
                options.getBack(),
                options.getShow(),
                options.getAdopt(),
                options.getDrop() != null)
            .filter(given -> given)
            .count();
    if (actions != 1) {
      throw LaunchException.input(
          "cutover does one thing at a time; give one of --to=N, --back, --show, --adopt and"
              + " --drop=N");
    }
    if (options.getAdopt() && options.getContract() == null) {
      throw LaunchException.input(
          "--adopt also needs --contract=FILE, which names what belongs to the tables, and their"
              + " source");
    }
  }

  private static Contract contract(CutoverOptions options) {
    return InputFiles.contract("contract", options.getContract());
  }

  private static void tell(Cutover cutover, CutoverOptions options, Session session) {
    session
        .out()
        .println(
            "version "
                + cutover.to()
                + " of "
                + options.getWarehouseSchema()
                + " serves"
                + (cutover.from() == null ? "" : ", in place of version " + cutover.from()));
  }

  /** Compares the version with the one that serves; answers what was found, for the record. */
  private static String audit(
      CutoverOptions options, Warehouse warehouse, List<TableVersion> versions, Session session)
      throws SQLException, InterruptedException {
    Optional<TableVersion> serving =
        versions.stream().filter(TableVersion::isInService).findFirst();
    Optional<TableVersion> next =
        versions.stream().filter(version -> version.version() == options.getTo()).findFirst();
    next.ifPresent(version -> checkTables(options, version));
    if (options.getSkipAudit()) {
      session.warn("the versions were not compared; readers see whatever is in the new one");
      return "skipped";
    }
    if (serving.isEmpty() || next.isEmpty() || next.get().isInService()) {
      return "nothing to compare with";
    }
    List<VersionCheck> checks = new ArrayList<>();
    var maxLag = java.time.Duration.ofSeconds(options.getMaxLagSeconds());
    checks.add(new CaughtUp(maxLag));
    checks.add(new RowCounts(warehouse, maxLag));
    if (options.getContract() != null) {
      checks.add(new SameRows(contract(options), options, session));
    }
    List<String> faults = new ArrayList<>();
    try (Connection connection = warehouse.connect()) {
      for (VersionCheck check : checks) {
        if (faults.isEmpty()) {
          faults.addAll(check.faults(connection, serving.get(), next.get()));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw LaunchException.input(
          "version "
              + options.getTo()
              + " is not as version "
              + serving.get().version()
              + ", and nothing was swapped:\n  - "
              + String.join("\n  - ", faults)
              + "\nLet it serve all the same with --skipAudit");
    }
    return checks.stream().map(VersionCheck::name).collect(Collectors.joining(", ")) + ": equal";
  }

  private static void checkTables(CutoverOptions options, TableVersion version) {
    if (options.getContract() == null) {
      return;
    }
    List<String> missing =
        contract(options).tables().stream()
            .filter(table -> table.event().isEmpty())
            .map(TableContract::name)
            .filter(table -> !version.tables().contains(table))
            .toList();
    if (!missing.isEmpty()) {
      throw LaunchException.input(
          "version "
              + version.version()
              + " has no table "
              + String.join(", ", missing)
              + " of "
              + options.getContract()
              + "; run the pipelines that write them with --targetVersion="
              + version.version());
    }
  }
}
