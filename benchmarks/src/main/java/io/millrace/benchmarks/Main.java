package io.millrace.benchmarks;

import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.testdata.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line: {@code millrace benchmark NAME}.
 *
 * <p>Exit codes: 0 done, 1 the answers differ, 2 wrong usage, 3 something in the world failed.
 */
@Command(
    name = "benchmark",
    description = {
      "Millrace and its peers on the same work, side by side, in CPU seconds.",
      "The report goes to standard output, progress to standard error. Its last line is the ratio:"
          + " the peer's CPU seconds (or what the benchmark names) to Millrace's, the median of paired"
          + " rounds; above 1, Millrace needs less."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    subcommands = ListCommand.class)
public final class Main {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show the whole error when something fails")
  private boolean verbose;

  /** Runs a command and exits. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    Main main = new Main();
    CommandLine commands = new CommandLine(main);
    for (Benchmark benchmark : Benchmarks.ALL) {
      CommandLine command = new CommandLine(new RunCommand(benchmark));
      command
          .getCommandSpec()
          .name(benchmark.name())
          .usageMessage()
          .description(benchmark.summary() + ".", benchmark.description());
      commands.addSubcommand(benchmark.name(), command);
    }
    commands.setExecutionExceptionHandler((error, command, parsed) -> main.report(error));
    return commands.execute(arguments);
  }

  private int report(Exception error) throws Exception {
    if (verbose
        || !(error instanceof ServiceException
            || error instanceof UncheckedIOException
            || error instanceof IOException)) {
      throw error;
    }
    System.err.println("error: " + error.getMessage());
    return 3;
  }
}
