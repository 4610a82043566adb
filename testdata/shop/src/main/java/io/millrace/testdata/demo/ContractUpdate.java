package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.ServiceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings in what waited for a new contract: does what {@code docs/evolution.md} tells a user to do
 * once the source's columns have changed, and says so.
 */
final class ContractUpdate {
  private static final Duration RETRY_LIMIT = Duration.ofMinutes(3);
  private static final Pattern REMEDY = Pattern.compile("  - table .*, or run: (.+;)");
  private static final Pattern RETRIED =
      Pattern.compile("all\\s+([\\d,]+)\\s+([\\d,]+)\\s+([\\d,]+)");

  private final Program program;
  private final Database warehouse;
  private final Display display;
  private final Set<String> done = new HashSet<>();
  private final Path withOldNames;
  private final Path contract;

  /**
   * Writes the new contract.
   *
   * @param directory where it goes
   */
  ContractUpdate(Program program, ColumnChanges changes, Path directory, Display display) {
    this.program = program;
    this.warehouse = program.warehouse();
    this.display = display;
    NewContract draft = NewContract.draft(program, directory.resolve("draft.odcs.yaml"), changes);
    this.withOldNames = draft.writeWithOldNames(directory.resolve("widened.odcs.yaml"));
    this.contract = draft.write(directory.resolve("new.odcs.yaml"));
  }

  /** The new contract. */
  Path contract() {
    return contract;
  }

  /**
   * Starts the pipeline with the new contract, and sends the dead letters again: before with the
   * columns' old names, which those from before a renaming have, and after with the new ones.
   *
   * @param start starts it with a contract
   */
  Pipeline apply(Function<Path, Pipeline> start) throws SQLException {
    retry(withOldNames);
    Pipeline pipeline = start.apply(contract);
    while (!pipeline.awaitPrepared()) {
      alterWarehouse(pipeline.log());
      pipeline = start.apply(contract);
    }
    retry(contract);
    return pipeline;
  }

  private void retry(Path with) throws SQLException {
    if (DeadLetters.waiting(program.deadLetters()) == 0) {
      return;
    }
    List<String> options = new ArrayList<>(program.warehouseAccess());
    options.add("--contract=" + with);
    options.add("--deadLetters=" + program.deadLetters());
    Program.Result result = program.run(RETRY_LIMIT, "retry-dead-letters", options);
    while (result.exitCode() != 0) {
      alterWarehouse(result.errors());
      result = program.run(RETRY_LIMIT, "retry-dead-letters", options);
    }
    for (String line : result.output()) {
      Matcher matcher = RETRIED.matcher(line);
      if (matcher.lookingAt()) {
        display.say(
            "Dead letters: %s sent again, %s written, %s still failing."
                .formatted(matcher.group(1), matcher.group(2), matcher.group(3)));
      }
    }
  }

  /**
   * Runs the statements that an error names.
   *
   * @throws ServiceException if it names none that was not run before
   */
  private void alterWarehouse(List<String> errors) throws SQLException {
    int ran = 0;
    for (String line : errors) {
      Matcher matcher = REMEDY.matcher(line);
      if (matcher.matches() && done.add(matcher.group(1))) {
        display.say("The warehouse does not fit yet. As the error says: " + matcher.group(1));
        try (Connection connection = warehouse.connect();
            Statement statement = connection.createStatement()) {
          statement.execute(matcher.group(1));
        }
        ran++;
      }
    }
    if (ran == 0) {
      throw new ServiceException(
          "Millrace does not take the new contract "
              + contract
              + ":\n"
              + String.join("\n", errors));
    }
  }
}
