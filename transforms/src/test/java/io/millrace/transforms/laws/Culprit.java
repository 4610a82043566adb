package io.millrace.transforms.laws;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds the case whose rows are wrong, and makes it as small as it is still wrong. */
final class Culprit {
  private static final int MOST_ROUNDS = 12;
  private static final int MOST_CANDIDATES = 12;

  /**
   * Compares the rows of worlds with those that should be.
   *
   * @throws AssertionError that shows a single case, if some are wrong
   */
  static void check(Mode mode, List<World> worlds, Replica replica) {
    for (int i = 0; i < worlds.size(); i++) {
      Map<List<String>, Map<String, Object>> expected = worlds.get(i).expectedRows();
      Map<List<String>, Map<String, Object>> actual = replica.rows(i);
      Optional<List<String>> wrong = wrongRow(expected, actual);
      if (wrong.isPresent()) {
        String law = "rows are not those of the whole set of changes (" + mode + ")\n";
        World alone = worlds.get(i).only(isIn(wrong.get()));
        World smallest = smallest(mode, alone);
        throw new AssertionError(
            smallest == null
                ? law + "only beside others: " + difference(wrong.get(), expected, actual) + alone
                : law + difference(mode, smallest) + smallest);
      }
    }
  }

  /**
   * Compares rows of a world with others of it.
   *
   * @throws AssertionError that shows a single case, if some differ
   */
  static void same(
      String law,
      World world,
      Map<List<String>, Map<String, Object>> rows,
      Map<List<String>, Map<String, Object>> others) {
    wrongRow(rows, others)
        .ifPresent(
            key -> {
              throw new AssertionError(
                  law + "\n" + difference(key, rows, others) + world.only(isIn(key)));
            });
  }

  /** Whether a record is of a row's case. */
  private static Predicate<LogRecord> isIn(List<String> key) {
    int group = Integer.parseInt(key.get(1));
    return record -> record.group() == group || record.group() == LogRecord.SHARED;
  }

  /** A key whose rows differ. */
  private static Optional<List<String>> wrongRow(
      Map<List<String>, Map<String, Object>> expected,
      Map<List<String>, Map<String, Object>> actual) {
    Set<List<String>> keys = new HashSet<>(expected.keySet());
    keys.addAll(actual.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(expected.get(key), actual.get(key)))
        .min(Comparator.comparing(List::toString));
  }

  /** The world with as few records as fail still; null if it does not fail by itself. */
  private static @Nullable World smallest(Mode mode, World alone) {
    World smallest = null;
    List<World> candidates = inOtherOrders(alone);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Optional<World> failing = failing(mode, candidates);
      if (failing.isEmpty()) {
        break;
      }
      smallest = failing.get();
      candidates = smaller(smallest);
    }
    return smallest;
  }

  /** The smallest world that fails. */
  private static Optional<World> failing(Mode mode, List<World> candidates) {
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    try (Replica replica = replicated(mode, candidates)) {
      return IntStream.range(0, candidates.size())
          .filter(i -> wrongRow(candidates.get(i).expectedRows(), replica.rows(i)).isPresent())
          .mapToObj(candidates::get)
          .min(Comparator.comparing(World::arrivals));
    }
  }

  private static Replica replicated(Mode mode, List<World> worlds) {
    Replica replica = new Replica(mode, worlds);
    for (int run = 0; run < worlds.get(0).runs().size(); run++) {
      int number = run;
      replica.run(worlds.stream().map(world -> world.runs().get(number)).toList(), new Random(0));
    }
    return replica;
  }

  /** The world as it is, whose order is the runner's in the end, and in orders that are certain. */
  private static List<World> inOtherOrders(World world) {
    Random random = new Random(0);
    List<World> orders = new ArrayList<>(List.of(world));
    while (orders.size() < MOST_CANDIDATES) {
      List<List<LogRecord>> runs = new ArrayList<>();
      for (List<LogRecord> run : world.runs()) {
        List<LogRecord> shuffled = new ArrayList<>(run);
        Collections.shuffle(shuffled, random);
        runs.add(shuffled);
      }
      orders.add(world.withRuns(runs).inOneBlock());
    }
    return orders;
  }

  /** Worlds with fewer tables, rows, runs or repetitions, or without one of their records. */
  private static List<World> smaller(World world) {
    List<World> candidates = new ArrayList<>();
    Set<List<String>> keys = new HashSet<>();
    world.log().forEach(record -> record.changes().forEach(change -> keys.add(change.key())));
    for (List<String> key : keys) {
      candidates.add(
          world.only(r -> r.changes().stream().anyMatch(c -> isOf(c, key.subList(0, 1)))));
      candidates.add(world.only(r -> r.changes().stream().anyMatch(c -> isOf(c, key))));
    }
    List<LogRecord> all = world.runs().stream().flatMap(Collection::stream).toList();
    candidates.add(world.withRuns(List.of(List.of(), all)));
    candidates.add(world.withRuns(List.of(List.of(), all.stream().distinct().toList())));
    for (LogRecord record : world.log()) {
      candidates.add(world.only(other -> !other.equals(record)));
    }
    return candidates.stream()
        .filter(candidate -> candidate.arrivals() < world.arrivals())
        .distinct()
        .limit(MOST_CANDIDATES)
        .toList();
  }

  /** Whether a change is of a row or table, or the truncate of the row's table. */
  private static boolean isOf(Change change, List<String> key) {
    return key.equals(change.key().subList(0, Math.min(key.size(), change.key().size())))
        || change.key().equals(key.subList(0, 1));
  }

  private static String difference(Mode mode, World world) {
    try (Replica replica = replicated(mode, List.of(world))) {
      Map<List<String>, Map<String, Object>> expected = world.expectedRows();
      Map<List<String>, Map<String, Object>> actual = replica.rows(0);
      return wrongRow(expected, actual)
          .map(key -> difference(key, expected, actual))
          .orElse("not each time: with these records\n");
    }
  }

  private static String difference(
      List<String> key,
      Map<List<String>, Map<String, Object>> expected,
      Map<List<String>, Map<String, Object>> actual) {
    return "row %s\n  expected %s\n  but was  %s\n"
        .formatted(key, sorted(expected.get(key)), sorted(actual.get(key)));
  }

  private static Object sorted(Map<String, Object> row) {
    return row == null ? "none" : new TreeMap<>(row);
  }

  private Culprit() {}
}
