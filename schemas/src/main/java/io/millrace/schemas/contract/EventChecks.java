package io.millrace.schemas.contract;

import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.contract.EventTimeColumn.Unit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks what a contract says of a business event. */
final class EventChecks {
  private static final Set<Kind> TIMES =
      EnumSet.of(Kind.TIMESTAMP_TZ, Kind.TIMESTAMP, Kind.BIGINT, Kind.INTEGER);
  private static final Set<Kind> SOURCES =
      EnumSet.of(Kind.TEXT, Kind.UUID, Kind.BIGINT, Kind.INTEGER, Kind.SMALLINT);

  private final TableContract table;
  private final List<String> faults;

  private EventChecks(TableContract table, List<String> faults) {
    this.table = table;
    this.faults = faults;
  }

  /** Adds what is wrong with a table that is an event, or may be meant as one. */
  static void check(TableContract table, List<String> faults) {
    new EventChecks(table, faults).check();
  }

  private void check() {
    String kind = table.customProperties().get(EventContract.KIND);
    if (!EventContract.isEvent(table.customProperties())) {
      if (kind != null && !kind.equals("table") && !DerivedContract.isKind(kind)) {
        fault(
            "the custom property kind is '"
                + kind
                + "'; it is event, table, "
                + DerivedContract.known());
      }
      return;
    }
    if (table.parent().isPresent()) {
      fault("it has a parentTable, so it is no event; take out kind: event");
    }
    if (!table.customProperties().containsKey(EventContract.EVENT_TIME)) {
      fault(
          "it is an event and has no eventTime; name the column that tells when it happened in the"
              + " custom property eventTime");
    }
    EventContract.TIMES.forEach(property -> column(property, TIMES).ifPresent(this::checkTime));
    column(EventContract.SOURCE, SOURCES);
    if (table.customProperties().getOrDefault(EventContract.TYPE, "-").isEmpty()) {
      fault("the custom property eventType is empty; it names the field that tells the type");
    }
  }

  /** The column that a custom property names, if it does and the column is of a kind that fits. */
  private Optional<ColumnContract> column(String property, Set<Kind> kinds) {
    String name = table.customProperties().get(property);
    Optional<ColumnContract> column = name == null ? Optional.empty() : table.column(name);
    if (name != null && column.isEmpty()) {
      fault(
          "the custom property "
              + property
              + " is '"
              + name
              + "', which is none of its columns (physicalName): "
              + table.columns().stream()
                  .map(ColumnContract::physicalName)
                  .collect(Collectors.joining(", ")));
    }
    if (column.isPresent() && !kinds.contains(column.get().type().kind())) {
      fault(
          "the custom property "
              + property
              + " is '"
              + name
              + "', a column of type "
              + column.get().type()
              + "; choose a column of "
              + (kinds.equals(TIMES)
                  ? "type timestamptz, timestamp, bigint or integer"
                  : "text, uuid or whole numbers"));
      return Optional.empty();
    }
    return column;
  }

  private void checkTime(ColumnContract column) {
    Kind kind = column.type().kind();
    String here = "column " + column.physicalName() + " (" + column.type() + ") ";
    String unit = EventContract.setting(table, column, EventContract.UNIT);
    String zone = EventContract.setting(table, column, EventContract.ZONE);
    if (kind == Kind.BIGINT || kind == Kind.INTEGER) {
      if (unit == null) {
        fault(
            here
                + "holds a time, and nothing tells its unit; set the custom property eventTimeUnit"
                + " to one of "
                + Unit.known());
      } else if (Unit.of(unit).isEmpty()) {
        fault(here + "has the custom property eventTimeUnit '" + unit + "'; it is " + Unit.known());
      }
    }
    if (kind == Kind.TIMESTAMP && zone == null) {
      fault(
          here
              + "holds a time without a zone; set the custom property eventTimeZone, such as UTC or"
              + " Europe/Berlin, or make it a timestamptz");
    }
    if (zone != null && !ValueModes.isZone(zone)) {
      fault(
          here
              + "has the custom property eventTimeZone '"
              + zone
              + "'; it is a zone such as Europe/Berlin or +08:00");
    }
  }

  private void fault(String problem) {
    faults.add("table " + table.name() + ": " + problem);
  }
}
