package io.millrace.transforms.laws;

import static io.millrace.transforms.laws.SampleType.text;

import io.millrace.schemas.Operation;
import io.millrace.schemas.UnknownColumns;
import io.millrace.transforms.laws.LogRecord.Fate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes the records of one flavor. */
final class Recorder {
  private static final String PLACEHOLDER = "\"__debezium_unavailable_value\"";

  private final Flavor flavor;
  private final Places places;
  private final UnknownColumns unknownColumns;

  Recorder(Flavor flavor, Places places, UnknownColumns unknownColumns) {
    this.flavor = flavor;
    this.places = places;
    this.unknownColumns = unknownColumns;
  }

  /** The records of a step, at both places of a slot. */
  List<LogRecord> records(int group, int slot, Shape table, Step step) {
    Random style = new Random(step.style());
    int order = 2 * slot;
    Row row = new Row(group, order, table, step, style);
    if (places.isSnapshot(order) && step.kind() != Step.Kind.CONTROL) {
      return List.of(row.upsert(Operation.READ, row.number));
    }
    return switch (step.kind()) {
      case UPSERT ->
          List.of(
              row.upsert(style.nextBoolean() ? Operation.INSERT : Operation.UPDATE, row.number));
      case DELETE -> row.delete();
      case KEY_CHANGE -> row.changeKey();
      case CONTROL -> List.of(row.record(Fate.CONTROL, row.control(), List.of()));
      case BROKEN ->
          List.of(new LogRecord(group, order, Fate.REJECTED, null, row.broken(), List.of()));
    };
  }

  LogRecord truncate(int slot, Shape table) {
    int order = 2 * slot;
    String value =
        flavor.isDebezium()
            ? "{\"op\":\"t\",%s}".formatted(places.fields(order, table.name()))
            : "{\"op\":\"truncate\",\"table\":\"%s\",%s}"
                .formatted(table.sourceName(), places.fields(order, table.name()));
    Change change =
        new Change(
            List.of(table.name()),
            Operation.TRUNCATE,
            order,
            places.position(order, Operation.TRUNCATE),
            places.committedAt(order),
            Map.of());
    return new LogRecord(LogRecord.SHARED, order, Fate.CHANGES, null, value, List.of(change));
  }

  /** One step of one row. */
  private final class Row {
    private final int group;
    private int order;
    private final Shape table;
    private final Step step;
    private final Random style;
    private final int number;

    Row(int group, int order, Shape table, Step step, Random style) {
      this.group = group;
      this.order = order;
      this.table = table;
      this.step = step;
      this.style = style;
      this.number = step.row();
    }

    private LogRecord record(Fate fate, @Nullable String value, List<Change> changes) {
      boolean keyed = flavor.isDebezium() && (value == null || style.nextBoolean());
      String key = keyed ? "{" + key(number) + "}" : null;
      if (value == null || !flavor.isDebezium()) {
        return new LogRecord(group, order, fate, key, value, changes);
      }
      String wrapped =
          switch (style.nextInt(4)) {
            case 0 -> "{\"schema\":null,\"payload\":" + value + "}";
            case 1 -> "{\"key\":%s,\"value\":%s,\"offset\":1}".formatted(key, value);
            default -> value;
          };
      return new LogRecord(group, order, fate, key, wrapped, changes);
    }

    private LogRecord upsert(Operation operation, int to) {
      String extra = style.nextInt(4) == 0 ? "{\"x\": " + order + "}" : null;
      boolean rejected = extra != null && unknownColumns == UnknownColumns.REJECT;
      Map<String, Object> values = new HashMap<>();
      String after = row(to, values, extra);
      values.put("_extra", unknownColumns == UnknownColumns.CAPTURE ? extra : null);
      List<Change> changes = new ArrayList<>();
      boolean moved = to != number && flavor.isDebezium();
      if (moved) {
        changes.add(change(Operation.DELETE, number, Map.of()));
      }
      changes.add(change(Operation.UPSERT, to, values));
      String before =
          moved || style.nextInt(3) == 0
              ? "{" + (style.nextBoolean() ? key(number) : row(number, new HashMap<>(), null)) + "}"
              : "null";
      String value =
          flavor.isDebezium()
              ? debezium(code(operation), before, "{" + after + "}")
              : changes("upsert", to, ",\"after\":{" + after + "}");
      return rejected
          ? record(Fate.REJECTED, value, List.of())
          : record(Fate.CHANGES, value, changes);
    }

    private List<LogRecord> delete() {
      List<Change> changes = List.of(change(Operation.DELETE, number, Map.of()));
      if (!flavor.isDebezium()) {
        return List.of(record(Fate.CHANGES, changes("delete", number, ""), changes));
      }
      String before = style.nextBoolean() ? key(number) : row(number, new HashMap<>(), null);
      LogRecord delete = record(Fate.CHANGES, debezium("d", "{" + before + "}", "null"), changes);
      return style.nextBoolean()
          ? List.of(delete)
          : List.of(delete, record(Fate.CONTROL, null, List.of()));
    }

    /** A delete and an insert; with Debezium also one update that has both keys. */
    private List<LogRecord> changeKey() {
      int to = (number + 1) % 3;
      if (flavor.isDebezium() && style.nextBoolean()) {
        return List.of(upsert(Operation.UPDATE, to));
      }
      List<LogRecord> records = new ArrayList<>(delete());
      order++;
      records.add(new Row(group, order, table, step, style).moved(to));
      return records;
    }

    private LogRecord moved(int to) {
      return new Row(group, order, table, at(to), style).upsert(Operation.INSERT, to);
    }

    private Step at(int row) {
      return new Step(step.kind(), step.table(), row, step.columns(), step.style());
    }

    private Change change(Operation operation, int row, Map<String, Object> values) {
      return new Change(
          List.of(table.name(), "" + group, table.key().shown().apply(row)),
          operation,
          order,
          places.position(order, operation),
          places.committedAt(order),
          values);
    }

    private String key(int row) {
      return "\"c\":%d,\"key\":%s".formatted(group, spelled(table.key(), row));
    }

    private String spelled(SampleType type, int value) {
      return (style.nextBoolean() ? type.json() : type.otherJson()).apply(value);
    }

    /** A row's fields, some of them; notes what they supply. */
    private String row(int row, Map<String, Object> supplied, @Nullable String extra) {
      List<String> fields = new ArrayList<>();
      if (flavor.isDebezium() || style.nextBoolean()) {
        fields.add(key(row));
      }
      for (int value = 0; value < table.values().size(); value++) {
        SampleType type = table.values().get(value);
        String name = text(Shape.sourceColumn(value)) + ":";
        if ((step.columns() >> value & 1) == 0) {
          if (flavor.isDebezium() && style.nextBoolean()) {
            boolean array = type.physicalType().endsWith("]");
            fields.add(name + (array ? "[" + PLACEHOLDER + "]" : PLACEHOLDER));
          }
        } else if (style.nextInt(8) == 0) {
          fields.add(name + "null");
          supplied.put(Shape.column(value), null);
        } else {
          fields.add(name + spelled(type, order));
          supplied.put(Shape.column(value), type.shown().apply(order));
        }
      }
      if (extra != null) {
        fields.add(extra.substring(1, extra.length() - 1));
      }
      Collections.shuffle(fields, style);
      return String.join(",", fields);
    }

    private String debezium(String code, String before, String after) {
      return "{\"before\":%s,\"after\":%s,\"op\":\"%s\",%s}"
          .formatted(before, after, code, places.fields(order, table.name()));
    }

    private String changes(String operation, int row, String more) {
      return "{\"op\":\"%s\",\"table\":\"%s\",\"key\":{%s},%s%s}"
          .formatted(
              operation, table.sourceName(), key(row), places.fields(order, table.name()), more);
    }

    private @Nullable String control() {
      String other = "{\"c\":1,\"key\":1}";
      if (!flavor.isDebezium()) {
        return style.nextBoolean()
            ? null
            : changes("delete", number, "").replace("source." + table.name(), "source.other");
      }
      return switch (style.nextInt(5)) {
        case 0 -> null;
        case 1 -> "{\"ts_ms\":1767225600000}";
        case 2 -> "{\"status\":\"BEGIN\",\"id\":\"7\",\"ts_ms\":1767225600000}";
        case 3 -> "{\"op\":\"m\",%s}".formatted(places.fields(order, table.name()));
        default ->
            "{\"op\":\"c\",\"before\":null,\"after\":%s,%s}"
                .formatted(other, places.fields(order, "other"));
      };
    }

    private String broken() {
      String good =
          flavor.isDebezium()
              ? debezium("d", "{" + key(number) + "}", "null")
              : changes("delete", number, "");
      return switch (style.nextInt(6)) {
        case 0 -> good.substring(0, good.length() - 2);
        case 1 -> good.replaceFirst("\"op\":\"[a-z]+\"", "\"op\":\"?\"");
        case 2 -> good.replaceFirst("\"c\":" + group, "\"c\":12345678901");
        case 3 -> good.replaceFirst("\"c\":" + group, "\"c\":null");
        case 4 ->
            good.replace("\"position\":", "\"place\":").replaceAll("\"(lsn|pos)\":", "\"place\":");
        default ->
            good.replaceFirst(
                "\"op\":\"d(elete)?\"", flavor.isDebezium() ? "\"op\":\"u\"" : "\"op\":\"upsert\"");
      };
    }
  }

  private static String code(Operation operation) {
    return switch (operation) {
      case INSERT -> "c";
      case READ -> "r";
      default -> "u";
    };
  }
}
