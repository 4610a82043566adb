package io.millrace.testdata.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.testdata.ServiceException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the rows of two places compare, as Millrace's own {@code audit} or {@code diff} has found.
 *
 * @param isEqual whether all rows of all tables are the same
 * @param lines what the command printed
 */
record RowAudit(boolean isEqual, List<Table> tables, List<String> lines) {
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * A table.
   *
   * @param rows in the place that is right
   * @param notCompared columns that were left out, and why
   */
  record Table(String name, long rows, boolean isEqual, List<String> notCompared) {}

  /**
   * Compares the source with a schema of the warehouse.
   *
   * @param tables by their names in the contract
   * @param lag how long the warehouse may take to follow; zero if nothing is written
   * @throws ServiceException if they cannot be compared
   */
  static RowAudit ofSource(
      Program program, Path contract, List<String> tables, String schema, Duration lag) {
    List<String> options = new ArrayList<>(program.sourceAccess());
    options.add("--warehouseSchema=" + schema);
    return run(program, "audit", contract, tables, lag, options);
  }

  /** Compares two versions of the warehouse's tables, like {@link #ofSource}. */
  static RowAudit ofVersions(
      Program program, Path contract, List<String> tables, int version, int against, Duration lag) {
    List<String> options = List.of("--version=" + version, "--against=" + against);
    return run(program, "diff", contract, tables, lag, options);
  }

  private static RowAudit run(
      Program program,
      String command,
      Path contract,
      List<String> tables,
      Duration lag,
      List<String> more) {
    Path json = program.directory().resolve(command + ".json");
    List<String> options = new ArrayList<>(more);
    options.addAll(program.warehouseAccess());
    options.add("--contract=" + contract);
    options.add("--tables=" + String.join(",", tables));
    options.add("--lagSeconds=" + lag.toSeconds());
    options.add("--json=" + json);
    try {
      Files.deleteIfExists(json);
      Program.Result result = program.run(LIMIT, command, options);
      if (result.exitCode() > 1 || !Files.exists(json)) {
        throw new ServiceException(
            "millrace %s ended with exit code %d: %s"
                .formatted(command, result.exitCode(), String.join("; ", result.errors())));
      }
      RowAudit audit = read(JSON.readTree(Files.readString(json)), result);
      if (!audit.names().equals(Set.copyOf(tables))) {
        throw new ServiceException(
            "millrace %s was to compare %s, and compared %s"
                .formatted(command, tables, audit.names()));
      }
      return audit;
    } catch (IOException e) {
      throw new UncheckedIOException("the report of millrace " + command + " cannot be read", e);
    }
  }

  private static RowAudit read(JsonNode report, Program.Result result) {
    List<Table> tables = new ArrayList<>();
    for (JsonNode table : report.path("tables")) {
      List<String> notCompared = new ArrayList<>();
      table.path("notCompared").forEach(note -> notCompared.add(note.asText()));
      tables.add(
          new Table(
              table.path("table").asText(),
              table.path("firstRows").asLong(),
              table.path("equal").asBoolean(),
              notCompared));
    }
    boolean equal = result.exitCode() == 0 && report.path("equal").asBoolean();
    return new RowAudit(equal, tables, result.output());
  }

  private Set<String> names() {
    return tables.stream().map(Table::name).collect(Collectors.toSet());
  }

  /** The names of the tables, for people. */
  String tableNames() {
    return tables.stream().map(Table::name).collect(Collectors.joining(", "));
  }

  /** The rows of all tables, in the place that is right. */
  long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }

  /** Prints a line for each table; all that the command found if they are not equal. */
  void print(PrintStream out) {
    if (!isEqual) {
      lines.forEach(line -> out.println("  " + line));
    }
    for (Table table : tables) {
      out.printf(
          "  %-18s %,9d rows  %s%n",
          table.name(), table.rows(), table.isEqual() ? "equal" : "DIFFERENT");
      table.notCompared().forEach(note -> out.println("      not compared: " + note));
    }
    out.printf(
        isEqual
            ? "All %d tables are equal: %,d rows.%n"
            : "NOT all of %d tables with %,d rows are equal.%n",
        tables.size(),
        rows());
  }
}
