package io.millrace.pipelines.retry;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.launch.RunnerSetup;
import io.millrace.testdata.Database;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A warehouse, a directory of dead letters, and the command lines between them. */
final class RetryScene {
  /** A contract of one table, with or without the column {@code colour}. */
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: items
          physicalName: public.items
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: title, physicalType: varchar(20)}
            - {name: price, physicalType: "numeric(8,2)"}
      """;

  private static final String COLOUR = "      - {name: colour, physicalType: varchar(20)}\n";

  private final Path directory;
  private final Database database;
  private final Path password;
  final Path deadLetters;
  final Path contract;
  final Path mendedContract;

  RetryScene(Path directory, Database database) throws IOException {
    this.directory = directory;
    this.database = database;
    this.password = Files.writeString(directory.resolve("password"), database.password());
    this.deadLetters = directory.resolve("dead");
    this.contract = Files.writeString(directory.resolve("contract.yaml"), CONTRACT);
    this.mendedContract = Files.writeString(directory.resolve("mended.yaml"), CONTRACT + COLOUR);
  }

  /** A change of an item in the neutral format; quotes are single. */
  static String upsert(int position, int id, String columns) {
    return String.format(
        "{'table':'public.items','op':'upsert','position':%d,'key':{'id':%d},'after':{'id':%d,%s}}",
        position, id, id, columns);
  }

  /** Replicates lines in the neutral format; an unknown column makes a dead letter. */
  CommandLine replicate(RunnerSetup runner, String... lines) throws IOException {
    Path input = directory.resolve("changes.jsonl");
    Files.write(input, Arrays.stream(lines).map(line -> line.replace('\'', '"')).toList());
    return run(
        runner,
        "replicate",
        contract,
        "--input=" + input,
        "--format=changes",
        "--unknownColumns=reject");
  }

  CommandLine retry(RunnerSetup runner, Path itsContract, String... more) {
    return run(runner, "retry-dead-letters", itsContract, more);
  }

  CommandLine run(RunnerSetup runner, String command, Path itsContract, String... more) {
    return CommandLine.run(runner, arguments(command, itsContract, more).toArray(new String[0]));
  }

  List<String> arguments(String command, Path itsContract, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--contract=" + itsContract,
                "--warehouseUrl=" + database.jdbcUrl(),
                "--warehouseUser=" + database.user(),
                "--warehousePassword=file:" + password,
                "--deadLetters=" + deadLetters));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** The options that lead a check of the generated tables into the warehouse. */
  String[] check(Path events) {
    return new String[] {
      "--answer=" + events + ".answer.jsonl",
      "--warehouseUrl=" + database.jdbcUrl(),
      "--warehouseUser=" + database.user(),
      "--warehousePassword=file:" + password
    };
  }

  /** The bytes of every file below the dead letters' directory, but for marks. */
  Map<String, String> letters() throws IOException {
    return files("stage=");
  }

  /** The bytes of every file of marks. */
  Map<String, String> marks() throws IOException {
    return files("retried");
  }

  private Map<String, String> files(String folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(deadLetters)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = deadLetters.relativize(file).toString();
        if (name.startsWith(folder)) {
          contents.put(name, Files.readString(file));
        }
      }
    }
    return contents;
  }

  List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Connection connect() throws SQLException {
    return database.connect();
  }
}
