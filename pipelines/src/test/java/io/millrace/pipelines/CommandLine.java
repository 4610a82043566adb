package io.millrace.pipelines;

import io.millrace.pipelines.launch.ExitCode;
import io.millrace.pipelines.launch.Launcher;
import io.millrace.pipelines.launch.RunnerSetup;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A command line that was carried out, and what came of it.
 *
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record CommandLine(ExitCode exitCode, String out, String err) {

  /** Carries out a command line in this JVM. */
  public static CommandLine run(RunnerSetup runner, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ExitCode exitCode =
        new Launcher(
                Millrace.COMMANDS,
                runner,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(arguments);
    return new CommandLine(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
