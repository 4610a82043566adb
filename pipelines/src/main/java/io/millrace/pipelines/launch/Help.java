package io.millrace.pipelines.launch;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Help, printed from the same declarations that options are read by. */
final class Help {
  private static final int WIDTH = 100;
  private static final String PROGRAM = "./millrace";

  private final PrintStream out;

  Help(PrintStream out) {
    this.out = out;
  }

  /** What there is. */
  void overview(List<Command<?>> commands, String runner) {
    out.println("Millrace: change events in, current entities out.");
    out.println();
    out.println(
        "Usage: " + PROGRAM + " COMMAND [--runner=direct|flink|dataflow] [--option=value ...]");
    out.println();
    list(commands);
    out.println();
    line("help COMMAND", "the options of a command");
    line("list", "the commands that work on your data");
    line("version", "the versions of Millrace, Beam and Java");
    out.println();
    out.println("To try it on a sample shop (each with --help):");
    line("demo", "replicate a live database and compare both sides, row by row");
    line(
        "services",
        "a source, Debezium, Kafka and a warehouse on this machine: start, stop, status");
    line("workload", "change the sample shop of these services");
    line("generate", "a file of change events whose right answer is known");
    line("check", "compare a warehouse with that answer");
    line("benchmark", "Millrace and its peers on the same work, side by side");
    out.println();
    out.println("This program runs pipelines on " + runner + ".");
  }

  void list(List<Command<?>> commands) {
    for (Command<?> command : commands) {
      line(command.name(), command.summary());
    }
  }

  private void line(String name, String summary) {
    out.printf("  %-18s  %s%n", name, summary);
  }

  void command(Command<?> command, RunnerSetup runner) {
    out.println(command.name() + ": " + command.summary());
    out.println();
    wrap(command.description(), 0);
    out.println();
    out.println("Usage: " + PROGRAM + " " + usage(command));
    for (DeclaredOptions.Group group : DeclaredOptions.groups(command.options())) {
      out.println();
      out.println(group.title());
      group.options().forEach(this::option);
    }
    if (command instanceof PipelineCommand) {
      out.println();
      out.println("Runner");
      out.println("  --runner=direct|flink|dataflow");
      wrap("Where the pipeline runs. Default: direct.", 6);
      runner.tunable().forEach(this::tunable);
    }
    out.println();
    out.println(command.examples().size() == 1 ? "Example" : "Examples");
    for (String example : command.examples()) {
      out.println("  " + PROGRAM + " " + example.replace(" --", " \\\n      --"));
    }
  }

  private static String usage(Command<?> command) {
    List<String> words = new ArrayList<>(List.of(command.name()));
    DeclaredOptions.groups(command.options()).stream()
        .flatMap(group -> group.options().stream())
        .filter(DeclaredOption::isRequired)
        .forEach(option -> words.add(option.usage()));
    words.add("[--option=value ...]");
    return String.join(" ", words);
  }

  private void option(DeclaredOption option) {
    out.println("  " + option.usage() + (option.isRequired() ? "  (required)" : ""));
    wrap(
        option.description() + option.defaultValue().map(d -> " Default: " + d + ".").orElse(""),
        6);
  }

  private void tunable(String name, String why) {
    out.println("  --" + name);
    wrap(why, 6);
  }

  private void wrap(String text, int indent) {
    for (String paragraph : text.split("\n", -1)) {
      StringBuilder line = new StringBuilder();
      for (String word : paragraph.split(" ", -1)) {
        if (line.length() > 0 && indent + line.length() + 1 + word.length() > WIDTH) {
          out.println(" ".repeat(indent) + line);
          line.setLength(0);
        }
        line.append(line.length() == 0 ? "" : " ").append(word);
      }
      out.println((" ".repeat(indent) + line).stripTrailing());
    }
  }
}
