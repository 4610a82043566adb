package io.millrace.testdata.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Replays lines the slow and simple way, by sorting them all by position: a second opinion on what
 * the generator says is right.
 */
final class Replay {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, List<String>> KEYS =
      Map.of("accounts", List.of("id"), "transfers", List.of("branch", "number"));

  /** A change: of what a delete removes, the image is null. */
  private record Event(
      long commit, long rank, long lsn, long order, String table, String key, JsonNode image)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return Comparator.comparingLong(Event::commit)
          .thenComparingLong(Event::rank)
          .thenComparingLong(Event::lsn)
          .thenComparingLong(Event::order)
          .compare(this, other);
    }
  }

  /** The live rows by table; columns in the encoding of the format. */
  static Map<String, Collection<Map<String, JsonNode>>> of(List<String> lines) {
    List<Event> events = new ArrayList<>();
    for (String line : lines) {
      JsonNode json = parse(line);
      if (json.has("table")) {
        neutral(json, events);
      } else if (json.has("topic")) {
        debezium(json.get("value"), events);
      } else {
        debezium(json, events);
      }
    }
    events.sort(null);
    Map<String, Map<String, Map<String, JsonNode>>> rows = new HashMap<>();
    for (Event event : events) {
      apply(event, rows.computeIfAbsent(event.table(), table -> new HashMap<>()));
    }
    Map<String, Collection<Map<String, JsonNode>>> live = new HashMap<>();
    rows.forEach((table, byKey) -> live.put(table, byKey.values()));
    return live;
  }

  private static void apply(Event event, Map<String, Map<String, JsonNode>> rows) {
    if (event.image() == null) {
      rows.remove(event.key());
      return;
    }
    Map<String, JsonNode> row = rows.computeIfAbsent(event.key(), key -> new HashMap<>());
    event
        .image()
        .fields()
        .forEachRemaining(
            column -> {
              if (!column.getValue().asText().equals("__debezium_unavailable_value")) {
                row.put(column.getKey(), column.getValue());
              }
            });
  }

  private static void debezium(JsonNode value, List<Event> events) {
    if (value.isNull()) {
      return;
    }
    JsonNode source = value.get("source");
    JsonNode commit = parse(source.get("sequence").asText()).get(0);
    String table = source.get("table").asText();
    long rank = source.get("snapshot").asBoolean() ? 0 : 1;
    long order = value.at("/transaction/total_order").asLong();
    JsonNode before = value.get("before");
    JsonNode after = value.get("after");
    String oldKey = before.isNull() ? null : key(table, before);
    String newKey = after.isNull() ? null : key(table, after);
    if (oldKey != null && !oldKey.equals(newKey)) {
      events.add(
          new Event(commit.asLong(), rank, source.get("lsn").asLong(), order, table, oldKey, null));
    }
    if (newKey != null) {
      events.add(
          new Event(
              commit.asLong(), rank, source.get("lsn").asLong(), order, table, newKey, after));
    }
  }

  private static void neutral(JsonNode change, List<Event> events) {
    String table = change.get("table").asText().replace("public.", "");
    boolean delete = change.get("op").asText().equals("delete");
    String key = key(table, change.get("key"));
    long position = change.get("position").asLong();
    events.add(new Event(0, 0, position, 0, table, key, delete ? null : change.get("after")));
  }

  private static String key(String table, JsonNode image) {
    return KEYS.get(table).stream().map(column -> image.get(column).asText()).toList().toString();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  private Replay() {}
}
