package io.millrace.pipelines.summarize;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Derivation;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.EventRows;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.AggregateByWindow;
import io.millrace.transforms.window.Attribute;
import io.millrace.transforms.window.LatePolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/** A table of the contract that sums up events, as it says: from which, in which windows, what. */
final class Summary {
  /** The custom property that tells the windows. */
  static final String WINDOWS = "windows";

  static final String ALLOWED_LATENESS = "allowedLateness";
  static final String EARLY_FIRINGS = "earlyFirings";
  static final String LATE_FIRINGS = "lateFirings";

  /** What a result says of itself; columns take it under their own names. */
  private static final Set<String> OF_THE_WINDOW =
      Set.of("window_start", "window_end", "pane", "revision", "elements");

  private final TableContract table;
  private final TableContract event;

  private Summary(TableContract table, TableContract event) {
    this.table = table;
    this.event = event;
  }

  /** A summary of this contract. */
  static Summary of(TableContract table, Contract contract) {
    String from = table.derived().orElseThrow().from();
    return new Summary(
        table,
        contract.events().stream()
            .filter(event -> event.name().equals(from))
            .findFirst()
            .orElseThrow());
  }

  TableContract table() {
    return table;
  }

  /** The event it is computed from. */
  TableContract event() {
    return event;
  }

  /** How far behind the watermark events may be; zero unless the contract says otherwise. */
  Duration allowedLateness() {
    return duration(ALLOWED_LATENESS, Duration.ZERO);
  }

  private Duration duration(String property, Duration otherwise) {
    String text = table.customProperties().get(property);
    return text == null ? otherwise : WindowText.duration(text, where(property));
  }

  private String where(String property) {
    return "table " + table.name() + ": the custom property " + property;
  }

  /** Decodes of an event what the summary needs. */
  EventRows rows() {
    Set<String> names = new LinkedHashSet<>();
    for (ColumnContract column : table.columns()) {
      Derivation derivation = Derivation.of(column);
      if (!derivation.arguments().isEmpty()) {
        names.add(eventColumn(column, derivation.arguments().get(0)));
      }
    }
    return EventRows.of(event, names.toArray(String[]::new));
  }

  /** The name, in the contract, of an event's column that is named as the source or it names it. */
  private String eventColumn(ColumnContract column, String name) {
    return event.columns().stream()
        .filter(known -> known.name().equals(name) || known.physicalName().equals(name))
        .map(ColumnContract::name)
        .findFirst()
        .orElseThrow(
            () ->
                fault(
                    column, "names " + name + ", which is no column of the event " + event.name()));
  }

  private LaunchException fault(ColumnContract column, String problem) {
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
   * The aggregation of rows that {@link #rows} decodes.
   *
   * @throws LaunchException if the contract asks for what there is not
   */
  AggregateByWindow.Aggregation<Row> aggregation() {
    String windows = table.customProperties().get(WINDOWS);
    if (windows == null) {
      throw LaunchException.input(
          where(WINDOWS) + " is missing; it says what is summed up: tumbling PT1H, say");
    }
    Schema schema = rows().schema();
    List<Attribute<Row>> keys = new ArrayList<>();
    List<Aggregate<Row>> aggregates = new ArrayList<>();
    for (ColumnContract column : table.columns()) {
      Derivation derivation = Derivation.of(column);
      if (OF_THE_WINDOW.contains(derivation.function())) {
        requireSameName(column, derivation);
      } else if (column.isKey()) {
        keys.add(key(column, derivation, schema));
      } else {
        aggregates.add(aggregate(column, derivation, schema));
      }
    }
    if (aggregates.isEmpty()) {
      aggregates.add(Aggregate.count("_count"));
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    AggregateByWindow.Aggregation<Row> aggregation =
        AggregateByWindow.<Row>in(WindowText.parse(windows, where(WINDOWS)))
            .by(keys.toArray(new Attribute[0]))
            .compute(aggregates.toArray(new Aggregate[0]));
    return aggregation.withLatePolicy(policy());
  }

  private void requireSameName(ColumnContract column, Derivation derivation) {
    if (!column.physicalName().equals(derivation.function())) {
      throw fault(column, "needs the column's physicalName to be " + derivation.function());
    }
  }

  private LatePolicy policy() {
    LatePolicy policy = LatePolicy.allowing(allowedLateness());
    Map<String, String> custom = table.customProperties();
    if (custom.containsKey(EARLY_FIRINGS)) {
      policy = policy.withEarlyFirings(duration(EARLY_FIRINGS, Duration.ZERO));
    }
    if (custom.containsKey(LATE_FIRINGS)) {
      policy = policy.withLateFirings(duration(LATE_FIRINGS, Duration.ZERO));
    }
    return policy;
  }

  private Attribute<Row> key(ColumnContract column, Derivation derivation, Schema schema) {
    if (!derivation.function().equals(Derivation.COLUMN)) {
      throw fault(
          column, "cannot be part of the key; that is a column of the event, or window_start");
    }
    String field = eventColumn(column, derivation.arguments().get(0));
    return Attribute.of(
        column.physicalName(), schema.getField(field).getType(), row -> row.getValue(field));
  }

  private Aggregate<Row> aggregate(ColumnContract column, Derivation derivation, Schema schema) {
    String name = column.physicalName();
    List<String> arguments = derivation.arguments();
    if (derivation.function().equals("count") && arguments.isEmpty()) {
      return Aggregate.count(name);
    }
    if (arguments.isEmpty()) {
      throw fault(column, "names no column of the event: " + derivation.function() + "(amount)");
    }
    Attribute<Row> attribute = EventAttributes.of(schema, eventColumn(column, arguments.get(0)));
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
            Aggregate.quantile(name, attribute, Double.parseDouble(argument(column, arguments)));
        case "top" ->
            EventAttributes.top(name, attribute, Integer.parseInt(argument(column, arguments)));
        default ->
            throw fault(
                column,
                "is no function that summaries know: count, sum, mean, deviation, min, max, first,"
                    + " last, distinct, approximate_distinct, quantile, top");
      };
    } catch (IllegalArgumentException e) {
      throw LaunchException.input(fault(column, "does not do: " + e.getMessage()).getMessage(), e);
    }
  }

  private String argument(ColumnContract column, List<String> arguments) {
    if (arguments.size() != 2) {
      throw fault(column, "needs a second argument: quantile(amount, 0.95), top(product, 10)");
    }
    return arguments.get(1);
  }
}
