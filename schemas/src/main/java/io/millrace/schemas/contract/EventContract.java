package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.contract.EventTimeColumn.Unit;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a contract says of a business event beside its columns: which of them tell when it happened,
 * and who sent it. The event's id is the key.
 *
 * @see io.millrace.schemas.BusinessEvent
 */
@AutoValue
public abstract class EventContract implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The custom property of a schema object that is {@link #EVENT} for an event. */
  static final String KIND = "kind";

  static final String EVENT = "event";

  static final String EVENT_TIME = "eventTime";
  static final String SENT_TIME = "sentTime";
  static final String RECEIVED_TIME = "receivedTime";
  static final String SOURCE = "eventSource";
  static final String TYPE = "eventType";

  /** Of the schema object, for all its times, or of one column. */
  static final String UNIT = "eventTimeUnit";

  /** Of the schema object, for all its times, or of one column. */
  static final String ZONE = "eventTimeZone";

  /** The custom properties that name columns which hold times. */
  static final List<String> TIMES = List.of(EVENT_TIME, SENT_TIME, RECEIVED_TIME);

  /** When the event happened: the custom property {@value #EVENT_TIME}. */
  public abstract EventTimeColumn occurred();

  /** When the event was sent: the custom property {@value #SENT_TIME}; null without it. */
  public abstract @Nullable EventTimeColumn sent();

  /** When the event came in: the custom property {@value #RECEIVED_TIME}; null without it. */
  public abstract @Nullable EventTimeColumn received();

  /**
   * The index of the column that names the device or the sender: the custom property {@value
   * #SOURCE}; null without it.
   */
  public abstract @Nullable Integer source();

  /**
   * The field of a record whose value is the event's {@code physicalName}, where several events
   * come from one topic or file: the custom property {@value #TYPE}; null without it.
   */
  public abstract @Nullable String typeField();

  /** Whether a schema object with these custom properties is an event. */
  static boolean isEvent(Map<String, String> customProperties) {
    return EVENT.equals(customProperties.get(KIND));
  }

  /** The {@link #typeField()} of a table, also of some of its columns; null if it is no event. */
  public static @Nullable String typeField(TableContract table) {
    return isEvent(table.customProperties()) ? table.customProperties().get(TYPE) : null;
  }

  /** What is said of an event whose contract passed {@link EventChecks}. */
  static EventContract of(TableContract table) {
    String source = table.customProperties().get(SOURCE);
    return new AutoValue_EventContract(
        time(table, EVENT_TIME),
        time(table, SENT_TIME),
        time(table, RECEIVED_TIME),
        source == null ? null : index(table, source),
        typeField(table));
  }

  private static @Nullable EventTimeColumn time(TableContract table, String property) {
    String name = table.customProperties().get(property);
    if (name == null) {
      return null;
    }
    int index = index(table, name);
    ColumnContract column = table.columns().get(index);
    String unit = setting(table, column, UNIT);
    String zone = setting(table, column, ZONE);
    return EventTimeColumn.of(
        index,
        column.physicalName(),
        unit == null ? Unit.MICROS : Unit.of(unit).orElseThrow(),
        ZoneId.of(zone == null ? "UTC" : zone));
  }

  /** What the column says of its values, or else the table. */
  static @Nullable String setting(TableContract table, ColumnContract column, String property) {
    return column.customProperties().getOrDefault(property, table.customProperties().get(property));
  }

  private static int index(TableContract table, String physicalName) {
    List<ColumnContract> columns = table.columns();
    ColumnContract named = table.column(physicalName).orElseThrow();
    return IntStream.range(0, columns.size())
        .filter(i -> columns.get(i).physicalName().equals(named.physicalName()))
        .findFirst()
        .orElseThrow();
  }
}
