package io.millrace.testdata;

import io.millrace.testdata.demo.DemoCommand;
import io.millrace.testdata.events.CheckCommand;
import io.millrace.testdata.events.GenerateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line: {@code java -jar millrace-testdata.jar COMMAND}.
 *
 * <p>Exit codes: 0 done, 1 done with a negative answer, 2 wrong usage, 3 something in the world
 * failed. Failures are one line, unless {@code --verbose} asks for more.
 */
@Command(
    name = "millrace-testdata",
    description = "A sample shop, event files with a known right answer, and real local services.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    subcommands = {
      ServicesCommand.class,
      WorkloadCommand.class,
      GenerateCommand.class,
      CheckCommand.class,
      DemoCommand.class,
      ServiceCommand.class
    })
public final class Main {
  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show the whole error when something fails")
  private boolean verbose;

  /** Runs a command and exits. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "error");
    }
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    Main main = new Main();
    CommandLine commands = new CommandLine(main);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setExecutionExceptionHandler((error, command, parsed) -> main.report(error));
    return commands.execute(arguments);
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {version == null ? "not packaged" : version};
    }
  }

  private static String message(Throwable error) {
    return error instanceof NoSuchFileException
        ? "no such file: " + error.getMessage()
        : error.getMessage();
  }

  private int report(Exception error) throws Exception {
    if (verbose
        || !(error instanceof ServiceException
            || error instanceof SQLException
            || error instanceof UncheckedIOException
            || error instanceof IOException
            || error instanceof IllegalArgumentException)) {
      throw error;
    }
    System.err.println("error: " + message(error));
    return error instanceof IllegalArgumentException ? 2 : 3;
  }
}
