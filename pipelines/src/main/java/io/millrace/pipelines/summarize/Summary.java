package io.millrace.pipelines.summarize;

import io.millrace.pipelines.event.DerivedColumns;
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
  static final String EARLY_FIRINGS_AFTER = "earlyFiringsAfter";
  static final String LATE_FIRINGS = "lateFirings";

  /** What a result says of itself; columns take it under their own names. */
  private static final Set<String> OF_THE_WINDOW =
      Set.of("window_start", "window_end", "pane", "revision", "elements");

  private final DerivedColumns columns;

  private Summary(DerivedColumns columns) {
    this.columns = columns;
  }

  /** A summary of this contract. */
  static Summary of(TableContract table, Contract contract) {
    return new Summary(DerivedColumns.of(table, contract));
  }

  TableContract table() {
    return columns.table();
  }

  /** The event it is computed from. */
  TableContract event() {
    return columns.event();
  }

  /** How far behind the watermark events may be; zero unless the contract says otherwise. */
  Duration allowedLateness() {
    return columns.duration(ALLOWED_LATENESS, Duration.ZERO);
  }

  /** Decodes of an event what the summary needs. */
  EventRows rows() {
    return columns.rows();
  }

  /**
   * The aggregation of rows that {@link #rows} decodes.
   *
   * @throws LaunchException if the contract asks for what there is not
   */
  AggregateByWindow.Aggregation<Row> aggregation() {
    String windows = table().customProperties().get(WINDOWS);
    if (windows == null) {
      throw LaunchException.input(
          columns.where(WINDOWS) + " is missing; it says what is summed up: tumbling PT1H, say");
    }
    Schema schema = rows().schema();
    List<Attribute<Row>> keys = new ArrayList<>();
    List<Aggregate<Row>> aggregates = new ArrayList<>();
    for (ColumnContract column : table().columns()) {
      Derivation derivation = Derivation.of(column);
      if (OF_THE_WINDOW.contains(derivation.function())) {
        requireSameName(column, derivation);
      } else if (column.isKey()) {
        keys.add(key(column, derivation, schema));
      } else {
        aggregates.add(columns.aggregate(column, schema));
      }
    }
    if (aggregates.isEmpty()) {
      aggregates.add(Aggregate.count("_count"));
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    AggregateByWindow.Aggregation<Row> aggregation =
        AggregateByWindow.<Row>in(WindowText.parse(windows, columns.where(WINDOWS)))
            .by(keys.toArray(new Attribute[0]))
            .compute(aggregates.toArray(new Aggregate[0]));
    try {
      return aggregation.withLatePolicy(policy());
    } catch (IllegalArgumentException e) {
      // It begins with the name of the property.
      throw LaunchException.input(columns.where(e.getMessage()), e);
    }
  }

  private void requireSameName(ColumnContract column, Derivation derivation) {
    if (!column.physicalName().equals(derivation.function())) {
      throw columns.fault(column, "needs the column's physicalName to be " + derivation.function());
    }
  }

  private LatePolicy policy() {
    LatePolicy policy = LatePolicy.allowing(allowedLateness());
    Map<String, String> custom = table().customProperties();
    if (custom.containsKey(EARLY_FIRINGS)) {
      policy = policy.withEarlyFirings(columns.duration(EARLY_FIRINGS, Duration.ZERO));
    }
    if (custom.containsKey(EARLY_FIRINGS_AFTER)) {
      policy = policy.withEarlyFiringsAfter(elements(custom.get(EARLY_FIRINGS_AFTER)));
    }
    if (custom.containsKey(LATE_FIRINGS)) {
      policy = policy.withLateFirings(columns.duration(LATE_FIRINGS, Duration.ZERO));
    }
    return policy;
  }

  private int elements(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw LaunchException.input(
          columns.where(EARLY_FIRINGS_AFTER)
              + " is '"
              + text
              + "'; it is a number of events from 1 to 999999999");
    }
    return Integer.parseInt(text);
  }

  private Attribute<Row> key(ColumnContract column, Derivation derivation, Schema schema) {
    if (!derivation.function().equals(Derivation.COLUMN)) {
      throw columns.fault(
          column, "cannot be part of the key; that is a column of the event, or window_start");
    }
    String field = columns.source(column).name();
    return Attribute.of(
        column.physicalName(), schema.getField(field).getType(), row -> row.getValue(field));
  }
}
