package io.millrace.transforms.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.transforms.cdc.Deletes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a set of changes makes of the table {@code t: key id; a; b}, worked out from the whole set
 * at once: the oracle of the laws.
 */
final class ExpectedRows {
  private static final List<String> COLUMNS = List.of("a", "b", "_extra");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);

  /** A value and the position that supplied it. */
  private record Supplied(Position by, JsonNode value) {}

  static List<JsonNode> of(Collection<ChangeEvent> events, Deletes deletes) {
    Position truncated =
        events.stream()
            .filter(event -> event.operation().isOfTable())
            .map(ChangeEvent::position)
            .max(Comparator.naturalOrder())
            .orElse(Position.NONE);
    Map<Key, List<ChangeEvent>> byKey = new HashMap<>();
    for (ChangeEvent event : events) {
      if (!event.operation().isOfTable()) {
        byKey.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
      }
    }
    return byKey.values().stream()
        .flatMap(row -> (deletes == Deletes.SOFT ? soft(row, truncated) : hard(row, truncated)))
        .sorted(Comparator.comparing(row -> row.get("id").asInt()))
        .toList();
  }

  private static Stream<JsonNode> soft(List<ChangeEvent> events, Position truncated) {
    ChangeEvent newest = newest(events);
    boolean deleted = newest.operation() == Operation.DELETE;
    Map<String, Supplied> values = values(events, Position.NONE);
    Position newestUpsert = values.get("_extra").by();
    ObjectNode row = row(newest, values);
    row.put("_deleted", deleted || newest.position().compareTo(truncated) <= 0);
    ObjectNode filled = filled(values, newestUpsert);
    if (deleted) {
      filled.put("*", newestUpsert.toHex());
    }
    row.set("_filled", filled.isEmpty() ? null : filled);
    return Stream.of(row);
  }

  private static Stream<JsonNode> hard(List<ChangeEvent> events, Position truncated) {
    Position floor =
        Stream.concat(
                Stream.of(truncated),
                events.stream()
                    .filter(event -> event.operation() == Operation.DELETE)
                    .map(ChangeEvent::position))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    List<ChangeEvent> alive =
        events.stream().filter(event -> event.position().isAfter(floor)).toList();
    if (alive.isEmpty()) {
      return Stream.of();
    }
    ChangeEvent newest = newest(alive);
    Map<String, Supplied> values = values(alive, floor);
    ObjectNode row = row(newest, values);
    row.put("_deleted", false);
    ObjectNode filled = filled(values, newest.position());
    row.set("_filled", filled.isEmpty() ? null : filled);
    return Stream.of(row);
  }

  private static ChangeEvent newest(List<ChangeEvent> events) {
    return events.stream().max(Comparator.comparing(ChangeEvent::position)).orElseThrow();
  }

  private static Map<String, Supplied> values(List<ChangeEvent> events, Position floor) {
    Map<String, Supplied> values = new LinkedHashMap<>();
    for (String column : COLUMNS) {
      values.put(column, new Supplied(floor, null));
      for (ChangeEvent event : events) {
        JsonNode image = event.after() == null ? null : image(event);
        if (image != null
            && image.has(column)
            && event.position().isAfter(values.get(column).by())) {
          values.put(column, new Supplied(event.position(), image.get(column)));
        }
      }
    }
    return values;
  }

  /** The row's image with what the contract does not know in one column, always supplied. */
  private static JsonNode image(ChangeEvent event) {
    ObjectNode image = (ObjectNode) TestWarehouse.json(event.after().json());
    ObjectNode extra = JsonNodeFactory.instance.objectNode();
    if (image.has("x")) {
      extra.set("x", image.remove("x"));
    }
    return image.set("_extra", extra.isEmpty() ? null : extra);
  }

  private static ObjectNode row(ChangeEvent newest, Map<String, Supplied> values) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("id", (int) new ByteReader(newest.key().bytes()).readZigzag());
    values.forEach((column, supplied) -> row.set(column, supplied.value()));
    row.put("_position", "\\x" + newest.position().toHex());
    long committedAt = newest.committedAt();
    row.put(
        "_committed_at",
        committedAt == ChangeEvent.NO_TIME
            ? null
            : TIME.format(Instant.EPOCH.plusMillis(committedAt / 1_000)));
    return row;
  }

  private static ObjectNode filled(Map<String, Supplied> values, Position newestUpsert) {
    ObjectNode filled = JsonNodeFactory.instance.objectNode();
    values.forEach(
        (column, supplied) -> {
          if (!supplied.by().equals(newestUpsert)) {
            filled.put(column, supplied.by().toHex());
          }
        });
    return filled;
  }

  private ExpectedRows() {}
}
