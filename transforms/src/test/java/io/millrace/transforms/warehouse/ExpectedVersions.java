package io.millrace.transforms.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.transforms.cdc.Deletes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The versions of the rows of {@code t: key id; a; b} that follow from a set of changes. */
final class ExpectedVersions {
  private final List<String> tracked;
  private final List<ObjectNode> versions = new ArrayList<>();
  private ObjectNode values = JsonNodeFactory.instance.objectNode().putNull("a").putNull("b");
  private ObjectNode shown = values;
  private long earliest = Long.MIN_VALUE;
  private @Nullable ObjectNode open;

  private ExpectedVersions(List<String> tracked) {
    this.tracked = tracked;
  }

  /** All versions by key, and the order in which they were opened. */
  static List<JsonNode> of(Collection<ChangeEvent> events, Deletes deletes, List<String> tracked) {
    TreeMap<String, ExpectedVersions> rows = new TreeMap<>();
    List<ChangeEvent> log =
        events.stream().sorted(Comparator.comparing(ChangeEvent::position)).distinct().toList();
    log.forEach(
        event -> {
          if (event.operation() == Operation.TRUNCATE) {
            rows.values().forEach(row -> row.end(event, deletes));
          } else if (event.operation() == Operation.SNAPSHOT_END) {
            rows.forEach(
                (key, row) -> {
                  if (isRead(key, log.subList(log.indexOf(event) + 1, log.size()))) {
                    row.forget(deletes);
                  } else {
                    row.end(event, deletes);
                  }
                });
          } else {
            rows.computeIfAbsent(event.key().toString(), key -> new ExpectedVersions(tracked))
                .take(event, deletes);
          }
        });
    return rows.values().stream().<JsonNode>flatMap(row -> row.versions.stream()).toList();
  }

  private static boolean isRead(String key, List<ChangeEvent> later) {
    return later.stream()
        .filter(event -> event.operation().isOfTable() || event.key().toString().equals(key))
        .findFirst()
        .filter(event -> event.operation() == Operation.READ)
        .isPresent();
  }

  private void take(ChangeEvent event, Deletes deletes) {
    if (event.operation() == Operation.DELETE) {
      end(event, deletes);
      return;
    }
    ObjectNode before = shown.deepCopy();
    image(event).fields().forEachRemaining(value -> values.set(value.getKey(), value.getValue()));
    boolean same = open != null && before.retain(tracked).equals(values.deepCopy().retain(tracked));
    if (!same) {
      close(event);
      open = values.deepCopy();
      open.put("_valid_from", time(earliest)).putNull("_valid_to");
      open.put("_position", "\\x" + event.position().toHex());
      open.put(
          "_committed_at",
          event.committedAt() == ChangeEvent.NO_TIME ? null : time(event.committedAt()));
      versions.add(open);
    }
    values.fields().forEachRemaining(value -> open.set(value.getKey(), value.getValue()));
    shown = values.deepCopy();
  }

  private static ObjectNode image(ChangeEvent event) {
    return ((ObjectNode) TestWarehouse.json(event.after().json())).without("id");
  }

  private void end(ChangeEvent event, Deletes deletes) {
    close(event);
    open = null;
    forget(deletes);
  }

  private void forget(Deletes deletes) {
    values = deletes == Deletes.HARD ? values.putNull("a").putNull("b") : values;
  }

  private void close(ChangeEvent event) {
    earliest = Math.max(earliest, event.committedAt());
    if (open != null) {
      open.put("_valid_to", time(earliest));
    }
  }

  private static String time(long micros) {
    return micros == ChangeEvent.NO_TIME
        ? "-infinity"
        : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString().replace("Z", "+00:00");
  }
}
