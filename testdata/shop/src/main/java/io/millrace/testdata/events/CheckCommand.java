package io.millrace.testdata.events;

import io.millrace.testdata.Database;
import io.millrace.testdata.Secret;
import io.millrace.testdata.audit.AuditReport;
import io.millrace.testdata.audit.RowSource;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code check}: compares a warehouse with the answer of a generated file. */
@Command(
    name = "check",
    description = {
      "Compares the live rows in a warehouse with the answer that 'generate' wrote: every row,"
          + " every column.",
      "Exit code 0 if all are equal, 1 if not."
    })
public final class CheckCommand implements Callable<Integer> {

  @Option(
      names = "--answer",
      paramLabel = "FILE",
      required = true,
      description = "the right rows, as 'generate' wrote them")
  private Path answer;

  @Option(
      names = "--warehouseUrl",
      paramLabel = "URL",
      required = true,
      description = "the warehouse: jdbc:postgresql://host:port/database")
  private String warehouseUrl;

  @Option(
      names = "--warehouseUser",
      paramLabel = "NAME",
      defaultValue = "postgres",
      description = "who asks (default: ${DEFAULT-VALUE})")
  private String warehouseUser;

  @Option(
      names = "--warehousePassword",
      paramLabel = "REFERENCE",
      description = "where the password is: file:PATH or env:VARIABLE")
  private String warehousePassword;

  @Option(
      names = "--warehouseSchema",
      paramLabel = "NAME",
      defaultValue = "public",
      description = "where the tables are (default: ${DEFAULT-VALUE})")
  private String warehouseSchema;

  @Option(
      names = "--suffix",
      paramLabel = "TEXT",
      defaultValue = "_live",
      description = "what follows a table's name in the name of what to read (default: _live)")
  private String suffix;

  @Override
  public Integer call() throws IOException, SQLException {
    Database warehouse =
        new Database(warehouseUrl, warehouseUser, Secret.resolve(warehousePassword));
    List<TableAudit> audits = new ArrayList<>();
    for (AnswerFile.Header header : AnswerFile.headers(answer)) {
      String view = warehouseSchema + "." + header.table() + suffix;
      try (RowSource expected = AnswerFile.rows(answer, header);
          RowSource found = new TableRows(warehouse, view, header.key(), header.columns())) {
        audits.add(TableAudit.compare(header.table(), header.columns(), expected, found));
      }
    }
    return AuditReport.print(System.out, audits) ? 0 : 1;
  }
}
