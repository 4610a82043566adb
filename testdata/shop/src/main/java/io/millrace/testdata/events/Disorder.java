package io.millrace.testdata.events;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Holds some lines back for a while, and repeats some, as a log that is read more than once does.
 */
final class Disorder implements Line.Output {

  private record Held(long due, long number, Line line) implements Comparable<Held> {
    @Override
    public int compareTo(Held other) {
      int byDue = Long.compare(due, other.due);
      return byDue != 0 ? byDue : Long.compare(number, other.number);
    }
  }

  private final double displaced;
  private final int displacement;
  private final double duplicates;
  private final SplittableRandom random;
  private final Line.Output next;
  private final PriorityQueue<Held> held = new PriorityQueue<>();
  private long count;
  private long holding;

  /**
   * Disorder of this degree.
   *
   * @param displaced which part of the lines comes late, from 0 to 1
   * @param displacement by how many lines at most
   * @param duplicates which part of the lines comes once more, within the same distance
   */
  Disorder(long seed, double displaced, int displacement, double duplicates, Line.Output next) {
    this.displaced = displaced;
    this.displacement = displacement;
    this.duplicates = duplicates;
    this.random = new SplittableRandom(seed);
    this.next = next;
  }

  @Override
  public void accept(Line line) {
    count++;
    if (random.nextDouble() < displaced) {
      hold(line);
    } else {
      next.accept(line);
    }
    if (line.flaw() == Flaw.NONE && random.nextDouble() < duplicates) {
      hold(line);
    }
    while (!held.isEmpty() && held.peek().due() <= count) {
      next.accept(held.remove().line());
    }
  }

  private void hold(Line line) {
    held.add(new Held(count + 1 + random.nextInt(displacement), holding++, line));
  }

  @Override
  public void close() {
    while (!held.isEmpty()) {
      next.accept(held.remove().line());
    }
    next.close();
  }
}
