package io.millrace.pipelines.detect;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.EventRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Columns of an event, by the names that a rule has for them: the target's or the source's. */
final class EventColumns implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, Integer> indexes = new HashMap<>();
  private final EventRows rows;

  /** These columns, each of which {@link #find} has found. */
  EventColumns(TableContract event, Collection<String> names) {
    List<String> columns = new ArrayList<>();
    for (String name : names) {
      String column = find(event, name).orElseThrow().name();
      if (!columns.contains(column)) {
        columns.add(column);
      }
      indexes.put(name, columns.indexOf(column));
    }
    rows = EventRows.of(event, columns.toArray(String[]::new));
  }

  /** The column of a name. */
  static Optional<ColumnContract> find(TableContract event, String name) {
    return event.columns().stream()
        .filter(column -> column.name().equals(name) || column.physicalName().equals(name))
        .findFirst();
  }

  /** An event's values, by those names; null where it has none. */
  Function<String, @Nullable Object> values(BusinessEvent event) {
    @Nullable Object[] values = rows.values(event);
    Map<String, Integer> places = indexes;
    return name -> values[places.get(name)];
  }
}
