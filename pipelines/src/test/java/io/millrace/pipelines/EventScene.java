package io.millrace.pipelines;

import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Events in a file, their contract, and the warehouse that a pipeline makes tables of them in. */
public final class EventScene {
  private final Path directory;
  private final Database database;
  private final Path password;

  /** A scene in an empty directory, with a database of its own. */
  public EventScene(LocalPostgres postgres, String name, Path directory) throws Exception {
    this.directory = directory;
    database = postgres.database(name);
    password = Files.writeString(directory.resolve("password"), database.password() + "\n");
  }

  /** Writes the contract. */
  public void contract(String yaml) throws IOException {
    Files.writeString(directory.resolve("shop.odcs.yaml"), yaml);
  }

  /** Writes the file of events, one JSON object a line; single quotes stand for double ones. */
  public void events(String... lines) throws IOException {
    Files.write(
        directory.resolve("events.jsonl"),
        Arrays.stream(lines).map(line -> line.replace('\'', '"')).toList());
  }

  /** Carries out a command that reads the file and writes to the warehouse. */
  public CommandLine run(TestRunner runner, String command, String... more) {
    return runFrom("--input=" + directory.resolve("events.jsonl"), runner, command, more);
  }

  /** Carries out a command that reads what this option names and writes to the warehouse. */
  public CommandLine runFrom(String source, TestRunner runner, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, source));
    arguments.addAll(withoutSource());
    arguments.addAll(List.of(more));
    return CommandLine.run(runner, arguments.toArray(new String[0]));
  }

  /** The options that name the file, the contract and the warehouse. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--input=" + directory.resolve("events.jsonl"));
    arguments.addAll(withoutSource());
    return arguments;
  }

  /** The options that name the contract and the warehouse. */
  public List<String> withoutSource() {
    return List.of(
        "--contract=" + directory.resolve("shop.odcs.yaml"),
        "--warehouseUrl=" + database.jdbcUrl(),
        "--warehouseUser=" + database.user(),
        "--warehousePassword=file:" + password,
        "--deadLetters=" + directory.resolve("dead"));
  }

  /** The lines of all files of dead letters. */
  public List<String> deadLetters() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory.resolve("dead"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /**
   * What the ledger says of a run's events, by type: {@code read = accepted + duplicate + late +
   * rejected + control}.
   */
  public List<String> ledger(String run) throws SQLException {
    return query(
        """
        SELECT concat(l."table", ': ', read, ' = ', concat_ws(' + ', accepted, duplicate, late,
            rejected, control))
        FROM _millrace.ledger AS l
        WHERE stage = 'events' AND superseded = 0 AND run = '%s' ORDER BY 1
        """
            .formatted(run));
  }

  /** Carries out a statement in the warehouse. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what a query gives. */
  public List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
