package io.millrace.testdata.shop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a table as they are called and typed now. The shop knows them by the names that it
 * made them with; what somebody renames or retypes keeps its number, what he adds has one behind
 * all of the shop's.
 */
final class CurrentColumns {
  private static final double USE_NEW_TYPE = 0.25;

  /**
   * A column of PostgreSQL's catalog.
   *
   * @param type as SQL spells it, with length and precision
   */
  record Column(int number, String name, String type) {}

  /** What a statement sets a column to. */
  record Cell(Column column, Object value) {
    String name() {
      return quoted(column);
    }

    /** Where the value goes: cast, since a column may have any type by now. */
    String placeholder() {
      return "?::" + column.type();
    }

    String assignment() {
      return name() + " = " + placeholder();
    }
  }

  private final List<String> made;
  private final Map<Integer, String> firstTypes = new HashMap<>();
  private Map<Integer, Column> current = Map.of();

  /**
   * @param made the names that the columns were made with, in their order
   */
  CurrentColumns(List<String> made) {
    this.made = made;
  }

  /** Takes over what the catalog says now. */
  void are(List<Column> columns) {
    Map<Integer, Column> byNumber = new HashMap<>();
    for (Column column : columns) {
      byNumber.put(column.number(), column);
      firstTypes.putIfAbsent(column.number(), column.type());
    }
    current = byNumber;
  }

  /** What a column of the shop's is called now, quoted. */
  String nameOf(String madeName) {
    return quoted(current.get(made.indexOf(madeName) + 1));
  }

  private static String quoted(Column column) {
    return '"' + column.name().replace("\"", "\"\"") + '"';
  }

  /** The cells of a key, or of others whose values must be just these. */
  List<Cell> exactly(NewValues values) {
    List<Cell> cells = new ArrayList<>();
    values
        .asMap()
        .forEach(
            (name, value) -> {
              Column column = current.get(made.indexOf(name) + 1);
              if (column != null) {
                cells.add(new Cell(column, value));
              }
            });
    return cells;
  }

  /**
   * The cells of some of the shop's columns, and of all that were added. A column whose type has
   * become another takes, now and then, a value that only the new one may hold.
   */
  List<Cell> changed(NewValues values, Values random) {
    List<Cell> cells = new ArrayList<>();
    for (Cell cell : exactly(values)) {
      Column column = cell.column();
      boolean retyped = !column.type().equals(firstTypes.get(column.number()));
      cells.add(
          retyped && random.chance(USE_NEW_TYPE)
              ? new Cell(column, TypedValues.of(column.type(), random).orElse(cell.value()))
              : cell);
    }
    current.values().stream()
        .filter(column -> column.number() > made.size())
        .forEach(
            column ->
                TypedValues.of(column.type(), random)
                    .ifPresent(value -> cells.add(new Cell(column, value))));
    return cells;
  }
}
