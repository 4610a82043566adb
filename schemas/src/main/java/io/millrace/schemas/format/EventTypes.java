package io.millrace.schemas.format;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds the type of a business event: what its type field names, if the contract names such a
 * field; else what its schema or else its topic is called, whole or behind a dot; else the
 * contract's only event.
 *
 * @param <T> what is kept for each type
 */
final class EventTypes<T> {
  /** Topics are few; this only bounds what a stream of ever new names could take. */
  private static final int MOST_NAMES = 10_000;

  private final List<TableContract> events;
  private final List<T> kept;

  /** By the field that tells the type, and what it tells. */
  private final Map<String, Map<String, T>> byField = new LinkedHashMap<>();

  private final Map<String, @Nullable T> byName = new HashMap<>();

  EventTypes(Contract contract, Function<TableContract, T> keep) {
    this.events = contract.events();
    this.kept = events.stream().map(keep).toList();
    for (int i = 0; i < kept.size(); i++) {
      TableContract event = events.get(i);
      String field = event.event().orElseThrow().typeField();
      if (field != null) {
        byField
            .computeIfAbsent(field, name -> new HashMap<>())
            .put(event.physicalName(), kept.get(i));
      }
    }
  }

  /**
   * What is kept for the type of an event.
   *
   * @param topic that it came from; null for a file
   * @throws RejectedRecordException if the contract has no such type
   */
  T of(EventPayload payload, @Nullable String topic) {
    for (Map.Entry<String, Map<String, T>> field : byField.entrySet()) {
      String told = payload.field(field.getKey());
      if (told != null) {
        T found = field.getValue().get(told);
        if (found == null) {
          throw unknown("'" + field.getKey() + "' is '" + told + "'");
        }
        return found;
      }
    }
    String schema = payload.schemaName();
    T named = schema == null ? null : named(schema);
    named = named == null && topic != null ? named(topic) : named;
    if (named != null) {
      return named;
    }
    if (events.size() == 1 && byField.isEmpty()) {
      return kept.get(0);
    }
    throw unknown(
        byField.isEmpty()
            ? "neither schema nor topic is called like one, and the custom property eventType names no"
                + " field that tells its type"
            : "the field that tells its type is missing ("
                + String.join(", ", byField.keySet())
                + ")");
  }

  private @Nullable T named(String name) {
    if (!byName.containsKey(name)) {
      if (byName.size() >= MOST_NAMES) {
        byName.clear();
      }
      byName.put(name, find(name));
    }
    return byName.get(name);
  }

  private @Nullable T find(String name) {
    for (int start = 0; start >= 0; start = behindDot(name, start)) {
      for (int i = 0; i < kept.size(); i++) {
        if (events.get(i).physicalName().equals(name.substring(start))) {
          return kept.get(i);
        }
      }
    }
    return null;
  }

  private static int behindDot(String name, int start) {
    int dot = name.indexOf('.', start);
    return dot < 0 ? -1 : dot + 1;
  }

  private RejectedRecordException unknown(String problem) {
    return new RejectedRecordException(
        Reason.UNKNOWN_TYPE,
        "the record is no event that the contract has: "
            + problem
            + "; it has "
            + events.stream().map(TableContract::physicalName).collect(Collectors.joining(", ")));
  }
}
