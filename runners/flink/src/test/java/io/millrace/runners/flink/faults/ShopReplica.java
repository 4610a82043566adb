package io.millrace.runners.flink.faults;

import io.millrace.testdata.Database;
import io.millrace.testdata.Directories;
import io.millrace.testdata.LocalDebezium;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopWorkload;
import io.millrace.transforms.lake.LakeManifest;
import io.millrace.transforms.quality.RunLedger;
import io.millrace.transforms.warehouse.Ledger;
import io.millrace.transforms.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * The shop's database, Debezium, Kafka, a warehouse, and the program that replicates between them;
 * each can be stopped and started while the others go on.
 */
final class ShopReplica implements AutoCloseable {
  private static final int PARTITIONS = 2;
  private static final int CUSTOMERS = 300;

  private final Path directory;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Path contract;
  private List<String> options = List.of();
  private String group;
  private boolean hasLake;
  private LocalPostgres source;
  private LocalPostgres warehouse;
  private LocalKafka kafka;
  private GroupOffsets offsets;
  private TopicRecords records;
  private LocalDebezium debezium;
  private ReplicateProgram program;
  private int programs;

  ShopReplica(Path directory) {
    this.directory = directory;
    this.contract = Shop.writeContract(directory.resolve("shop.odcs.yaml"));
  }

  /** Starts all of it, with a shop that has rows. */
  void start() throws Exception {
    source = keep(LocalPostgres.start("shop"));
    warehouse = keep(LocalPostgres.start("warehouse"));
    Sql.execute(
        warehouse.database(),
        "ALTER DATABASE warehouse SET default_transaction_isolation = 'serializable'");
    kafka = keep(LocalKafka.start());
    Shop.create(source.database());
    try (ShopWorkload workload = ShopWorkload.on(source.database(), 1)) {
      workload.fill(CUSTOMERS);
    }
    kafka.createTopics(PARTITIONS, Shop.physicalNames().stream().map(n -> "shop." + n).toList());
    kafka.createTopics(1, List.of("shop.public.idle"));
    useGroup("faults", false, List.of());
    startDebezium("debezium");
    startProgram();
    await(
        "the warehouse's tables",
        () ->
            Sql.text(warehouse.database(), "SELECT to_regclass('products_live')").isPresent()
                ? Optional.empty()
                : Optional.of("none"));
  }

  /**
   * What the program's next starts go on with.
   *
   * @param name of the consumer group
   * @param withLake whether there is a lake of this name, which holds what comes from now on
   * @param more options of theirs
   */
  private void useGroup(String name, boolean withLake, List<String> more) throws Exception {
    closeIfThere(offsets);
    closeIfThere(records);
    group = name;
    hasLake = withLake;
    offsets = new GroupOffsets(kafka.bootstrapServers(), group);
    records = new TopicRecords(kafka.bootstrapServers(), offsets.ends());
    List<String> all = new ArrayList<>(more);
    all.add("--kafkaTopicPattern=shop\\.public\\..*");
    all.add("--kafkaGroup=" + group);
    all.add("--deadLetters=" + deadLetters());
    if (hasLake) {
      all.add("--lake=" + lake());
      all.add("--lakeMaxAgeSeconds=3");
    }
    options = List.copyOf(all);
  }

  /** Lets the program go on with a lake; all that came so far has been written. */
  void addLake() throws Exception {
    program.close();
    useGroup(group, true, List.of());
    startProgram();
  }

  void startProgram() {
    programs++;
    program =
        ReplicateProgram.start(
            "replicate-" + programs,
            directory,
            kafka.bootstrapServers(),
            contract,
            warehouse.database(),
            options);
  }

  /** Makes sure that each part runs, whatever came before. */
  void mend() {
    if (!program.isAlive()) {
      startProgram();
    }
    if (!debezium.isAlive()) {
      startDebezium("debezium");
    }
  }

  /** Starts Debezium with the offsets in a directory of this name. */
  void startDebezium(String home) {
    debezium =
        LocalDebezium.from(source.database())
            .to(kafka.bootstrapServers())
            .tables(Shop.physicalNames())
            .slot(home)
            .directory(directory.resolve(home))
            .start();
  }

  /** What the operator does where changes were lost on the way: begins anew, at a new snapshot. */
  void takeNewSnapshot() throws Exception {
    debezium.close();
    useGroup("again", true, List.of("--kafkaStart=" + Instant.now(), "--positionEpoch=1"));
    startDebezium("again");
    debezium.awaitStreaming(Duration.ofSeconds(60));
    Sql.execute(
        warehouse.database(), "TRUNCATE addresses, customers, order_lines, orders, products");
    startProgram();
  }

  Database source() {
    return source.database();
  }

  LocalPostgres warehouse() {
    return warehouse;
  }

  LocalKafka kafka() {
    return kafka;
  }

  GroupOffsets offsets() {
    return offsets;
  }

  LocalDebezium debezium() {
    return debezium;
  }

  ReplicateProgram program() {
    return program;
  }

  Path deadLetters() {
    return directory.resolve("dead-letters");
  }

  private String lake() {
    return directory.resolve("lake-" + group).toString();
  }

  /** What the lake has committed; nothing without one. */
  LakeManifest lakeManifest() {
    return LakeManifest.read(lake());
  }

  /** Where the changes are that the lake is to hold. */
  Set<String> changesForLake() throws Exception {
    return hasLake ? records.upTo(offsets.ends()) : Set.of();
  }

  /** Waits; fails at once if the program ends. */
  void await(String what, Await.Look look) throws Exception {
    Await.until(
        what,
        () -> {
          program.check();
          return look.missing();
        },
        () -> program.logEnd());
  }

  /** Waits until the program writes rows, from now on. */
  void awaitRows() throws Exception {
    String now = Sql.text(warehouse.database(), "SELECT clock_timestamp()").orElseThrow();
    await(
        "rows written since " + now,
        () ->
            Sql.any(warehouse.database(), "SELECT 1 FROM orders WHERE _applied_at > '" + now + "'")
                ? Optional.empty()
                : Optional.of("none in the table orders"));
  }

  /** Waits until all that the source has committed is written, and the group's offsets say so. */
  void awaitDrained() throws Exception {
    UUID last = UUID.randomUUID();
    Sql.execute(
        source(),
        "INSERT INTO addresses VALUES ('" + last + "', 1, 'the last', 'Cork', 'IE', 0, 0, now())");
    await(
        "the source's last change in the warehouse",
        () ->
            Sql.any(warehouse.database(), "SELECT 1 FROM addresses WHERE id = '" + last + "'")
                ? Optional.empty()
                : Optional.of("not there, lag of the group: " + offsets.lags()));
    await(
        "the group's offsets at the topics' ends",
        () -> Optional.of(offsets.lags()).filter(lags -> !lags.isEmpty()).map(Object::toString));
    if (hasLake) {
      Map<TopicPartition, Long> ends = offsets.ends();
      await("the lake at the topics' ends", () -> lackingInLake(ends));
    }
  }

  private Optional<String> lackingInLake(Map<TopicPartition, Long> ends) {
    Map<String, Map<Integer, Long>> held = lakeManifest().topicOffsets();
    return ends.entrySet().stream()
        .filter(end -> end.getValue() > records.from(end.getKey()))
        .filter(
            end ->
                held.getOrDefault(end.getKey().topic(), Map.of())
                        .getOrDefault(end.getKey().partition(), 0L)
                    < end.getValue())
        .map(end -> end + " and the lake holds " + held)
        .findAny();
  }

  /** Compares every row of every table. */
  List<TableAudit> audit() throws SQLException, IOException {
    List<TableAudit> audits = new ArrayList<>();
    for (Shop.Table table : Shop.TABLES) {
      List<String> columns = TableRows.columns(source(), table.name());
      try (TableRows expected = new TableRows(source(), table.name(), table.key(), columns);
          TableRows found =
              new TableRows(warehouse.database(), table.name() + "_live", table.key(), columns)) {
        audits.add(TableAudit.compare(table.name(), columns, expected, found));
      }
    }
    return audits;
  }

  /** The ledger of the newest run. */
  RunLedger ledger() {
    Path password = directory.resolve("password");
    Directories.writeSecret(password, warehouse.password());
    Ledger ledger =
        Ledger.in(
            Warehouse.at(warehouse.jdbcUrl())
                .withUser(warehouse.user())
                .withPassword("file:" + password));
    return ledger.read(ledger.newest(1).get(0)).orElseThrow();
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    started.push(closeable);
    return closeable;
  }

  /** Stops all of it, the last first. */
  @Override
  public void close() {
    started.push(() -> closeIfThere(offsets));
    started.push(() -> closeIfThere(records));
    started.push(() -> closeIfThere(debezium));
    started.push(() -> closeIfThere(program));
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        // The others must stop too.
        System.err.println("while stopping: " + e.getMessage());
      }
    }
  }

  private static void closeIfThere(AutoCloseable part) throws Exception {
    if (part != null) {
      part.close();
    }
  }
}
