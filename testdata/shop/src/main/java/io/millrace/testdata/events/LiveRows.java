package io.millrace.testdata.events;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The rows of a table that live, to be picked with a skew: a few are changed most of the time. */
final class LiveRows {
  private static final int GRAVES = 10_000;

  private final List<Row> rows = new ArrayList<>();
  private final List<Long> dead = new ArrayList<>();
  private final double skew;
  private long last;

  /**
   * @param skew the exponent of Zipf's law; 0 picks all alike
   */
  LiveRows(double skew) {
    this.skew = skew;
  }

  int size() {
    return rows.size();
  }

  List<Row> all() {
    return rows;
  }

  void add(Row row) {
    row.place = rows.size();
    rows.add(row);
  }

  void remove(Row row) {
    Row moved = rows.remove(rows.size() - 1);
    if (moved != row) {
      moved.place = row.place;
      rows.set(row.place, moved);
    }
  }

  void bury(long number) {
    if (dead.size() < GRAVES) {
      dead.add(number);
    }
  }

  /** A number for a new row; now and then one that was deleted. */
  long unused(SplittableRandom random) {
    if (!dead.isEmpty() && random.nextInt(8) == 0) {
      int place = random.nextInt(dead.size());
      long number = dead.get(place);
      dead.set(place, dead.get(dead.size() - 1));
      dead.remove(dead.size() - 1);
      return number;
    }
    return ++last;
  }

  Row pick(SplittableRandom random) {
    return rows.get((int) Math.min(rank(random.nextDouble()), rows.size() - 1L));
  }

  /** The inverse of Zipf's distribution, in its continuous approximation. */
  private long rank(double uniform) {
    double count = rows.size() + 1.0;
    if (Math.abs(skew - 1) < 1e-9) {
      return (long) Math.pow(count, uniform) - 1;
    }
    double power = 1 - skew;
    return (long) Math.pow((Math.pow(count, power) - 1) * uniform + 1, 1 / power) - 1;
  }
}
