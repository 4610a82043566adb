package io.millrace.benchmarks.harness;

import io.millrace.benchmarks.harness.Entrant.Role;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What is printed of a competition: who, where, how much; the last line is {@code ratio N.NN}. */
public final class Report {
  private static final String ROW = "%-26s %8s %8s %8s %8s %9s %9s %9s%n";

  private final Benchmark benchmark;
  private final Competition.Plan plan;
  private final long events;
  private final List<Result> results;
  private final @Nullable String rightAnswer;

  /**
   * A report.
   *
   * @param rightAnswer what all must have answered, or null if it is enough that they agree
   */
  public Report(
      Benchmark benchmark,
      Competition.Plan plan,
      long events,
      List<Result> results,
      @Nullable String rightAnswer) {
    this.rightAnswer = rightAnswer;
    this.benchmark = benchmark;
    this.plan = plan;
    this.events = events;
    this.results = results;
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
    out.printf(ROW, "", "CPU s", "us/event", "ratio", "wall s", "alloc B", "live MB", "state B");
    out.printf(ROW, "", "", "", "to it", "", "/event", "heap", "/key");
    results.forEach(result -> row(result, out));
    out.println();
    results.forEach(
        result ->
            out.printf("%-26s %s%n", result.entrant().name(), result.entrant().description()));
    out.println();
    extras(out);
    out.println(answers());
    peer()
        .ifPresent(
            peer -> {
              double[] ratios = millrace().ratios(peer, benchmark.measure());
              out.printf(
                  "rounds, by %s: %s%n",
                  benchmark.measure().words(),
                  Arrays.stream(ratios)
                      .mapToObj(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                      .collect(Collectors.joining(" ")));
              out.printf(Locale.ROOT, "ratio %.2f%n", Result.median(ratios));
            });
    out.flush();
  }

  private void row(Result result, PrintWriter out) {
    double cpu = result.median(Measurement::cpuSeconds);
    long keys = result.look().keys();
    out.printf(
        ROW,
        result.entrant().name(),
        decimal(cpu),
        decimal(cpu * 1e6 / events),
        decimal(Result.median(millrace().ratios(result, benchmark.measure()))),
        decimal(result.median(Measurement::wallSeconds)),
        whole(result.median(Measurement::allocatedBytes) / events),
        whole(result.look().liveBytes() / 1e6),
        keys == 0 ? "-" : whole((double) result.look().liveBytes() / keys));
  }

  private void extras(PrintWriter out) {
    boolean any = false;
    for (Result result : results) {
      for (var figure : result.last().shown().entrySet()) {
        out.printf("%-26s %s: %s%n", result.entrant().name(), figure.getKey(), figure.getValue());
        any = true;
      }
    }
    if (any) {
      out.println();
    }
  }

  private String answers() {
    List<String> answers = distinctAnswers();
    if (answers.size() == 1) {
      return "answers: the same in every run"
          + (rightAnswer == null ? "" : ", and right")
          + ": "
          + answers.get(0);
    }
    List<String> told = new ArrayList<>();
    if (rightAnswer != null) {
      told.add("right: " + rightAnswer);
    }
    results.forEach(result -> told.add(result.entrant().name() + ": " + result.answers()));
    return "answers DIFFER\n  " + String.join("\n  ", told);
  }

  private List<String> distinctAnswers() {
    return Stream.concat(
            results.stream().flatMap(result -> result.answers().stream()),
            Stream.ofNullable(rightAnswer))
        .distinct()
        .toList();
  }

  /** Whether all entrants came to the same answer, and the right one, in all runs. */
  public boolean answersAgree() {
    return distinctAnswers().size() == 1;
  }

  private Result millrace() {
    return results.stream()
        .filter(result -> result.entrant().role() == Role.MILLRACE)
        .findFirst()
        .orElseThrow();
  }

  private Optional<Result> peer() {
    return results.stream().filter(result -> result.entrant().role() == Role.PEER).findFirst();
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
