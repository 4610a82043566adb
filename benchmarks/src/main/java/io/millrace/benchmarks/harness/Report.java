package io.millrace.benchmarks.harness;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/** What is printed of a competition: who, where, how much; the last line is {@code ratio N.NN}. */
public final class Report {
  private final Benchmark benchmark;
  private final Competition.Plan plan;
  private final List<Result> results;
  private final List<ContestReport> contests;

  /**
   * A report.
   *
   * @param rightAnswers gives what all of a contest must have answered, or null if it is enough
   *     that they agree
   */
  public Report(
      Benchmark benchmark,
      Competition.Plan plan,
      long events,
      List<Result> results,
      UnaryOperator<String> rightAnswers) {
    this.benchmark = benchmark;
    this.plan = plan;
    this.results = results;
    this.contests =
        plan.contests().stream()
            .map(
                contest ->
                    new ContestReport(
                        benchmark,
                        benchmark.events(contest, events),
                        results.stream()
                            .filter(result -> result.entrant().contest().equals(contest))
                            .toList(),
                        rightAnswers.apply(contest)))
            .toList();
  }

  /** Prints all. */
  public void print(List<String> notes, PrintWriter out) {
    out.printf("%s: %s%n%n", benchmark.name(), benchmark.summary());
    Machine.lines().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "runs       %d of each in turns after %d to warm up, each in its own JVM with -Xmx%s%n",
        plan.rounds(),
        plan.warmups(),
        plan.heap());
    notes.forEach(note -> out.println("           " + note));
    out.println();
    contests.forEach(contest -> contest.printTable(out));
    results.stream()
        .map(Result::entrant)
        .map(entrant -> String.format("%-26s %s", entrant.name(), entrant.description()))
        .distinct()
        .forEach(out::println);
    out.println();
    contests.forEach(contest -> contest.printAnswers(out));
    worstRatio().ifPresent(ratio -> out.printf(Locale.ROOT, "ratio %.2f%n", ratio));
    out.flush();
  }

  private OptionalDouble worstRatio() {
    return contests.stream()
        .map(ContestReport::ratio)
        .flatMapToDouble(OptionalDouble::stream)
        .min();
  }

  /** Whether all entrants came to the same answer, and the right one, in all runs. */
  public boolean answersAgree() {
    return contests.stream().allMatch(ContestReport::answersAgree);
  }
}
