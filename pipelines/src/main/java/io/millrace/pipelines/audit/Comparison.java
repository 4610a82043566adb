package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the commands that compare have in common: from options to report and exit code. */
final class Comparison {
  private static final String STANDARD_OUTPUT = "-";

  /**
   * The tables that the options ask for.
   *
   * @throws LaunchException if the contract has no such table
   */
  static List<TableContract> tables(ComparisonOptions options) {
    Contract contract = InputFiles.contract("contract", options.getContract());
    List<String> wanted =
        options.getTables() == null
            ? List.of()
            : Arrays.stream(options.getTables().split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    List<String> known = contract.tables().stream().map(TableContract::name).toList();
    List<String> unknown = wanted.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw LaunchException.input(
          "--tables: the contract has no "
              + String.join(", ", unknown)
              + "; it has "
              + String.join(", ", known));
    }
    List<TableContract> tables =
        contract.tables().stream()
            .filter(table -> wanted.isEmpty() || wanted.contains(table.name()))
            .toList();
    return contract
        .withTables(tables)
        .withTableAffixes(
            Objects.requireNonNullElse(options.getTablePrefix(), ""),
            Objects.requireNonNullElse(options.getTableSuffix(), ""))
        .tables();
  }

  /**
   * Compares two sides, and reports.
   *
   * @throws LaunchException if they are not the same
   */
  static void run(
      Side first,
      Side second,
      List<TableContract> tables,
      ComparisonOptions options,
      int progressSeconds,
      Session session)
      throws InterruptedException {
    Map<String, String> leftOut = new LinkedHashMap<>();
    List<TableContract> compared = new ArrayList<>();
    for (TableContract table : tables) {
      Optional<String> why = first.leavesOut(table).or(() -> second.leavesOut(table));
      why.ifPresentOrElse(reason -> leftOut.put(table.name(), reason), () -> compared.add(table));
    }
    if (compared.isEmpty()) {
      throw LaunchException.input(
          "there is no table to compare"
              + (leftOut.isEmpty() ? "; the contract has none" : ": " + leftOut));
    }
    Limits limits =
        new Limits(
            ScanSizes.USUAL,
            Duration.ofSeconds(options.getLagSeconds()),
            options.getMaxSuspects(),
            options.getMaxRowsPerSecond(),
            options.getExamples());
    AuditProgress progress = new AuditProgress(session.err(), Timing.SYSTEM, progressSeconds);
    AuditResult result =
        new AuditResult(
            first,
            second,
            new Audit(first, second, limits, Timing.SYSTEM, progress).run(compared),
            leftOut);
    report(result, options, session);
    if (!result.isEqual()) {
      throw LaunchException.fault(
          String.format(
              "%d of %d tables are not the same in %s and %s",
              result.different(), compared.size(), first.called(), second.called()));
    }
  }

  private static void report(AuditResult result, ComparisonOptions options, Session session) {
    String json = options.getJson();
    if (!STANDARD_OUTPUT.equals(json)) {
      new AuditReport(result, options.getShowPersonalData(), session.out()).print();
    }
    if (json != null) {
      String text = new AuditJson(result, options.getShowPersonalData()).text();
      if (json.equals(STANDARD_OUTPUT)) {
        session.out().print(text);
      } else {
        write(text, json);
      }
    }
  }

  private static void write(String text, String file) {
    try {
      Files.writeString(Path.of(file), text);
    } catch (IOException e) {
      throw LaunchException.input("--json: " + file + " cannot be written: " + e, e);
    }
  }

  private Comparison() {}
}
