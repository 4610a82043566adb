package io.millrace.benchmarks.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All measured runs of one entrant. */
public final class Result {
  private final Entrant entrant;
  private final List<Measurement> rounds = new ArrayList<>();
  private Measurement look;

  Result(Entrant entrant) {
    this.entrant = entrant;
  }

  void add(Measurement measured) {
    rounds.add(measured);
  }

  void setLook(Measurement look) {
    this.look = look;
  }

  Entrant entrant() {
    return entrant;
  }

  /** What it answered: one answer, if all its runs agree. */
  List<String> answers() {
    List<String> answers = new ArrayList<>(rounds.stream().map(Measurement::answer).toList());
    answers.add(look.answer());
    return answers.stream().distinct().toList();
  }

  /** The median of what the ratio is of. */
  double cost(Measure measure) {
    return median(measure::of);
  }

  /** The run whose live heap was looked at. */
  Measurement look() {
    return look;
  }

  /** The last run that counts. */
  Measurement last() {
    return rounds.get(rounds.size() - 1);
  }

  double median(ToDoubleFunction<Measurement> figure) {
    return median(rounds.stream().mapToDouble(figure).toArray());
  }

  /** The ratios of another's measure to this one's, round by round; above 1: this is cheaper. */
  double[] ratios(Result other, Measure measure) {
    double[] ratios = new double[Math.min(rounds.size(), other.rounds.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = measure.of(other.rounds.get(i)) / measure.of(rounds.get(i));
    }
    return ratios;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
