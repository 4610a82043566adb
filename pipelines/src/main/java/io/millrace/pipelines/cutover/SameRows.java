package io.millrace.pipelines.cutover;

import io.millrace.pipelines.audit.VersionComparison;
import io.millrace.pipelines.launch.Session;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.warehouse.TableVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Both versions have the same rows, as the contract has them. */
record SameRows(Contract contract, CutoverOptions options, Session session)
    implements VersionCheck {
  @Override
  public String name() {
    return "rows";
  }

  @Override
  public List<String> faults(Connection connection, TableVersion serving, TableVersion next)
      throws SQLException, InterruptedException {
    List<TableContract> tables =
        contract.tables().stream()
            .filter(table -> serving.tables().contains(table.name()))
            .filter(table -> next.tables().contains(table.name()))
            .toList();
    List<String> different =
        VersionComparison.differences(
            serving.schema(),
            next.schema(),
            tables,
            Duration.ofSeconds(options.getMaxLagSeconds()),
            options,
            options.getProgressSeconds(),
            session);
    return different.stream().map(table -> "table " + table + ": other rows, see above").toList();
  }
}
