package io.millrace.pipelines.event;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Derivation;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.EventRows;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.Attribute;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/** What the columns of a table are made of that is computed from events. */
public final class DerivedColumns {
  private static final List<String> FUNCTIONS =
      List.of(
          "count",
          "sum",
          "mean",
          "deviation",
          "min",
          "max",
          "first",
          "last",
          "distinct",
          "approximate_distinct",
          "quantile",
          "top");

  private final TableContract table;
  private final TableContract event;

  private DerivedColumns(TableContract table, TableContract event) {
    this.table = table;
    this.event = event;
  }

  /** The columns of a derived table of this contract. */
  public static DerivedColumns of(TableContract table, Contract contract) {
    String from = table.derived().orElseThrow().from();
    return new DerivedColumns(
        table,
        contract.events().stream()
            .filter(event -> event.name().equals(from))
            .findFirst()
            .orElseThrow());
  }

  public TableContract table() {
    return table;
  }

  /** The event they are computed from. */
  public TableContract event() {
    return event;
  }

  /** Decodes of an event what the columns need. */
  public EventRows rows() {
    Set<String> names = new LinkedHashSet<>();
    for (ColumnContract column : table.columns()) {
      if (!Derivation.of(column).arguments().isEmpty()) {
        names.add(source(column).name());
      }
    }
    return EventRows.of(event, names.toArray(String[]::new));
  }

  /**
   * The event's column that a column is made of, which it names as the source or the contract does.
   *
   * @throws LaunchException if there is none
   */
  public ColumnContract source(ColumnContract column) {
    String name = Derivation.of(column).arguments().get(0);
    return event.columns().stream()
        .filter(known -> known.name().equals(name) || known.physicalName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                fault(
                    column,
                    "names "
                        + name
                        + ", which is no column of the event "
                        + event.name()
                        + "; it has "
                        + event.columns().stream()
                            .map(ColumnContract::name)
                            .collect(Collectors.joining(", "))));
  }

  /** How a column that cannot be made of the event is told. */
  public LaunchException fault(ColumnContract column, String problem) {
    return LaunchException.input(
        "table "
            + table.name()
            + ": the value of column "
            + column.name()
            + ", "
            + Derivation.of(column)
            + ", "
            + problem);
  }

  /**
   * A custom property of the table, for an error.
   *
   * @param property its name
   */
  public String where(String property) {
    return "table " + table.name() + ": the custom property " + property;
  }

  /**
   * A duration that is a custom property of the table.
   *
   * @param otherwise what it is if the contract does not say
   * @throws LaunchException if it is no duration
   */
  public Duration duration(String property, Duration otherwise) {
    String text = table.customProperties().get(property);
    return text == null ? otherwise : Durations.parse(text, where(property));
  }

  /**
   * The aggregate that a column asks for, named as the column's {@code physicalName}.
   *
   * @param schema of the rows that {@link #rows} decodes
   * @throws LaunchException if there is no such
   */
  public Aggregate<Row> aggregate(ColumnContract column, Schema schema) {
    String name = column.physicalName();
    Derivation derivation = Derivation.of(column);
    List<String> arguments = derivation.arguments();
    if (derivation.function().equals("count") && arguments.isEmpty()) {
      return Aggregate.count(name);
    }
    if (!FUNCTIONS.contains(derivation.function())) {
      throw fault(column, "is no function that is known: " + String.join(", ", FUNCTIONS));
    }
    if (arguments.isEmpty()) {
      throw fault(column, "names no column of the event: " + derivation.function() + "(amount)");
    }
    Attribute<Row> attribute = EventAttributes.of(schema, source(column).name());
    try {
      return switch (derivation.function()) {
        case "count" -> Aggregate.count(name, attribute);
        case "sum" -> Aggregate.sum(name, attribute);
        case "mean" -> Aggregate.mean(name, attribute);
        case "deviation" -> Aggregate.deviation(name, attribute);
        case "min" -> Aggregate.min(name, attribute);
        case "max" -> Aggregate.max(name, attribute);
        case "first" -> Aggregate.first(name, attribute);
        case "last" -> Aggregate.last(name, attribute);
        case "distinct" -> Aggregate.distinct(name, attribute);
        case "approximate_distinct" -> Aggregate.approximateDistinct(name, attribute);
        case "quantile" ->
            Aggregate.quantile(name, attribute, second(column, arguments).doubleValue());
        case "top" ->
            EventAttributes.top(name, attribute, second(column, arguments).intValueExact());
        default -> throw new IllegalStateException(derivation + " is one of FUNCTIONS");
      };
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw LaunchException.input(fault(column, "does not do: " + e.getMessage()).getMessage(), e);
    }
  }

  private BigDecimal second(ColumnContract column, List<String> arguments) {
    try {
      if (arguments.size() == 2) {
        return new BigDecimal(arguments.get(1));
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw fault(
        column, "needs a number as its second argument: quantile(amount, 0.95), top(product, 10)");
  }
}
