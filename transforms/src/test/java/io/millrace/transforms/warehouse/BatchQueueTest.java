package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.contract.Contract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches are written one after the other, and the caller hears of each in its turn. */
@Timeout(60)
class BatchQueueTest {
  private static final Contract CONTRACT = TestTable.contract("t: key id bigint; code varchar(3)");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");

  private TestWarehouse database;
  private BatchQueue queue;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    WarehouseTables.prepare(database.warehouse(), CONTRACT);
    queue = new BatchQueue(new BatchWriter(database.warehouse(), CONTRACT));
  }

  @AfterEach
  void stop() {
    queue.close();
    database.close();
  }

  @Test
  void tellsOfEachBatchInItsTurn() {
    assertThat(queue.begin(List.of(TABLE.upsert(1, "{\"id\":1,\"code\":\"a\"}"))), is(nullValue()));
    BatchResult first =
        queue.begin(
            List.of(
                TABLE.upsert(3, "{\"id\":1,\"code\":\"c\"}"),
                TABLE.upsert(2, "{\"id\":2,\"code\":\"b\"}")));
    BatchResult second = queue.begin(List.of(TABLE.upsert(0, "{\"id\":1,\"code\":\"old\"}")));
    BatchResult third = queue.finish();
    assertThat(
        List.of(first.rows(), second.rows(), third.rows()),
        contains(new WriteCounts(1, 0), new WriteCounts(2, 0), WriteCounts.NONE));
    assertThat(queue.finish(), is(nullValue()));
    assertThat(database.query("SELECT code FROM t ORDER BY id"), contains("c", "b"));
  }

  @Test
  void isReadWhileTheOneBeforeWaitsForTheDatabase() throws SQLException {
    database.execute("INSERT INTO t (id, code, \"_position\") VALUES (1, 'z', '')");
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT * FROM t FOR UPDATE");
      queue.begin(List.of(TABLE.upsert(1, "{\"id\":1,\"code\":\"a\"}")));
      // Would wait for ever if the batch were written here.
      other.rollback();
    }
    assertThat(queue.finish().rows(), is(new WriteCounts(1, 0)));
  }

  @Test
  void failureOfABatchMeetsTheCallerAndStopsTheNext() {
    database.execute("ALTER TABLE t RENAME TO gone");
    queue.begin(List.of(TABLE.upsert(1, "{\"id\":1,\"code\":\"a\"}")));
    assertThrows(
        WarehouseException.class,
        () -> queue.begin(List.of(TABLE.upsert(2, "{\"id\":2,\"code\":\"b\"}"))));
    assertThat(queue.finish(), is(nullValue()));
    assertThat(database.query("SELECT id::text FROM gone"), hasSize(0));
  }
}
