package io.millrace.benchmarks.harness;

import io.millrace.benchmarks.harness.Entrant.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Runs a benchmark's entrants: Millrace and its peers in turns, each in a JVM of its own that stays
 * warm, the others one after another. A pause of the machine or another program's burst thus meets
 * all, and none's compiled code is shaped by the others' calls.
 */
public final class Competition {
  private static final int SHOWN_ROUNDS = 3;

  private final Benchmark benchmark;
  private final Scene scene;
  private final Plan plan;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * How much is run.
   *
   * @param warmups runs of each before those that count
   * @param rounds runs of each that count
   * @param shown whether to run those that are only shown
   * @param heap of each JVM, such as 2g
   * @param options further ones of each JVM
   * @param contests which of the benchmark's
   */
  public record Plan(
      int warmups,
      int rounds,
      boolean shown,
      String heap,
      List<String> options,
      List<String> contests) {}

  public Competition(
      Benchmark benchmark, Scene scene, Plan plan, Path directory, Consumer<String> progress) {
    this.benchmark = benchmark;
    this.scene = scene;
    this.plan = plan;
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * Runs all.
   *
   * @throws IOException if a contestant fails
   */
  public List<Result> run() throws IOException {
    List<Result> results = new ArrayList<>();
    for (String contest : plan.contests()) {
      List<Entrant> entrants =
          benchmark.entrants().stream()
              .filter(entrant -> entrant.contest().equals(contest))
              .toList();
      results.addAll(duel(entrants));
      if (plan.shown()) {
        for (Entrant entrant : with(Role.SHOWN, entrants)) {
          results.addAll(
              turns(
                  List.of(entrant),
                  Math.min(1, plan.warmups()),
                  Math.min(SHOWN_ROUNDS, plan.rounds())));
        }
      }
    }
    return results;
  }

  private List<Result> duel(List<Entrant> entrants) throws IOException {
    List<Entrant> both = new ArrayList<>(with(Role.MILLRACE, entrants));
    both.addAll(with(Role.PEER, entrants));
    return turns(both, plan.warmups(), plan.rounds());
  }

  private static List<Entrant> with(Role role, List<Entrant> entrants) {
    return entrants.stream().filter(entrant -> entrant.role() == role).toList();
  }

  private List<Result> turns(List<Entrant> entrants, int warmups, int rounds) throws IOException {
    List<ContestantProcess> processes = new ArrayList<>();
    List<Result> results = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        processes.add(
            ContestantProcess.start(
                benchmark, entrant, scene.settings(), plan.heap(), plan.options(), directory));
        results.add(new Result(entrant));
      }
      for (int round = -warmups; round < rounds; round++) {
        for (int turn : order(entrants.size(), round)) {
          Measurement measured = processes.get(turn).run();
          note(entrants.get(turn), round, measured);
          if (round >= 0) {
            results.get(turn).add(measured);
          }
        }
      }
      for (int i = 0; i < processes.size(); i++) {
        progress.accept(entrants.get(i).title() + ": live heap ...");
        results.get(i).setLook(processes.get(i).look());
      }
      return results;
    } finally {
      processes.forEach(ContestantProcess::close);
    }
  }

  /** First to last in even rounds, last to first in odd ones. */
  private static List<Integer> order(int count, int round) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    if (round % 2 != 0) {
      Collections.reverse(order);
    }
    return order;
  }

  private void note(Entrant entrant, int round, Measurement measured) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s, %s: %.2f s CPU, %.2f s; %s",
            round < 0 ? "warm-up" : "round " + (round + 1),
            entrant.title(),
            measured.cpuSeconds(),
            measured.wallSeconds(),
            measured.answer()));
  }
}
