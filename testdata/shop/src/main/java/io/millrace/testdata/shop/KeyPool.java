package io.millrace.testdata.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The keys that live in a table, and some that were deleted, of which new rows take one now and
 * then: a key that comes back is a case of its own.
 */
final class KeyPool<K> {
  private static final int GRAVES = 1_000;
  private static final double REUSE = 0.1;

  private final List<K> live = new ArrayList<>();
  private final List<K> dead = new ArrayList<>();

  int size() {
    return live.size();
  }

  void add(K key) {
    live.add(key);
  }

  K any(RandomGenerator random) {
    return live.get(random.nextInt(live.size()));
  }

  /** Takes a key out, so that nobody else changes its row for now. */
  K take(RandomGenerator random) {
    return remove(live, random);
  }

  /** Remembers a key whose row was deleted. */
  void bury(K key) {
    if (dead.size() < GRAVES) {
      dead.add(key);
    }
  }

  /** Buries all, as a truncate does. */
  void buryAll() {
    live.forEach(this::bury);
    live.clear();
  }

  /** A key for a new row: sometimes one that was deleted before. */
  K unused(RandomGenerator random, Supplier<K> fresh) {
    return !dead.isEmpty() && random.nextDouble() < REUSE ? remove(dead, random) : fresh.get();
  }

  private static <T> T remove(List<T> keys, RandomGenerator random) {
    int place = random.nextInt(keys.size());
    T key = keys.get(place);
    T last = keys.remove(keys.size() - 1);
    if (place < keys.size()) {
      keys.set(place, last);
    }
    return key;
  }
}
