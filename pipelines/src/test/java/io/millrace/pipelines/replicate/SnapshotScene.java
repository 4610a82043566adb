package io.millrace.pipelines.replicate;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.launch.RunnerSetup;
import io.millrace.pipelines.launch.Session;
import io.millrace.testdata.Database;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A source with tables of items, a warehouse, and what replicates between them. */
final class SnapshotScene {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
      """;

  private static final String TABLE =
      """
        - name: %1$s
          physicalName: public.%1$s
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: title, physicalType: varchar(20)}
            - {name: price, physicalType: "numeric(8,2)"}
      """;

  private final Path directory;
  private final Database source;
  private final Database warehouse;

  /**
   * Creates the source's tables.
   *
   * @param directory for the contract and the dead letters
   */
  SnapshotScene(Path directory, Database source, Database warehouse, String... tables)
      throws SQLException, IOException {
    this.directory = Files.createDirectories(directory);
    this.source = source;
    this.warehouse = warehouse;
    StringBuilder contract = new StringBuilder(CONTRACT);
    for (String table : tables) {
      contract.append(TABLE.formatted(table));
      atSource(
          "CREATE TABLE IF NOT EXISTS "
              + table
              + " (id bigint PRIMARY KEY, title varchar(20), price numeric(8,2))");
    }
    Files.writeString(directory.resolve("shop.odcs.yaml"), contract.toString());
    Files.writeString(directory.resolve("password"), warehouse.password());
  }

  CommandLine replicate(RunnerSetup runner, List<String> lines, String... more) throws IOException {
    Path input = Files.write(directory.resolve("records.jsonl"), lines);
    List<String> arguments = new ArrayList<>(List.of("replicate", "--input=" + input));
    arguments.addAll(arguments(more));
    return CommandLine.run(runner, arguments.toArray(new String[0]));
  }

  /** Begins to replicate topics without end, until it is cancelled. */
  PipelineResult replicateLive(RunnerSetup runner, String... more) {
    ReplicateOptions options =
        PipelineOptionsFactory.fromArgs(arguments(more).toArray(new String[0]))
            .as(ReplicateOptions.class);
    ReplicateCommand command = new ReplicateCommand();
    command.prepare(options, new Session(System.out, System.err, runner, given -> true));
    options.setRunner(runner.runner());
    runner.tune(options, given -> false, true);
    Pipeline pipeline = Pipeline.create(options);
    command.build(pipeline, options);
    return pipeline.run();
  }

  /** What all runs are told, and more. */
  private List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--contract=" + directory.resolve("shop.odcs.yaml"),
                "--warehouseUrl=" + warehouse.jdbcUrl(),
                "--warehouseUser=" + warehouse.user(),
                "--warehousePassword=file:" + directory.resolve("password"),
                "--deadLetters=" + directory.resolve("dead")));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** How a table of the warehouse, or a view, differs from the table at the source. */
  TableAudit audit(String table, String found) throws SQLException, IOException {
    List<String> columns = TableRows.columns(source, table);
    try (TableRows expected = new TableRows(source, table, List.of("id"), columns);
        TableRows there = new TableRows(warehouse, found, List.of("id"), columns)) {
      return TableAudit.compare(table, columns, expected, there);
    }
  }

  void atSource(String sql) throws SQLException {
    execute(source, sql);
  }

  void inWarehouse(String sql) throws SQLException {
    execute(warehouse, sql);
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of all rows, as text. */
  List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
