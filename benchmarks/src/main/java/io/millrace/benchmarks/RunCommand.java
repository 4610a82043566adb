package io.millrace.benchmarks;

import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Competition;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Report;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Result;
import io.millrace.benchmarks.harness.Scene;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one benchmark and prints its report. */
@Command
final class RunCommand implements Callable<Integer> {
  private static final int ANSWERS_DIFFER = 1;

  private final Benchmark named;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "how many, 1000 or more (default: what the benchmark's description says)")
  private Long events;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "runs of each that count (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--warmups",
      paramLabel = "N",
      description = "runs of each before those (default: 10, or what the description says)")
  private Integer warmups;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "where the benchmark can read several, the one to read (see 'list')")
  private String source;

  @Option(
      names = "--contest",
      paramLabel = "NAME",
      split = ",",
      description =
          "where the benchmark has several contests, those to run, separated by commas (default:"
              + " all)")
  private List<String> contests = List.of();

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description = "of each contestant's JVM (default: ${DEFAULT-VALUE})")
  private String heap;

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "another one for each contestant's JVM; may be repeated")
  private List<String> options = List.of();

  @Option(
      names = "--shown",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "also run those that are only shown (default: yes)")
  private boolean shown;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "where files go, and stay (default: a temporary one, deleted at the end)")
  private Path directory;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "a setting that the benchmark's description names; may be repeated")
  private Map<String, String> settings = Map.of();

  RunCommand(Benchmark benchmark) {
    this.named = benchmark;
  }

  @Override
  public Integer call() throws Exception {
    Benchmark benchmark = benchmark();
    long count = events == null ? benchmark.defaultEvents() : events;
    require(count >= 1_000, "--events must be 1000 or more");
    require(rounds >= 1, "--rounds must be 1 or more");
    require(warmups == null || warmups >= 0, "--warmups must be 0 or more");
    List<String> all = benchmark.entrants().stream().map(Entrant::contest).distinct().toList();
    for (String contest : contests) {
      require(
          all.contains(contest),
          "--contest must be one of " + String.join(", ", all) + ", got '" + contest + "'");
    }
    try (WorkDirectory work = WorkDirectory.of(directory)) {
      return run(benchmark, count, work.path());
    }
  }

  /** The one that reads what is asked for. */
  private Benchmark benchmark() {
    List<Benchmark> all = Benchmarks.bySource(named).toList();
    return all.stream()
        .filter(candidate -> source == null || candidate.source().equals(source))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    named.source().isEmpty()
                        ? named.name() + " has one source only; leave out --source"
                        : "--source must be one of "
                            + all.stream().map(Benchmark::source).collect(Collectors.joining(", "))
                            + ", got '"
                            + source
                            + "'"));
  }

  private int run(Benchmark benchmark, long count, Path work) throws Exception {
    PrintWriter progressOut = spec.commandLine().getErr();
    Consumer<String> progress =
        line -> {
          progressOut.println("[" + benchmark.name() + "] " + line);
          progressOut.flush();
        };
    Competition.Plan plan =
        new Competition.Plan(
            warmups == null ? benchmark.defaultWarmups() : warmups,
            rounds,
            shown,
            heap,
            options,
            benchmark.entrants().stream()
                .map(Entrant::contest)
                .distinct()
                .filter(contest -> contests.isEmpty() || contests.contains(contest))
                .toList());
    try (Scene scene = benchmark.prepare(new Request(count, work, settings, progress))) {
      List<Result> results =
          new Competition(
                  benchmark,
                  scene,
                  plan,
                  Files.createDirectories(work.resolve("contestants")),
                  progress)
              .run();
      Report report = new Report(benchmark, plan, count, results, scene::answer);
      report.print(scene.notes(), spec.commandLine().getOut());
      return report.answersAgree() ? 0 : ANSWERS_DIFFER;
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
