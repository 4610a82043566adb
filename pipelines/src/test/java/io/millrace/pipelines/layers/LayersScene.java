package io.millrace.pipelines.layers;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.RunningCommand;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A contract with all layers, and the pipelines that make them: of topics, or of a landing. */
final class LayersScene {
  static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: purchases
          physicalName: purchases
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: at, physicalType: timestamptz}
            - {name: buyer, physicalType: text}
            - {name: amount, physicalType: "numeric(10,2)"}
        - name: orders
          physicalName: public.orders
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: customer, physicalType: bigint}
            - {name: total, physicalType: "numeric(10,2)"}
            - {name: note, physicalType: text}
        - name: customers
          physicalName: public.customers
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: segment, physicalType: text}
        - name: buyers
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: purchases}
            - {property: horizon, value: P1D}
          properties:
            - {name: buyer, physicalType: text, primaryKey: true}
            - {name: spent, physicalType: "numeric(20,2)", customProperties: [{property: value, value: sum(amount)}]}
            - {name: last_amount, physicalType: "numeric(10,2)", customProperties: [{property: value, value: last(amount)}]}
        - name: revenue_per_hour
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1H}
            - {property: allowedLateness, value: P1D}
            - {property: earlyFirings, value: PT0.2S}
          properties:
            - name: hour
              physicalName: window_start
              physicalType: timestamptz
              primaryKey: true
              customProperties: [{property: value, value: window_start}]
            - {name: pane, physicalType: text, customProperties: [{property: value, value: pane}]}
            - {name: revenue, physicalType: "numeric(20,2)", customProperties: [{property: value, value: sum(amount)}]}
        - name: revenue_by_segment
          customProperties:
            - {property: kind, value: view}
            - {property: query, value: "SELECT c.segment, count(*) AS orders, sum(o.total) AS revenue FROM orders o JOIN customers c ON c.id = o.customer GROUP BY c.segment"}
          properties:
            - {name: segment, physicalType: text, primaryKey: true}
            - {name: orders, physicalType: bigint}
            - {name: revenue, physicalType: "numeric(20,2)"}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestRunner runner;
  private final Topics topics;
  private final Database warehouse;
  private final Path directory;
  private final Path contract;
  private final Path password;

  LayersScene(TestRunner runner, Topics topics, Database warehouse, Path directory)
      throws IOException {
    this.runner = runner;
    this.topics = topics;
    this.warehouse = warehouse;
    this.directory = directory;
    contract = Files.writeString(directory.resolve("shop.odcs.yaml"), CONTRACT);
    password = Files.writeString(directory.resolve("password"), warehouse.password());
  }

  /** The directory of a lake, or of the landing. */
  String directory(String name) {
    return directory.resolve(name).toString();
  }

  /** Starts the archive of all topics. */
  RunningCommand archive() {
    return RunningCommand.start(
        runner,
        "archive",
        "--landing=" + directory("landing"),
        "--landingMaxAgeSeconds=1",
        "--kafkaBootstrapServers=" + topics.bootstrapServers(),
        "--kafkaTopics=" + topics.events() + "," + topics.changes());
  }

  /** Starts what makes each layer of the topics, for version 1. */
  List<RunningCommand> live() {
    List<RunningCommand> live = new ArrayList<>();
    for (List<String> command :
        List.of(
            List.of("replicate", "--format=events", "--lake=" + directory("live")),
            List.of("replicate"),
            List.of("denormalize"),
            List.of("evolve"),
            List.of("summarize"))) {
      List<String> arguments = new ArrayList<>(command);
      boolean lake = command.size() > 1;
      if (!lake) {
        arguments.add("--targetVersion=1");
      }
      arguments.add("--contract=" + contract);
      arguments.add("--kafkaBootstrapServers=" + topics.bootstrapServers());
      arguments.add("--kafkaTopics=" + topicsOf(arguments));
      arguments.addAll(more(arguments, "live"));
      if (lake) {
        arguments.add("--lakeMaxAgeSeconds=1");
      } else if (readsEvents(arguments)) {
        arguments.addAll(List.of("--disorder=60", "--idleWait=3600"));
      }
      live.add(RunningCommand.start(runner, arguments.toArray(new String[0])));
    }
    return live;
  }

  /** Carries out what {@code layers} prints, for version 2; answers the commands as printed. */
  Set<String> rebuild() throws IOException {
    CommandLine layers =
        CommandLine.run(TestRunner.DIRECT, "layers", "--json", "--contract=" + contract);
    assertThat(layers.err(), layers.exitCode(), is(ExitCode.OK));
    Set<String> commands = new LinkedHashSet<>();
    JSON.readTree(layers.out()).forEach(table -> commands.add(table.get("command").asText()));
    for (String command : commands) {
      List<String> arguments = new ArrayList<>();
      for (String word : command.split(" ", -1)) {
        arguments.add(
            word.replace("--fromLanding=DIR", "--fromLanding=" + directory("landing"))
                .replace("--lake=DIR", "--lake=" + directory("rebuilt"))
                .replace("--fromLake=DIR", "--fromLake=" + directory("rebuilt"))
                .replace("--targetVersion=N", "--targetVersion=2"));
      }
      assertThat(arguments.remove(0), is("./millrace"));
      arguments.replaceAll(
          word ->
              word.equals("--kafkaTopics=TOPICS") ? "--kafkaTopics=" + topicsOf(arguments) : word);
      arguments.addAll(more(arguments, "rebuilt"));
      CommandLine run = CommandLine.run(runner, arguments.toArray(new String[0]));
      assertThat(command + "\n" + run.err(), run.exitCode(), is(ExitCode.OK));
    }
    return commands;
  }

  private static boolean readsEvents(List<String> arguments) {
    return arguments.contains("--format=events")
        || List.of("evolve", "summarize").contains(arguments.get(0));
  }

  private String topicsOf(List<String> arguments) {
    return readsEvents(arguments) ? topics.events() : topics.changes();
  }

  /** What a pipeline is told beside what {@code layers} knows, live or not. */
  private List<String> more(List<String> arguments, String deadLetters) {
    List<String> more = new ArrayList<>();
    boolean lake = arguments.contains("--format=events");
    boolean ofEvents = !lake && readsEvents(arguments);
    Path dead = directory.resolve("dead").resolve(deadLetters + (ofEvents ? "-events" : ""));
    more.add("--deadLetters=" + dead);
    if (!lake) {
      more.add("--warehouseUrl=" + warehouse.jdbcUrl());
      more.add("--warehouseUser=" + warehouse.user());
      more.add("--warehousePassword=file:" + password);
      more.add(ofEvents ? "--dropDuplicates=86400" : "--format=changes");
      if (arguments.contains("replicate")) {
        more.add("--history=true");
      }
    }
    return more;
  }

  /** The first column of what a query gives; nothing as long as its tables are not there. */
  List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    } catch (SQLException e) {
      if (!"42P01".equals(e.getSQLState())) {
        throw e;
      }
    }
    return rows;
  }

  /**
   * The dead letters of pipelines, but for the time of rejection.
   *
   * @param of {@code live} or {@code rebuilt}; with {@code -events}, those of tables made of
   *     events, which live see broken ones and in a lake do not
   */
  List<String> deadLetters(String of) throws IOException {
    Path dead = directory.resolve("dead").resolve(of);
    List<String> letters = new ArrayList<>();
    if (!Files.exists(dead)) {
      return letters;
    }
    try (Stream<Path> files = Files.walk(dead)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode letter = JSON.readTree(line);
          ((ObjectNode) letter).remove("rejectedAt");
          letters.add(letter.toString());
        }
      }
    }
    letters.sort(null);
    return letters;
  }
}
