package io.millrace.transforms.window;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.beam.sdk.state.MapState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A map in state, during one call: each value is read once, and what was changed is written at the
 * end.
 */
final class StateMap<V> {
  private final MapState<Long, V> state;
  private final Supplier<V> empty;
  private final Map<Long, @Nullable V> read = new HashMap<>();
  private final Set<Long> changed = new HashSet<>();
  private @Nullable TreeSet<Long> numbers;

  StateMap(MapState<Long, V> state, Supplier<V> empty) {
    this.state = state;
    this.empty = empty;
  }

  /** The value of a number, null if there is none. */
  @Nullable V get(long number) {
    if (read.containsKey(number)) {
      return read.get(number);
    }
    V value = state.get(number).read();
    read.put(number, value);
    return value;
  }

  /** The value of a number, to be changed; made if there is none. */
  V change(long number) {
    V value = get(number);
    if (value == null) {
      value = empty.get();
      read.put(number, value);
      if (numbers != null) {
        numbers.add(number);
      }
    }
    changed.add(number);
    return value;
  }

  void remove(long number) {
    state.remove(number);
    read.put(number, null);
    changed.remove(number);
    if (numbers != null) {
      numbers.remove(number);
    }
  }

  /** All numbers that have a value, in order. Take a copy before changing anything. */
  NavigableSet<Long> numbers() {
    if (numbers == null) {
      numbers = new TreeSet<>();
      for (Long number : state.keys().read()) {
        numbers.add(number);
      }
      read.forEach(
          (number, value) -> {
            if (value == null) {
              numbers.remove(number);
            } else {
              numbers.add(number);
            }
          });
    }
    return numbers;
  }

  /** Writes what was changed. */
  void write() {
    for (Long number : changed) {
      state.put(number, read.get(number));
    }
    changed.clear();
  }
}
