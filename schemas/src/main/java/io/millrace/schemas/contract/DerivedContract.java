package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a contract says of a table that is computed: of what kind it is, and from which business
 * events or, a view, by which query. How each column comes about is its {@link Derivation}, or what
 * the query selects.
 */
@AutoValue
public abstract class DerivedContract implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The custom property that names the event (its {@code name}) a table is computed from. */
  public static final String FROM = "from";

  /** The custom property of a view that holds its query. */
  public static final String QUERY = "query";

  /** What a table is computed for, and by which pipeline. */
  public enum Kind {
    /** A row for each key and window: {@code summarize}. */
    SUMMARY,
    /** A row for each key, which follows its events: {@code evolve}. */
    ENTITY,
    /** A row for each alert: {@code detect}. */
    ALERTS,
    /** What a query selects of tables, which are those of the source: {@code denormalize}. */
    VIEW;

    /** As contracts write it. */
    public String property() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> of(String property) {
      return Arrays.stream(values()).filter(kind -> kind.property().equals(property)).findFirst();
    }
  }

  public abstract Kind kind();

  /** The event's name in the contract; empty for a view. */
  public abstract String from();

  /** The query of a view, in SQL; empty for what is computed of events. */
  public abstract String query();

  /** What is said of a table; empty of one that is not derived. */
  static Optional<DerivedContract> of(TableContract table) {
    return kind(table)
        .map(
            kind ->
                new AutoValue_DerivedContract(
                    kind,
                    table.customProperties().getOrDefault(FROM, ""),
                    table.customProperties().getOrDefault(QUERY, "")));
  }

  private static Optional<Kind> kind(TableContract table) {
    String property = table.customProperties().get(EventContract.KIND);
    return property == null ? Optional.empty() : Kind.of(property);
  }

  /** Whether a table may be of this kind. */
  static boolean isKind(String property) {
    return Kind.of(property).isPresent();
  }

  static String known() {
    return Arrays.stream(Kind.values()).map(Kind::property).collect(Collectors.joining(", "));
  }

  /** Adds what is wrong with the derived tables of a contract. */
  static void check(List<TableContract> tables, List<String> faults) {
    for (TableContract table : tables) {
      kind(table).ifPresent(kind -> check(table, kind, tables, faults));
    }
  }

  private static void check(
      TableContract table, Kind kind, List<TableContract> tables, List<String> faults) {
    String here = "table " + table.name() + ": ";
    if (kind == Kind.VIEW) {
      if (table.customProperties().getOrDefault(QUERY, "").isBlank()) {
        faults.add(
            here
                + "it is of kind view, and the custom property query is missing; it holds what the"
                + " view is: SELECT ... FROM ... JOIN ...");
      }
      return;
    }
    List<String> events =
        tables.stream()
            .filter(other -> EventContract.isEvent(other.customProperties()))
            .map(TableContract::name)
            .toList();
    String from = table.customProperties().get(FROM);
    if (from == null || !events.contains(from)) {
      faults.add(
          here
              + "it is of kind "
              + kind.property()
              + ", and the custom property from is "
              + (from == null ? "missing" : "'" + from + "'")
              + "; it names the event that the table is computed from: "
              + (events.isEmpty() ? "the contract has none" : String.join(", ", events)));
    }
    for (ColumnContract column : table.columns()) {
      String text = column.customProperties().get(Derivation.PROPERTY);
      if (text != null && Derivation.parse(text).isEmpty()) {
        faults.add(
            here
                + "column "
                + column.name()
                + " has the custom property value '"
                + text
                + "'; it is a function's name, and its arguments in parentheses: sum(amount)");
      }
    }
  }
}
