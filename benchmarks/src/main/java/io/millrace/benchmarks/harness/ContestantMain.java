package io.millrace.benchmarks.harness;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.millrace.benchmarks.Benchmarks;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One contestant in a JVM of its own. The first line on standard input holds its settings; each
 * line after it asks for a run, which is answered by a {@link Measurement} on standard output. It
 * ends when its input does.
 */
public final class ContestantMain {
  /** Asks for a run. */
  static final String RUN = "run";

  /** Asks for a run whose live heap is looked at; its CPU time is of no use. */
  static final String LOOK = "look";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Contestant contestant;
  private final HeapMeter heap = new HeapMeter();

  private ContestantMain(Contestant contestant) {
    this.contestant = contestant;
  }

  /** Takes the name of a benchmark and the title of an entrant. */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Entrant entrant =
        Benchmarks.named(arguments[0]).orElseThrow().entrants().stream()
            .filter(candidate -> candidate.title().equals(arguments[1]))
            .findAny()
            .orElseThrow();
    Map<String, String> settings =
        JSON.readValue(requests.readLine(), new TypeReference<Map<String, String>>() {});
    try (Contestant contestant = entrant.factory().create(Settings.of(settings))) {
      ContestantMain main = new ContestantMain(contestant);
      String request = requests.readLine();
      while (request != null) {
        answers.println(JSON.writeValueAsString(main.measure(request.equals(LOOK))));
        answers.flush();
        request = requests.readLine();
      }
    }
    System.exit(0);
  }

  private Measurement measure(boolean look) throws Exception {
    contestant.reset();
    long liveBefore = heap.collect();
    long allocatedBefore = heap.allocated();
    long live = 0;
    long cpuBefore = SYSTEM.getProcessCpuTime();
    long begin = System.nanoTime();
    if (look) {
      try (LiveHeap watch = new LiveHeap(heap)) {
        contestant.run();
        live = watch.most() - liveBefore;
      }
    } else {
      contestant.run();
    }
    long wall = System.nanoTime() - begin;
    long cpu = SYSTEM.getProcessCpuTime() - cpuBefore;
    heap.collect();
    Outcome outcome = contestant.outcome();
    return new Measurement(
        cpu / 1e9 + outcome.otherCpuSeconds(),
        wall / 1e9,
        heap.allocated() - allocatedBefore,
        live,
        outcome.answer(),
        outcome.keys(),
        outcome.shown());
  }
}
