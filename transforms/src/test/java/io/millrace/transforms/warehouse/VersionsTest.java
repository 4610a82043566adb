package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.VersionScene.PATIENCE;
import static io.millrace.transforms.warehouse.VersionScene.SHOP;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Versions are swapped whole, and readers keep what they have. */
@Timeout(120)
class VersionsTest {
  private static final Contract WITHOUT_NOTE =
      TestTable.contract("orders: key id bigint; amount numeric(10,2)");
  private static final Contract WIDER =
      TestTable.contract(
          "orders: key id bigint; amount numeric(12,2); note varchar(10)",
          "items: key id bigint; title text");
  private static final Contract MORE =
      TestTable.contract(
          "orders: key id bigint; amount numeric(10,2); note varchar(10); due date",
          "items: key id bigint; title text",
          "payments: key id bigint; sum integer");

  private VersionScene scene;

  @BeforeEach
  void create() {
    scene = new VersionScene();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private VersionException refused(int version) {
    return assertThrows(VersionException.class, () -> scene.cutOver(version));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void aCutoverShowsTheOtherVersionAndBackTheOneBefore() {
    scene.make(1);
    scene.make(2);
    assertThat(scene.cutOver(2), is(new Cutover(1, 2)));
    assertThat(scene.served(), contains("v2 v2"));
    assertThat(scene.versions().back(PATIENCE), is(new Cutover(2, 1)));
    assertThat(scene.served(), contains("v1 v1"));
    assertThat(
        scene.query(
            "SELECT concat_ws(' ', from_version, to_version, by, audit) FROM _millrace.cutovers"
                + " ORDER BY number"),
        contains("1 postgres the first version", "1 2 postgres none", "2 1 postgres back"));
    List<TableVersion> versions = scene.versions().list();
    assertThat(versions.stream().map(TableVersion::isInService).toList(), contains(true, false));
    assertThat(versions.get(1).tables(), contains("items", "orders"));
  }

  @Test
  void whatIsNotThereCannotServe() {
    VersionException none = assertThrows(VersionException.class, () -> scene.cutOver(1));
    assertThat(none.getMessage(), containsString("has no tables yet"));
    scene.make(1);
    assertThat(
        refused(3).getMessage(), containsString("there is no version 3 of the tables of public"));
    assertThat(refused(1).getMessage(), containsString("version 1 of public serves already"));
    VersionException back =
        assertThrows(VersionException.class, () -> scene.versions().back(PATIENCE));
    assertThat(back.getMessage(), containsString("were in no other version before"));
  }

  @Test
  void readersKeepTheirRightsAndTheirViews() throws Exception {
    scene.make(1);
    scene.make(2);
    scene.database.execute(
        "CREATE ROLE v_reader LOGIN PASSWORD 'r'; GRANT SELECT ON orders_live TO v_reader;"
            + " GRANT SELECT (title) ON items TO v_reader;"
            + " CREATE VIEW notes AS SELECT note FROM orders_live;"
            + " ALTER VIEW orders_live SET (security_barrier = true);"
            + " COMMENT ON VIEW orders_live IS 'it''s ours'");
    try {
      scene.cutOver(2);
      assertThat(scene.query("SELECT note FROM notes"), contains("v2"));
      assertThat(
          scene.query("SELECT reloptions::text FROM pg_class WHERE oid = 'orders_live'::regclass"),
          contains("{security_barrier=true}"));
      assertThat(
          scene.query("SELECT obj_description('orders_live'::regclass)"), contains("it's ours"));
      scene.database.execute("SET ROLE v_reader");
      assertThat(
          scene.query("SELECT note || (SELECT min(title) FROM items) FROM orders_live"),
          contains("v2v2"));
    } finally {
      scene.database.execute("RESET ROLE; DROP OWNED BY v_reader; DROP ROLE v_reader");
    }
  }

  @Test
  void aColumnThatReadersWouldLoseIsRefusedUnlessThatIsAllowed() {
    scene.make(1);
    scene.prepare(2, WITHOUT_NOTE);
    assertThat(
        refused(2).getMessage(),
        allOf(
            containsString("\"public\".\"orders_live\": version 2 has no column note"),
            containsString("\"public\".\"items\": version 2 has nothing of this name"),
            containsString("--allowDropped")));
    assertThat(scene.served(), contains("v1 v1"));
    scene.database.execute("CREATE VIEW notes AS SELECT note FROM orders_live");
    VersionException depended =
        assertThrows(
            VersionException.class, () -> scene.versions().cutOver(2, true, "none", PATIENCE));
    assertThat(
        depended.getMessage(),
        containsString("has to be made anew, and these depend on it: view public.notes"));
    assertThat(scene.query("SELECT note FROM notes"), contains("v1"));
    scene.database.execute("DROP VIEW notes");
    scene.versions().cutOver(2, true, "none", PATIENCE);
    assertThat(scene.columns("public.orders_live"), contains("id", "amount"));
    assertThat(scene.query("SELECT to_regclass('public.items')"), contains((String) null));
  }

  @Test
  void aColumnOfAnotherTypeIsRefusedUnlessThatIsAllowedAndThenRightsStay() {
    scene.make(1);
    scene.prepare(2, WIDER);
    assertThat(
        refused(2).getMessage(),
        containsString("other types in version 2: amount (numeric(10,2), there numeric(12,2))"));
    scene.database.execute(
        "CREATE ROLE v_typed; GRANT SELECT ON orders TO v_typed WITH GRANT OPTION;"
            + " GRANT UPDATE (note) ON orders TO v_typed;"
            + " COMMENT ON VIEW orders IS 'orders'; ALTER VIEW orders SET (security_barrier);"
            + " CREATE ROLE v_owner; GRANT ALL ON SCHEMA public, public_v2 TO v_owner;"
            + " GRANT SELECT ON ALL TABLES IN SCHEMA public_v2 TO v_owner;"
            + " ALTER VIEW orders OWNER TO v_owner;"
            + " ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
    String state =
        "SELECT concat_ws(' ', relacl, reloptions, relowner::regrole, obj_description(oid),"
            + " (SELECT attacl FROM pg_attribute WHERE attrelid = oid AND attname = 'note'))"
            + " FROM pg_class WHERE oid = 'public.orders'::regclass";
    List<String> before = scene.query(state);
    try {
      scene.versions().cutOver(2, true, "none", PATIENCE);
      assertThat(scene.query(state), is(before));
      assertThat(
          scene.query(
              "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                  + " WHERE attrelid = 'orders'::regclass AND attname = 'amount'"),
          contains("numeric(12,2)"));
    } finally {
      scene.database.execute("DROP OWNED BY v_typed, v_owner; DROP ROLE v_typed, v_owner");
    }
  }

  @Test
  void theFunctionOfTheVersionsComesBackWithItsView() {
    scene.warehouse = scene.warehouse.withHistory(true);
    scene.make(1);
    scene.prepare(2, WIDER);
    scene.write(2, WIDER, TestTable.of(WIDER, "orders").upsert(3, "{\"id\":1,\"note\":\"w\"}"));
    scene.versions().cutOver(2, true, "none", PATIENCE);
    assertThat(
        scene.query("SELECT note FROM orders_as_of('2026-01-01 00:00:09+00')"), contains("w"));
  }

  @Test
  void nothingStandsInTheWayOfGoingBack() {
    scene.make(1);
    scene.prepare(2, MORE);
    scene.cutOver(2);
    scene.database.execute(
        "CREATE VIEW dues AS SELECT due, sum FROM orders_live LEFT JOIN payments_live USING (id)");
    scene.versions().back(PATIENCE);
    assertThat(scene.served(), contains("v1 v1"));
    assertThat(
        scene.query("SELECT coalesce(due::text, '-') || coalesce(sum::text, '-') FROM dues"),
        contains("--"));
    assertThat(scene.query("SELECT sum FROM payments"), is(empty()));
    scene.cutOver(2);
    scene.write(
        2, MORE, TestTable.of(MORE, "orders").upsert(3, "{\"id\":1,\"due\":\"2026-05-01\"}"));
    assertThat(scene.query("SELECT due FROM dues"), contains("2026-05-01"));
  }

  @Test
  void aViewWhoseOwnerMayNotReadTheVersionIsRefused() {
    scene.make(1);
    scene.make(2);
    scene.database.execute("CREATE ROLE v_weak; GRANT ALL ON SCHEMA public TO v_weak");
    scene.database.execute("ALTER VIEW orders OWNER TO v_weak");
    try {
      String message = refused(2).getMessage();
      assertThat(message, containsString("belongs to \"v_weak\", who may not read version 2"));
      scene.database.execute(message.substring(message.indexOf("run: ") + 5));
      assertThat(scene.cutOver(2), is(new Cutover(1, 2)));
    } finally {
      scene.database.execute("ALTER VIEW orders OWNER TO postgres");
      scene.database.execute("DROP OWNED BY v_weak; DROP ROLE v_weak");
    }
  }

  @Test
  void aTransactionReadsOneVersionAndASwapThatCannotWaitForItChangesNothing() throws Exception {
    scene.make(1);
    scene.make(2);
    try (Connection reader = scene.database.connect()) {
      reader.setAutoCommit(false);
      assertThat(text(reader, "SELECT note FROM orders_live"), is("v1"));
      WarehouseException inUse =
          assertThrows(
              WarehouseException.class,
              () -> scene.versions().cutOver(2, false, "none", Duration.millis(1)));
      assertThat(inUse.category(), is(Category.TRANSIENT));
      assertThat(
          inUse.getMessage(),
          allOf(
              containsString("nothing was changed: process "),
              containsString("idle in transaction since "),
              containsString("pg_terminate_backend(PID)")));
      assertThat(text(reader, "SELECT title FROM items_live"), is("v1"));
      reader.commit();
      scene.cutOver(2);
      assertThat(text(reader, "SELECT note FROM orders_live"), is("v2"));
    }
  }

  @Test
  void aReaderSeesOneVersionOrTheOtherWhileTheyAreSwapped() throws Exception {
    scene.make(1);
    scene.make(2);
    scene.database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''10s''',"
            + " current_database()); END $$");
    ExecutorService swapper = Executors.newSingleThreadExecutor();
    try (Connection reader = scene.database.connect()) {
      Future<Integer> swaps =
          swapper.submit(
              () -> {
                for (int swap = 0; swap < 8; swap++) {
                  scene.versions().cutOver(2 - swap % 2, false, "none", PATIENCE);
                }
                return 8;
              });
      int reads = 0;
      while (!swaps.isDone() || reads == 0) {
        String seen =
            text(reader, "SELECT note || title FROM orders_live JOIN items_live USING (id)");
        assertThat(seen, is(seen.startsWith("v1") ? "v1v1" : "v2v2"));
        reads++;
      }
      assertThat(swaps.get(), is(8));
    } finally {
      swapper.shutdownNow();
    }
  }

  @Test
  void ofTwoCutoversAtOnceOneTellsThatTheVersionServesAlready() throws Exception {
    scene.make(1);
    scene.make(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    int done = 0;
    int refused = 0;
    try {
      Callable<Cutover> cutOver = () -> scene.cutOver(2);
      for (Future<Cutover> each : threads.invokeAll(List.of(cutOver, cutOver))) {
        try {
          assertThat(each.get(), is(new Cutover(1, 2)));
          done++;
        } catch (ExecutionException e) {
          assertThat(e.getCause().getMessage(), containsString("serves already"));
          refused++;
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(List.of(done, refused), contains(1, 1));
  }

  @Test
  void aVersionIsDroppedUnlessItServesOrWasTheOneBeforeOrIsRead() {
    scene.make(1);
    scene.make(2);
    scene.make(3);
    scene.cutOver(2);
    assertThat(
        assertThrows(VersionException.class, () -> scene.versions().drop(2, true, PATIENCE))
            .getMessage(),
        containsString("version 2 of public serves"));
    assertThat(
        assertThrows(VersionException.class, () -> scene.versions().drop(1, false, PATIENCE))
            .getMessage(),
        containsString("--back returns to it"));
    scene.database.execute("CREATE VIEW spy AS SELECT note FROM public_v3.orders");
    assertThat(
        assertThrows(VersionException.class, () -> scene.versions().drop(3, false, PATIENCE))
            .getMessage(),
        containsString("these depend on version 3: view public.spy"));
    scene.database.execute("DROP VIEW spy");
    scene.versions().drop(3, false, PATIENCE);
    scene.versions().drop(1, true, PATIENCE);
    assertThat(
        scene.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'public_v%'"),
        contains("public_v2"));
    assertThat(
        scene.query("SELECT \"table\" FROM _millrace.truncations ORDER BY 1"),
        contains("public_v2.items", "public_v2.orders"));
    scene.prepare(1, SHOP);
    assertThat(scene.query("SELECT note FROM public_v1.orders"), is(empty()));
    assertThat(scene.served(), contains("v2 v2"));
  }
}
