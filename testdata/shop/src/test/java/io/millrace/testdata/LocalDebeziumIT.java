package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.testdata.Topics.Event;
import io.millrace.testdata.shop.Shop;
import io.millrace.testdata.shop.ShopWorkload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDebeziumIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static LocalPostgres postgres;
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("postgres");
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  @Test
  void everyChangeOfTheShopArrivesAndReplaysToTheSameRows() throws SQLException {
    Database shop = postgres.database("shop");
    Shop.create(shop);
    ReplicationSlot.create(shop, "shop_slot", Shop.physicalNames());
    List<Event> events;
    try (ShopWorkload workload = ShopWorkload.on(shop, 7)) {
      workload.fill(100);
      workload.openLongTransaction();
      try (LocalDebezium debezium =
          LocalDebezium.from(shop)
              .to(kafka.bootstrapServers())
              .topicPrefix("full")
              .slot("shop_slot")
              .tables(Shop.physicalNames())
              .start()) {
        debezium.awaitStreaming(LIMIT);
        workload.run(1_500);
        // Within a batch the topics are in no order; the second marker is in a later batch.
        readAll(shop, 1);
        events = readAll(shop, 2);
      }
    }
    for (Shop.Table table : Shop.TABLES) {
      List<Event> ofTable =
          events.stream()
              .filter(event -> event.topic().equals("full." + table.physicalName()))
              .toList();
      assertThat(table.name(), replay(ofTable).keySet(), is(keys(shop, table)));
      assertThat(operations(ofTable), hasItems("r", "c", "u", "d", "tombstone"));
    }
    assertThat(operations(of(events, "full.public.addresses")), hasItems("t"));
    keyChangeHasOneLsn(of(events, "full.public.customers"));
    untouchedWideColumnIsLeftOut(of(events, "full.public.products"));
    longTransactionStandsBeforeTheSnapshotInTheLog(of(events, "full.public.customers"));
  }

  private static List<Event> readAll(Database shop, int marker) throws SQLException {
    execute(shop, "INSERT INTO order_lines VALUES (-1, " + marker + ", 'last', 1, 1, false)");
    return Topics.readUntil(
        kafka.bootstrapServers(),
        Shop.physicalNames().stream().map(table -> "full." + table).toList(),
        event -> ("{\"order_id\":-1,\"line_no\":" + marker + "}").equals(event.key()));
  }

  private static void keyChangeHasOneLsn(List<Event> events) {
    Set<String> deletedAt = new HashSet<>();
    long keyChanges = 0;
    for (Event event : events) {
      String place = event.value() == null ? "" : event.value().path("source").path("lsn").asText();
      if (event.operation().equals("d")) {
        deletedAt.add(place);
      }
      if (event.operation().equals("c") && deletedAt.contains(place)) {
        keyChanges++;
      }
    }
    assertThat(keyChanges, greaterThan(0L));
  }

  private static void untouchedWideColumnIsLeftOut(List<Event> events) {
    long left =
        events.stream()
            .filter(event -> event.operation().equals("u"))
            .map(event -> event.value().path("after").path("description").asText())
            .filter("__debezium_unavailable_value"::equals)
            .count();
    assertThat(left, greaterThan(0L));
  }

  private static void longTransactionStandsBeforeTheSnapshotInTheLog(List<Event> events) {
    Map<String, List<Event>> byOperation =
        events.stream().collect(Collectors.groupingBy(Event::operation));
    long snapshot = byOperation.get("r").get(0).position();
    long first = byOperation.get("u").stream().mapToLong(Event::position).min().orElseThrow();
    assertThat(first, lessThan(snapshot));
  }

  @Test
  void startedAgainItGoesOnWhereItStoppedWithSchemasAndOtherEncodingsIfAsked(
      @TempDir Path directory) throws SQLException {
    Database resumed = postgres.database("resumed");
    execute(resumed, "CREATE TABLE t (id int PRIMARY KEY, amount numeric)");
    execute(resumed, "INSERT INTO t VALUES (1, 10.50)");
    LocalDebezium.Settings settings =
        LocalDebezium.from(resumed)
            .to(kafka.bootstrapServers())
            .topicPrefix("resumed")
            .slot("resumed")
            .tables("public.t")
            .schemas(true)
            .with("decimal.handling.mode", "double")
            .directory(directory);
    try (LocalDebezium debezium = settings.start()) {
      debezium.awaitStreaming(LIMIT);
      execute(resumed, "INSERT INTO t VALUES (2, 2)");
      read("resumed.public.t", "2");
    }
    execute(resumed, "INSERT INTO t VALUES (3, 3)");
    try (LocalDebezium debezium = settings.start()) {
      List<Event> events = read("resumed.public.t", "3");
      assertThat(debezium.isAlive(), is(true));
      assertThat(
          events.stream().map(event -> event.value().at("/payload/op").asText()).toList(),
          contains("r", "c", "c"));
      assertThat(events.get(0).value().at("/payload/after/amount").isDouble(), is(true));
      assertThat(events.get(0).value().has("schema"), is(true));
    }
  }

  @Test
  void saysWhyItDoesNotStart(@TempDir Path directory) {
    Database absent =
        new Database(postgres.jdbcUrl().replace("/postgres", "/absent"), "postgres", "wrong");
    ServiceException failed =
        assertThrows(
            ServiceException.class,
            () ->
                LocalDebezium.from(absent)
                    .to(kafka.bootstrapServers())
                    .directory(directory)
                    .start());
    assertThat(failed.getMessage(), containsString("password authentication failed"));
    assertThat(failed.getMessage(), not(containsString("Unknown")));
  }

  @Test
  void makesItsOwnSlotWhenThereIsNone() throws SQLException {
    Database own = postgres.database("own");
    execute(own, "CREATE TABLE a (id int PRIMARY KEY)");
    execute(own, "CREATE TABLE b (id int PRIMARY KEY)");
    try (LocalDebezium debezium =
        LocalDebezium.from(own)
            .to(kafka.bootstrapServers())
            .topicPrefix("own")
            .slot("own")
            .start()) {
      execute(own, "INSERT INTO a VALUES (1)");
      execute(own, "INSERT INTO b VALUES (2)");
      assertThat(debezium.isAlive(), is(true));
      List<Event> events =
          Topics.readUntil(
              kafka.bootstrapServers(),
              List.of("own.public.a", "own.public.b"),
              event -> event.key().contains("2"));
      assertThat(
          events.stream().map(Event::topic).toList(),
          containsInAnyOrder("own.public.a", "own.public.b"));
    }
  }

  private static List<Event> read(String topic, String key) {
    return Topics.readUntil(
        kafka.bootstrapServers(), List.of(topic), event -> event.key().contains("\"id\":" + key));
  }

  private static List<Event> of(List<Event> events, String topic) {
    return events.stream().filter(event -> event.topic().equals(topic)).toList();
  }

  private static Set<String> operations(List<Event> events) {
    return events.stream().map(Event::operation).collect(Collectors.toSet());
  }

  /** The keys that live after all events, in the order of their topic. */
  private static Map<String, Event> replay(List<Event> events) {
    Map<String, Event> live = new HashMap<>();
    for (Event event : events) {
      switch (event.operation()) {
        case "t" -> live.clear();
        case "d" -> live.remove(event.key());
        case "tombstone" -> {}
        default -> live.put(event.key(), event);
      }
    }
    return live;
  }

  /** The keys of a table's rows, as Debezium writes them. */
  private static Set<String> keys(Database database, Shop.Table table) throws SQLException {
    String key = String.join(", ", table.key());
    Set<String> keys = new HashSet<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT row_to_json(k) FROM (SELECT " + key + " FROM " + table.name() + ") k")) {
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
    }
    return keys;
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
