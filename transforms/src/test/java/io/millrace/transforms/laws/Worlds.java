package io.millrace.transforms.laws;

import io.millrace.schemas.UnknownColumns;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.cdc.StateLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Random worlds. */
final class Worlds {
  private static final int MOST_STEPS = 10;
  private static final int MOST_COLUMNS = 6;

  /** Slots for steps have even numbers, those for truncates odd ones. */
  private static final int SLOTS = 2 * MOST_STEPS + 1;

  /** Worlds of so many cases. */
  static Arbitrary<World> of(int cases) {
    return Combinators.combine(
            settings(),
            shapes().list().ofMinSize(1).ofMaxSize(3),
            steps()
                .list()
                .ofMinSize(1)
                .ofMaxSize(MOST_STEPS)
                .withSizeDistribution(RandomDistribution.uniform())
                .list()
                .ofSize(cases),
            truncates(),
            Arbitraries.longs())
        .as(Worlds::world);
  }

  private static Arbitrary<Setting> settings() {
    return Combinators.combine(
            Arbitraries.of(Flavor.class),
            Arbitraries.of(Deletes.class),
            Arbitraries.of(true, false),
            Arbitraries.of(StateLayout.class),
            Arbitraries.of(UnknownColumns.class),
            Arbitraries.of(1, 3, 64),
            Arbitraries.of(1, 4, 40, 8_000),
            Arbitraries.of(1, 8, 200))
        .as(Setting::new);
  }

  /** Tables that still want a name. */
  private static Arbitrary<Shape> shapes() {
    return Combinators.combine(
            Arbitraries.of(SampleType.KEYS),
            Arbitraries.of(true, false),
            Arbitraries.of(SampleType.ALL).list().ofMinSize(1).ofMaxSize(MOST_COLUMNS))
        .as((key, caseFirst, values) -> new Shape("", key, caseFirst, values));
  }

  private static Arbitrary<Step> steps() {
    int all = (1 << MOST_COLUMNS) - 1;
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(14, Step.Kind.UPSERT),
                Tuple.of(4, Step.Kind.DELETE),
                Tuple.of(2, Step.Kind.KEY_CHANGE),
                Tuple.of(1, Step.Kind.CONTROL),
                Tuple.of(1, Step.Kind.BROKEN)),
            Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(1, 1), Tuple.of(1, 2)),
            Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(2, 1), Tuple.of(1, 2)),
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(all)),
                Tuple.of(1, Arbitraries.integers().between(0, all))),
            Arbitraries.integers())
        .as(Step::new);
  }

  /** For each truncate a table, by a number that may be too large, and a slot. */
  private static Arbitrary<List<Tuple.Tuple2<Integer, Integer>>> truncates() {
    Arbitrary<Integer> slots = Arbitraries.integers().between(0, MOST_STEPS - 1);
    Arbitrary<Tuple.Tuple2<Integer, Integer>> truncate =
        Combinators.combine(Arbitraries.integers().between(0, 2), slots)
            .as((table, slot) -> Tuple.of(table, 2 * slot + 1));
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(List.of())),
        Tuple.of(2, truncate.list().ofMinSize(1).ofMaxSize(2)));
  }

  private static World world(
      Setting setting,
      List<Shape> shapes,
      List<List<Step>> cases,
      List<Tuple.Tuple2<Integer, Integer>> truncates,
      long seed) {
    Random random = new Random(seed);
    List<Shape> tables = new ArrayList<>();
    for (Shape shape : shapes) {
      tables.add(new Shape("t" + tables.size(), shape.key(), shape.caseFirst(), shape.values()));
    }
    Recorder recorder =
        new Recorder(
            setting.flavor(),
            new Places(setting.flavor(), SLOTS, random),
            setting.unknownColumns());
    List<LogRecord> log = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      for (int step = 0; step < cases.get(i).size(); step++) {
        Step at = cases.get(i).get(step);
        log.addAll(recorder.records(i, 2 * step, tables.get(at.table() % tables.size()), at));
      }
    }
    for (Tuple.Tuple2<Integer, Integer> truncate : truncates) {
      log.add(recorder.truncate(truncate.get2(), tables.get(truncate.get1() % tables.size())));
    }
    return new World(setting, List.copyOf(tables), runs(log, random));
  }

  /** The runs in which a log arrives, all of it at least once. */
  private static List<List<LogRecord>> runs(List<LogRecord> log, Random random) {
    List<LogRecord> arriving = disordered(log, random);
    int restart = random.nextInt(3) == 0 ? arriving.size() : random.nextInt(arriving.size() + 1);
    List<LogRecord> second = new ArrayList<>(arriving.subList(restart, arriving.size()));
    if (random.nextBoolean()) {
      second.addAll(random.nextInt(second.size() + 1), part(log, random));
    }
    return List.of(List.copyOf(arriving.subList(0, restart)), List.copyOf(second));
  }

  /**
   * Records in the source's order, a little or wholly out of it, and some of them twice; the cases
   * at the same time, or one after the other, so that a row's changes meet in a batch.
   */
  private static List<LogRecord> disordered(List<LogRecord> log, Random random) {
    List<LogRecord> arriving = new ArrayList<>(log);
    List<LogRecord> again = part(log, random);
    arriving.addAll(again.subList(0, again.size() / 3));
    Collections.shuffle(arriving, random);
    int displacement = new int[] {1, 6, 8 * SLOTS}[random.nextInt(3)];
    int ofCase = random.nextBoolean() ? 0 : 2 * SLOTS;
    List<Tuple.Tuple2<Integer, LogRecord>> placed = new ArrayList<>();
    for (LogRecord record : arriving) {
      int group = record.group() == LogRecord.SHARED ? random.nextInt(50) : record.group();
      placed.add(Tuple.of(ofCase * group + record.order() + random.nextInt(displacement), record));
    }
    placed.sort(Comparator.comparing(Tuple.Tuple2::get1));
    return new ArrayList<>(placed.stream().map(Tuple.Tuple2::get2).toList());
  }

  /** Some of the records, in any order. */
  static List<LogRecord> part(List<LogRecord> log, Random random) {
    List<LogRecord> part = new ArrayList<>(log);
    Collections.shuffle(part, random);
    return part.subList(0, random.nextInt(part.size() + 1));
  }

  private Worlds() {}
}
