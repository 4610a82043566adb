package io.millrace.pipelines.launch;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.ReleaseInfo;

/**
 * Carries out a command line: finds the command, checks its options, runs it, and turns what goes
 * wrong into one line and an {@link ExitCode}.
 */
public final class Launcher {
  private static final Set<String> HELP = Set.of("help", "--help", "-h");

  private final List<Command<?>> commands;
  private final RunnerSetup runner;
  private final PrintStream out;
  private final PrintStream err;

  public Launcher(List<Command<?>> commands, RunnerSetup runner, PrintStream out, PrintStream err) {
    this.commands = List.copyOf(commands);
    this.runner = runner;
    this.out = out;
    this.err = err;
  }

  /** Carries out a command line and says how it went. */
  public ExitCode run(String... line) {
    List<String> arguments = Arrays.asList(line);
    boolean verbose = arguments.contains("--verbose") || arguments.contains("--verbose=true");
    try {
      dispatch(arguments);
      return ExitCode.OK;
    } catch (RunFailedException e) {
      return report(Failure.of(e.getCause()), e.getCause(), verbose);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      return report(Failure.atLaunch(e), e, verbose);
    }
  }

  private ExitCode report(Failure failure, Throwable error, boolean verbose) {
    err.println("error: " + failure.message());
    if (verbose) {
      error.printStackTrace(err);
    }
    return failure.exitCode();
  }

  private void dispatch(List<String> arguments) throws Exception {
    String name = arguments.isEmpty() ? "help" : arguments.get(0);
    List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
    Help help = new Help(out);
    if (HELP.contains(name)) {
      if (rest.isEmpty()) {
        help.overview(commands, runner.name());
      } else {
        help.command(command(rest.get(0)), runner);
      }
    } else if (name.equals("list")) {
      help.list(commands);
    } else if (name.equals("version") || name.equals("--version")) {
      version();
    } else {
      Command<?> command = command(name);
      if (rest.stream().anyMatch(HELP::contains)) {
        help.command(command, runner);
      } else {
        carryOut(command, rest);
      }
    }
  }

  private Command<?> command(String name) {
    List<String> names = commands.stream().map(Command::name).toList();
    return commands.stream()
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                LaunchException.input(
                    "there is no command '"
                        + name
                        + "'; "
                        + NearestName.of(name, names)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("there are " + String.join(", ", names))));
  }

  private <O extends PipelineOptions> void carryOut(Command<O> command, List<String> arguments)
      throws Exception {
    Arguments parsed =
        Arguments.parse(
            command.name(), arguments, DeclaredOptions.all(command.options(), runner.options()));
    parsed.take("runner").ifPresent(this::checkRunner);
    O options = parsed.as(command.options());
    if (command instanceof PipelineCommand) {
      runner.check(options, parsed::has);
    }
    command.run(options, new Session(out, err, runner, parsed::has));
  }

  /** Takes Beam's names too: {@code FlinkRunner} for {@code flink}. */
  private void checkRunner(String asked) {
    String name = asked.replaceFirst("^.*\\.", "").replaceFirst("Runner$", "");
    if (!name.equalsIgnoreCase(runner.name())) {
      throw LaunchException.input(
          "this program runs pipelines on "
              + runner.name()
              + ", not on '"
              + asked
              + "'; each runner is a program of its own, which './millrace --runner=...' chooses");
    }
  }

  private void version() {
    String version = Launcher.class.getPackage().getImplementationVersion();
    out.println(
        "Millrace "
            + (version == null ? "(not packaged)" : version)
            + ", Apache Beam "
            + ReleaseInfo.getReleaseInfo().getVersion()
            + " on "
            + runner.name()
            + ", Java "
            + Runtime.version());
  }
}
