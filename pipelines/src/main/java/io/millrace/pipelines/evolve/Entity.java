package io.millrace.pipelines.evolve;

import io.millrace.pipelines.event.DerivedColumns;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Derivation;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.EventRows;
import io.millrace.transforms.entity.EvolveEntity;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.Attribute;
import io.millrace.transforms.window.RunningAggregates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/** A table of the contract whose rows follow their events: from which, how far back, what. */
final class Entity {
  /** The custom property that tells how far back events are put in their place. */
  static final String HORIZON = "horizon";

  /** The custom property that tells how long changes are gathered. */
  static final String EMISSION = "emission";

  /** Those that answer the same whenever they are asked, which sketches that draw lots do not. */
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
          "first_at",
          "last_at",
          "revision");

  private static final Set<Kind> WHOLE_NUMBERS = Set.of(Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT);

  private final DerivedColumns columns;

  private Entity(DerivedColumns columns) {
    this.columns = columns;
  }

  /** An entity of this contract. */
  static Entity of(TableContract table, Contract contract) {
    return new Entity(DerivedColumns.of(table, contract));
  }

  TableContract table() {
    return columns.table();
  }

  /** The event it follows. */
  TableContract event() {
    return columns.event();
  }

  /** How far behind the watermark events may be; an hour unless the contract says otherwise. */
  Duration horizon() {
    return columns.duration(HORIZON, Duration.standardHours(1));
  }

  /**
   * Decodes the key of an event's entity, in the order of the table's key.
   *
   * @throws LaunchException if the contract makes it of anything but columns of the event
   */
  EventRows keys() {
    List<String> names = new ArrayList<>();
    for (int index : table().keyColumns()) {
      ColumnContract column = table().columns().get(index);
      if (!Derivation.of(column).function().equals(Derivation.COLUMN)) {
        throw columns.fault(column, "cannot be part of the key; that is a column of the event");
      }
      ColumnContract source = columns.source(column);
      if (!isSame(source.type().kind(), column.type().kind())) {
        throw columns.fault(
            column,
            "is of type "
                + column.type()
                + ", and that of the event "
                + event().name()
                + " of type "
                + source.type()
                + "; give a column of the key the type that it has there");
      }
      names.add(source.name());
    }
    return EventRows.of(event(), names.toArray(String[]::new));
  }

  private static boolean isSame(Kind one, Kind other) {
    return one == other || (WHOLE_NUMBERS.contains(one) && WHOLE_NUMBERS.contains(other));
  }

  /**
   * What events make of it.
   *
   * @throws LaunchException if the contract asks for what there is not
   */
  EntityFold fold() {
    EventRows rows = columns.rows();
    Schema schema = EntityFold.eventSchema(rows);
    List<Aggregate<Row>> aggregates = new ArrayList<>();
    List<String> revisions = new ArrayList<>();
    for (ColumnContract column : table().columns()) {
      String name = column.physicalName();
      switch (Derivation.of(column).function()) {
        case "revision" -> revisions.add(name);
        case "first_at" -> aggregates.add(Aggregate.first(name, occurredAt(schema)));
        case "last_at" -> aggregates.add(Aggregate.last(name, occurredAt(schema)));
        default -> aggregates.add(aggregate(column, schema));
      }
    }
    String definition =
        table().columns().stream()
            .map(column -> column.physicalName() + " " + Derivation.of(column))
            .toList()
            .toString();
    return new EntityFold(rows, RunningAggregates.of(definition, aggregates), revisions);
  }

  private static Attribute<Row> occurredAt(Schema schema) {
    return Attribute.ofField(schema, EntityFold.OCCURRED_AT);
  }

  private Aggregate<Row> aggregate(ColumnContract column, Schema schema) {
    if (column.isKey()) {
      // It is the same in all events of the entity.
      String source = columns.source(column).name();
      return Aggregate.last(column.physicalName(), Attribute.ofField(schema, source));
    }
    if (!FUNCTIONS.contains(Derivation.of(column).function())) {
      throw columns.fault(
          column, "is no function that entities know: " + String.join(", ", FUNCTIONS));
    }
    return columns.aggregate(column, schema);
  }

  /**
   * How it follows its events: in the order of time and then of ids, each id once.
   *
   * @param isBounded whether the events end; nobody sees what it was in between
   * @throws LaunchException if the contract asks for what there is not
   */
  EvolveEntity.Evolve<byte[], BusinessEvent, byte[]> evolve(boolean isBounded) {
    EvolveEntity.Evolve<byte[], BusinessEvent, byte[]> evolve =
        EvolveEntity.<byte[], BusinessEvent, byte[]>by(fold(), ByteArrayCoder.of())
            .withTiesBySequence(event -> Math.floorMod(event.occurredAt(), 1_000L))
            .identifiedBy(event -> new String(event.id().bytes(), StandardCharsets.ISO_8859_1));
    String property = HORIZON;
    try {
      evolve = evolve.within(horizon());
      property = EMISSION;
      boolean isGathered = isBounded || table().customProperties().containsKey(EMISSION);
      Duration emission = columns.duration(EMISSION, Duration.standardSeconds(10));
      return isGathered ? evolve.every(emission) : evolve.perChange();
    } catch (IllegalArgumentException e) {
      throw LaunchException.input(columns.where(property) + ": " + e.getMessage(), e);
    }
  }
}
