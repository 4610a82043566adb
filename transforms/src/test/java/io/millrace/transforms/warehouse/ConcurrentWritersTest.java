package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several write the same rows at a time, and none sees what another has not committed. */
@Timeout(60)
class ConcurrentWritersTest {
  private static final Contract CONTRACT = TestTable.contract("t: key id integer; a text; b text");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");

  /** A change to y that follows the one of the table, as a writer makes it. */
  private static final String FOLLOWED =
      "INSERT INTO t_changes (id, a, b, _position, _committed_at, _valid_from, _operation,"
          + " _digest, _valid_to, _visible) SELECT id, a, b, _position, _committed_at, _tip_from,"
          + " 'U', substr(_tip, 2), _tip_from + interval '1 s', true FROM t;"
          + " UPDATE t SET a = 'y', _position = '\\x808102',"
          + " _committed_at = _committed_at + interval '1 s',"
          + " _tip_from = _tip_from + interval '1 s'";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private TestWarehouse database;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    database.close();
  }

  private Warehouse prepare(Deletes deletes) {
    Warehouse warehouse = database.warehouse().withDeletes(deletes);
    WarehouseTables.prepare(warehouse, CONTRACT);
    return warehouse;
  }

  private static void write(Warehouse warehouse, ChangeEvent event) {
    try (BatchWriter writer = new BatchWriter(warehouse, CONTRACT)) {
      assertThat(writer.write(new ArrayList<>(List.of(event))).refused(), is(empty()));
    }
  }

  /** Begins a transaction by hand, lets a change wait for it, commits, and lets the change end. */
  private void writeWhile(Warehouse warehouse, String transaction, ChangeEvent event)
      throws Exception {
    doWhile(transaction, () -> write(warehouse, event));
  }

  private void doWhile(String transaction, Runnable waiting) throws Exception {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(transaction);
      Future<?> writing = threads.submit(waiting);
      awaitBlocked();
      other.commit();
      writing.get();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitBlocked() {
    while (database
        .query(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'millrace'"
                + " AND datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0")
        .isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void hardDeleteMeetsAnInsertThatIsNotCommittedYet() throws Exception {
    writeWhile(
        prepare(Deletes.HARD),
        "INSERT INTO t (id, a, _position) VALUES (1, 'a', '\\x808101')",
        TABLE.delete(2, "{\"id\":1}"));
    assertThat(database.rows("t"), is(empty()));
  }

  @Test
  void insertMeetsAHardDeleteThatIsNotCommittedYet() throws Exception {
    writeWhile(
        prepare(Deletes.HARD),
        "INSERT INTO _millrace.tombstones VALUES ('public.t', '\\x02', '\\x808102');"
            + " INSERT INTO t (id, _position, _deleted) VALUES (1, '\\x808102', true);"
            + " DELETE FROM t",
        TABLE.upsert(1, "{\"id\":1,\"a\":\"a\",\"b\":\"b\"}"));
    assertThat(database.rows("t"), is(empty()));
  }

  @Test
  void softDeleteMeetsAnInsertThatIsNotCommittedYet() throws Exception {
    writeWhile(
        prepare(Deletes.SOFT),
        "INSERT INTO t (id, a, _position) VALUES (1, 'a', '\\x808101')",
        TABLE.delete(2, "{\"id\":1}"));
    assertThat(
        database.query("SELECT a || _deleted || _filled FROM t"),
        contains("atrue{\"*\": \"808101\"}"));
  }

  @ParameterizedTest
  @EnumSource
  void rowMeetsATruncateThatIsNotCommittedYet(Deletes deletes) throws Exception {
    writeWhile(
        prepare(deletes),
        ControlTables.LOCK_TRUNCATIONS
            + "; UPDATE _millrace.truncations SET position = '\\x808105'",
        TABLE.upsert(1, "{\"id\":1,\"a\":\"a\",\"b\":\"b\"}"));
    assertThat(database.query("SELECT a FROM t_live"), is(empty()));
    assertThat(database.rows("t").size(), is(deletes == Deletes.SOFT ? 1 : 0));
  }

  @ParameterizedTest
  @EnumSource
  void truncateMeetsARowThatIsNotCommittedYet(Deletes deletes) throws Exception {
    writeWhile(
        prepare(deletes),
        "SELECT FROM _millrace.truncations FOR SHARE;"
            + " INSERT INTO t (id, a, _position) VALUES (1, 'a', '\\x808101')",
        TABLE.truncate(2));
    assertThat(database.query("SELECT a FROM t_live"), is(empty()));
    assertThat(database.rows("t").size(), is(deletes == Deletes.SOFT ? 1 : 0));
  }

  private void rowOfAHistoryMeets(String transaction) throws Exception {
    Warehouse warehouse = database.warehouse().withHistory(true);
    WarehouseTables.prepare(warehouse, CONTRACT);
    write(warehouse, TABLE.upsert(1, "{\"id\":1,\"a\":\"x\",\"b\":\"b\"}"));
    writeWhile(warehouse, transaction, TABLE.upsert(3, "{\"id\":1,\"a\":\"z\",\"b\":\"b\"}"));
    assertThat(
        database.query("SELECT a || encode(_position, 'hex') FROM t_history ORDER BY _position"),
        contains("x808101", "y808102", "z808103"));
    assertThat(database.query("SELECT a FROM t_history WHERE _valid_to IS NULL"), contains("z"));
  }

  @Test
  void changeFollowsOneOfAHistoryThatIsNotCommittedYet() throws Exception {
    rowOfAHistoryMeets(FOLLOWED);
  }

  @Test
  void newContractMeetsAChangeOfAHistoryThatIsNotCommittedYet() throws Exception {
    Warehouse warehouse = database.warehouse().withHistory(true);
    WarehouseTables.prepare(warehouse, CONTRACT);
    write(warehouse, TABLE.upsert(1, "{\"id\":1,\"a\":\"x\",\"b\":\"b\"}"));
    Contract wider = TestTable.contract("t: key id integer; a text; b text; c text");
    doWhile(FOLLOWED, () -> WarehouseTables.prepare(warehouse, wider));
    assertThat(database.query("SELECT a FROM t_history ORDER BY _position"), contains("x", "y"));
  }

  @Test
  void newRowOfAHistoryMeetsOneThatIsNotCommittedYet() throws Exception {
    Warehouse warehouse = database.warehouse().withHistory(true);
    WarehouseTables.prepare(warehouse, CONTRACT);
    write(warehouse, TABLE.upsert(1, "{\"id\":2,\"a\":\"x\",\"b\":\"b\"}"));
    writeWhile(
        warehouse,
        "INSERT INTO t SELECT 1, a, b, _position, _committed_at, _received_at, _applied_at, _deleted,"
            + " _filled, _extra, _tip_from, _tip FROM t",
        TABLE.upsert(2, "{\"id\":1,\"a\":\"y\",\"b\":\"b\"}"));
    assertThat(
        database.query("SELECT a FROM t_history WHERE id = 1 ORDER BY _position"),
        contains("x", "y"));
  }

  private List<ChangeEvent> writeFourAtOnce(Warehouse warehouse) throws Exception {
    Random random = new Random(42);
    List<ChangeEvent> events = new ArrayList<>();
    for (int position = 1; position <= 1_000; position++) {
      String key = "{\"id\":" + (1 + random.nextInt(400));
      events.add(
          switch (random.nextInt(7)) {
            case 0 ->
                position % 40 == 0 ? TABLE.truncate(position) : TABLE.delete(position, key + "}");
            case 1 -> TABLE.upsert(position, key + ",\"a\":\"a" + position + "\"}");
            case 2 -> TABLE.upsert(position, key + ",\"b\":\"b" + position + "\"}");
            default ->
                TABLE.upsert(
                    position, key + ",\"a\":\"a%1$d\",\"b\":\"b%1$d\"}".formatted(position));
          });
    }
    List<Callable<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<ChangeEvent> mine = new ArrayList<>(events.subList(i * 200, i * 200 + 400));
      Collections.shuffle(mine, random);
      writers.add(
          () -> {
            try (BatchWriter writer = new BatchWriter(warehouse, CONTRACT)) {
              for (int from = 0; from < mine.size(); from += 40) {
                writer.write(new ArrayList<>(mine.subList(from, from + 40)));
              }
            }
            return null;
          });
    }
    for (Future<Void> done : threads.invokeAll(writers)) {
      done.get();
    }
    return events;
  }

  /** Also what deadlocks there may be are resolved. */
  @ParameterizedTest
  @EnumSource
  void fourAtOnceGiveTheRowsOfTheWholeSet(Deletes deletes) throws Exception {
    List<ChangeEvent> events = writeFourAtOnce(prepare(deletes));
    assertThat(database.rows("t"), is(ExpectedRows.of(events, deletes)));
  }

  @ParameterizedTest
  @EnumSource
  void fourAtOnceGiveTheVersionsOfTheWholeSet(Deletes deletes) throws Exception {
    Warehouse warehouse = database.warehouse().withDeletes(deletes).withHistory(true);
    WarehouseTables.prepare(warehouse, CONTRACT);
    List<ChangeEvent> events = writeFourAtOnce(warehouse);
    assertThat(database.rows("t"), is(ExpectedRows.of(events, deletes)));
    assertThat(
        database.query("SELECT to_jsonb(v) - 'id' FROM t_history AS v").stream()
            .map(TestWarehouse::json)
            .toList(),
        containsInAnyOrder(
            ExpectedVersions.of(events, deletes, List.of("a", "b")).toArray(new JsonNode[0])));
  }
}
