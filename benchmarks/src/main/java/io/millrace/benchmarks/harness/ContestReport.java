package io.millrace.benchmarks.harness;

import io.millrace.benchmarks.harness.Entrant.Role;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What is printed of one contest. */
final class ContestReport {
  private static final String ROW = "%-26s %8s %8s %8s %8s %9s %9s %9s%n";

  private final Benchmark benchmark;
  private final long events;
  private final List<Result> results;
  private final @Nullable String rightAnswer;

  ContestReport(
      Benchmark benchmark, long events, List<Result> results, @Nullable String rightAnswer) {
    this.benchmark = benchmark;
    this.events = events;
    this.results = results;
    this.rightAnswer = rightAnswer;
  }

  void printTable(PrintWriter out) {
    out.printf(
        ROW, contest(), "CPU s", "us/event", "ratio", "wall s", "alloc B", "live MB", "state B");
    out.printf(ROW, "", "", "", "to it", "", "/event", "heap", "/" + benchmark.stateUnit());
    results.forEach(result -> row(result, out));
    out.println();
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

  /** Prints further figures, whether the answers agree, and the ratio of each round. */
  void printAnswers(PrintWriter out) {
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
    String prefix = contest().isEmpty() ? "" : contest() + ": ";
    out.println(prefix + answers());
    peer()
        .ifPresent(
            peer ->
                out.printf(
                    "%srounds, by %s: %s%n",
                    prefix,
                    benchmark.measure().words(),
                    Arrays.stream(millrace().ratios(peer, benchmark.measure()))
                        .mapToObj(ContestReport::decimal)
                        .collect(Collectors.joining(" "))));
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
  boolean answersAgree() {
    return distinctAnswers().size() == 1;
  }

  /** The median of the rounds' ratios to the cheapest peer. */
  OptionalDouble ratio() {
    return peer()
        .map(peer -> OptionalDouble.of(Result.median(millrace().ratios(peer, benchmark.measure()))))
        .orElseGet(OptionalDouble::empty);
  }

  private String contest() {
    return results.get(0).entrant().contest();
  }

  private Result millrace() {
    return results.stream()
        .filter(result -> result.entrant().role() == Role.MILLRACE)
        .findFirst()
        .orElseThrow();
  }

  private Optional<Result> peer() {
    return results.stream()
        .filter(result -> result.entrant().role() == Role.PEER)
        .min(Comparator.comparingDouble(result -> result.cost(benchmark.measure())));
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
