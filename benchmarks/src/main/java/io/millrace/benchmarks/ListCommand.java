package io.millrace.benchmarks;

import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code list}: explains every benchmark. */
@Command(name = "list", description = "Explains every benchmark and who takes part in it.")
final class ListCommand implements Runnable {
  private static final int WIDTH = 100;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    for (Benchmark benchmark : Benchmarks.ALL.stream().flatMap(Benchmarks::bySource).toList()) {
      out.printf("%s: %s%n%n", benchmark.name(), benchmark.summary());
      wrap(benchmark.description(), "  ", out);
      out.println();
      for (Entrant entrant : benchmark.entrants()) {
        String role =
            switch (entrant.role()) {
              case MILLRACE -> "";
              case PEER -> " (the ratio is with it)";
              case SHOWN -> " (shown)";
            };
        wrap(entrant.title() + role + ": " + entrant.description(), "  - ", out);
      }
      out.println();
    }
    out.flush();
  }

  private static void wrap(String text, String indent, PrintWriter out) {
    StringBuilder line = new StringBuilder(indent);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + word.length() >= WIDTH) {
        out.println(line);
        line = new StringBuilder(" ".repeat(indent.length()));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    out.println(line);
  }
}
