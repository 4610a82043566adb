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

  /** What a statement sets a column to. */
  record Cell(SourceColumn column, Object value) {
    String name() {
      return column.quoted();
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
  private Map<Integer, SourceColumn> current = Map.of();

  /**
   * @param made the names that the columns were made with, in their order
   */
  CurrentColumns(List<String> made) {
    this.made = made;
  }

  /** Takes over what the catalog says now. */
  void are(List<SourceColumn> columns) {
    Map<Integer, SourceColumn> byNumber = new HashMap<>();
    for (SourceColumn column : columns) {
      byNumber.put(column.number(), column);
      firstTypes.putIfAbsent(column.number(), column.type());
    }
    current = byNumber;
  }

  /** What a column of the shop's is called now, quoted. */
  String nameOf(String madeName) {
    return current.get(made.indexOf(madeName) + 1).quoted();
  }

  /** The cells of a key, or of others whose values must be just these. */
  List<Cell> exactly(NewValues values) {
    List<Cell> cells = new ArrayList<>();
    values
        .asMap()
        .forEach(
            (name, value) -> {
              SourceColumn column = current.get(made.indexOf(name) + 1);
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
      SourceColumn column = cell.column();
      boolean retyped = !column.type().equals(firstTypes.get(column.number()));
      cells.add(
          retyped && random.chance(USE_NEW_TYPE)
              ? new Cell(column, TypedValues.of(column.type(), random).orElse(cell.value()))
              : cell);
    }
    current.values().stream()
        .filter(column -> column.number() > made.size() && !column.isNumbered())
        .forEach(
            column ->
                TypedValues.of(column.type(), random)
                    .ifPresent(value -> cells.add(new Cell(column, value))));
    return cells;
  }
}
