package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.RowFinding.What;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The outcome of a comparison as text, for people. */
final class AuditReport {
  private static final int LONGEST_VALUE = 60;
  private static final String MASKED = "(personal data)";

  private final AuditResult result;
  private final boolean showsPersonalData;
  private final PrintStream out;

  AuditReport(AuditResult result, boolean showsPersonalData, PrintStream out) {
    this.result = result;
    this.showsPersonalData = showsPersonalData;
    this.out = out;
  }

  void print() {
    out.printf("%s: %s%n", result.first().name(), result.first().place());
    out.printf("%s: %s%n", result.second().name(), result.second().place());
    int width =
        Math.max(
            5, result.tables().stream().mapToInt(table -> table.table().length()).max().orElse(5));
    String format = "%-" + width + "s  %15s  %15s  %11s  %11s  %11s  %s%n";
    out.printf(
        format,
        "table",
        result.first().name(),
        result.second().name(),
        "missing",
        "surplus",
        "changed",
        "");
    for (TableFindings table : result.tables()) {
      out.printf(
          format,
          table.table(),
          number(table.firstRows()),
          number(table.secondRows()),
          count(table, What.MISSING),
          count(table, What.SURPLUS),
          count(table, What.CHANGED),
          table.isEqual() ? "equal" : "DIFFERENT");
      lines(table).forEach(line -> out.println("    " + line));
    }
    result.leftOut().forEach((table, why) -> out.println(table + " is left out: " + why));
  }

  private static String count(TableFindings table, What what) {
    return (table.isLeast() && table.count(what) > 0 ? "≥ " : "") + number(table.count(what));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private List<String> lines(TableFindings table) {
    List<String> lines = new ArrayList<>();
    if (table.obstacle() != null) {
      lines.add(table.obstacle());
    }
    if (table.isLeast()) {
      lines.add("there are more differences than --maxSuspects lets it look at");
    }
    table
        .columns()
        .forEach(
            (column, kinds) ->
                lines.add(
                    column
                        + ": "
                        + kinds.entrySet().stream()
                            .map(kind -> number(kind.getValue()) + " " + kind.getKey())
                            .collect(Collectors.joining(", "))));
    if (table.count(What.RESTLESS) > 0) {
      lines.add(
          number(table.count(What.RESTLESS))
              + " rows changed all the while, and were never seen to be the same");
    }
    table.examples().forEach(finding -> lines.add(line(table, finding)));
    if (!table.notes().isEmpty()) {
      lines.add("not compared: " + String.join("; ", table.notes()));
    }
    return lines;
  }

  private String line(TableFindings table, RowFinding finding) {
    List<String> key = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      ComparedColumn column = table.key().get(i).column();
      key.add(
          column.name() + " " + shown(column.contract().personal(), finding.key().values().get(i)));
    }
    String row = String.join(", ", key);
    return switch (finding.what()) {
      case MISSING -> row + " is missing in " + result.second().called();
      case SURPLUS -> row + " is not in " + result.first().called();
      case RESTLESS -> row + " changed all the while";
      case CHANGED ->
          row
              + ": "
              + finding.columns().stream().map(this::change).collect(Collectors.joining("; "));
    };
  }

  private String change(ColumnDifference column) {
    return column.column()
        + " is "
        + shown(column.isPersonal(), column.first())
        + " in "
        + result.first().called()
        + " and "
        + shown(column.isPersonal(), column.second())
        + " in "
        + result.second().called()
        + " ("
        + column.difference()
        + ")";
  }

  /** A value on one line, cut where it is long. */
  private String shown(boolean isPersonal, @Nullable String value) {
    if (value == null) {
      return "null";
    }
    if (isPersonal && !showsPersonalData) {
      return MASKED;
    }
    String line = value.replaceAll("\\p{Cntrl}", "\uFFFD");
    return line.codePointCount(0, line.length()) <= LONGEST_VALUE
        ? "'" + line + "'"
        : "'"
            + line.substring(0, line.offsetByCodePoints(0, LONGEST_VALUE))
            + "…' ("
            + number(line.codePointCount(0, line.length()))
            + " characters)";
  }
}
