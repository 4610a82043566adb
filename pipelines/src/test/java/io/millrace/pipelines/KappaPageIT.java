package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalDebezium;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.landing.Landing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walk in {@code docs/kappa.md}, command by command, on Flink. Places and passwords are those
 * of local services; and files of the landing and dead letters do not wait.
 */
@Timeout(240)
class KappaPageIT {
  private static final String SHOP =
      """
      CREATE TABLE customers (id bigint PRIMARY KEY, country text);
      CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, status text,
        total numeric(10,2));
      INSERT INTO customers VALUES (1, 'DE'), (2, 'DE'), (3, 'NZ');
      INSERT INTO orders VALUES (1, 1, 'paid', 10), (2, 2, 'paid', 20), (4, 3, 'paid', 7.50);
      """;

  private final List<RunningCommand> running = new ArrayList<>();
  private final Map<String, String> places = new LinkedHashMap<>();

  @TempDir Path directory;
  private LocalPostgres postgres;
  private LocalKafka kafka;
  private Database shop;
  private Database warehouse;
  private ShellPage page;
  private List<List<List<String>>> blocks;

  @BeforeEach
  void start() throws Exception {
    postgres = LocalPostgres.start("postgres");
    kafka = LocalKafka.start();
    shop = postgres.database("shop");
    warehouse = postgres.database("warehouse");
    page = new ShellPage("kappa.md");
    blocks = page.commands(Files.createDirectory(directory.resolve("shell")));
    Path password = Files.writeString(directory.resolve("password"), postgres.password());
    places.put("kafka.example.com:9092", kafka.bootstrapServers());
    places.put("jdbc:postgresql://shop.example.com/shop", shop.jdbcUrl());
    places.put("jdbc:postgresql://warehouse.example.com/warehouse", warehouse.jdbcUrl());
    places.put("User=reader", "User=" + shop.user());
    places.put("User=millrace", "User=" + warehouse.user());
    places.put("env:SHOP_PASSWORD", "file:" + password);
    places.put("env:WAREHOUSE_PASSWORD", "file:" + password);
    places.put("anding=landing", "anding=" + directory.resolve("landing"));
    file("shop.odcs.yaml", page.blocks("yaml").get(0));
    file("shop-2.odcs.yaml", page.changedYaml());
  }

  private void file(String name, String text) throws IOException {
    places.put("=" + name, "=" + Files.writeString(directory.resolve(name), text));
  }

  @AfterEach
  void stop() {
    running.forEach(RunningCommand::close);
    kafka.close();
    postgres.close();
  }

  @Test
  void theWalkIsAsThePageTells() throws Exception {
    execute(shop, SHOP);
    try (LocalDebezium debezium =
        LocalDebezium.from(shop)
            .to(kafka.bootstrapServers())
            .tables("public.customers", "public.orders")
            .with("provide.transaction.metadata", "true")
            .start()) {
      debezium.awaitStreaming(Duration.ofSeconds(60));
      execute(shop, "INSERT INTO orders VALUES (3, 1, 'open', 30)");
      execute(shop, "UPDATE orders SET status = 'cancelled' WHERE id = 3");
      awaitTopics(Set.of("shop.public.customers", "shop.public.orders"));
      goOn(1);
      goOn(2);
      await(2, () -> revenue("public").equals(shown(0)));
      await(0, () -> landed() >= 8);
      await(1, () -> rows("public_v1.orders", "status = 'cancelled'") == 1);
      assertDone(3);

      forgetWhatIsLanded();
      goOn(4);
      execute(shop, "INSERT INTO orders VALUES (5, 2, 'paid', 20)");
      execute(shop, "UPDATE customers SET country = 'NZ' WHERE id = 3");
      await(4, () -> revenue("public_v2").equals(shown(1)));
      await(2, () -> revenue("public").equals(List.of("DE,4,80.00", "NZ,1,7.50")));
      await(3, () -> rows("public_v2.orders", "is_large") == 3);
      await(3, () -> rows("_millrace.progress", "true") == 2);
      showsWhatIsDifferent(carryOut(5));

      assertDone(6);
      assertThat(revenue("public"), is(shown(1)));
      assertDone(7);
      assertThat(revenue("public"), is(List.of("DE,4,80.00", "NZ,1,7.50")));
      assertDone(6);
      running.get(1).close();
      running.get(2).close();
      assertDone(8);
      assertThat(rows("pg_namespace", "nspname = 'public_v1'"), is(0));
      assertThat(revenue("public"), is(shown(1)));
      List<CommandLine> upkeep = assertDone(9);
      assertThat(upkeep.get(0).out(), containsString("nothing is wrong with the landing"));
    }
  }

  /** The readers' rows on the page, before or after. */
  private List<String> shown(int place) {
    return page.blocks("csv").get(place).lines().toList();
  }

  private void showsWhatIsDifferent(List<CommandLine> lines) {
    assertThat(lines.get(0).out(), containsString("version 2 (public_v2)"));
    assertThat(lines.get(1).out() + lines.get(1).err(), lines.get(1).exitCode(), is(ExitCode.OK));
    CommandLine diff = lines.get(2);
    assertThat(diff.err(), diff.exitCode(), is(ExitCode.BUG));
    assertThat(
        diff.out().lines().skip(2).map(KappaPageIT::oneBlank).toList(),
        is(page.blocks("text").get(0).lines().map(KappaPageIT::oneBlank).toList()));
  }

  private static String oneBlank(String line) {
    return line.strip().replaceAll(" +", " ");
  }

  /** Starts the commands of a block, none of which ends. */
  private void goOn(int block) {
    for (List<String> command : blocks.get(block)) {
      List<String> arguments = here(command);
      arguments.add(
          command.get(0).equals("archive")
              ? "--landingMaxAgeSeconds=1"
              : "--deadLetters=" + directory.resolve("dead"));
      running.add(RunningCommand.start(TestRunner.FLINK, arguments.toArray(new String[0])));
    }
  }

  /** Carries out the commands of a block. */
  private List<CommandLine> carryOut(int block) {
    assertThat(blocks.get(block).size(), greaterThan(0));
    return blocks.get(block).stream()
        .map(command -> CommandLine.run(TestRunner.FLINK, here(command).toArray(new String[0])))
        .toList();
  }

  private List<CommandLine> assertDone(int block) {
    List<CommandLine> lines = carryOut(block);
    lines.forEach(line -> assertThat(line.out() + line.err(), line.exitCode(), is(ExitCode.OK)));
    return lines;
  }

  /** A command with the places of local services. */
  private List<String> here(List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    places.forEach(
        (there, here) -> arguments.replaceAll(argument -> argument.replace(there, here)));
    return arguments;
  }

  private void await(int command, Callable<Boolean> condition) throws Exception {
    running.get(command).await(condition);
  }

  private long landed() {
    return Landing.at(directory.resolve("landing").toString()).ends().values().stream()
        .flatMap(partitions -> partitions.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Debezium makes a topic with its first record. */
  private void awaitTopics(Set<String> names) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      while (!admin.listTopics().names().get().containsAll(names)) {
        Thread.sleep(50);
      }
    }
  }

  /** Takes from the topics what was landed of them. */
  private void forgetWhatIsLanded() throws Exception {
    Map<TopicPartition, RecordsToDelete> ends = new HashMap<>();
    Landing.at(directory.resolve("landing").toString())
        .ends()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, end) ->
                        ends.put(
                            new TopicPartition(topic, partition),
                            RecordsToDelete.beforeOffset(end))));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.deleteRecords(ends).all().get();
    }
  }

  private List<String> revenue(String schema) throws SQLException {
    return query(
        "SELECT concat_ws(',', country, orders, revenue) FROM ("
            + page.blocks("sql").get(0).replace("FROM ", "FROM " + schema + ".")
            + ") AS revenue");
  }

  private int rows(String table, String where) throws SQLException {
    return query("SELECT 1 FROM " + table + " WHERE " + where).size();
  }

  private List<String> query(String sql) throws SQLException {
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

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
