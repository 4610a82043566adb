package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables are made, extended, and refused with a remedy that works. */
class WarehouseTablesTest {
  private static final Contract ORDERS =
      TestTable.contract("orders: key id bigint; amount numeric(10,2); note varchar(10)");

  private TestWarehouse database;
  private Warehouse warehouse;

  @BeforeEach
  void create() {
    database = TestWarehouse.create();
    warehouse = database.warehouse();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void write(Contract contract, ChangeEvent... events) {
    try (BatchWriter writer = new BatchWriter(warehouse, contract)) {
      for (ChangeEvent event : events) {
        assertThat(writer.write(new ArrayList<>(List.of(event))).refused(), is(empty()));
      }
    }
  }

  private List<String> columns(String table) {
    return database.query(
        "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0"
                .formatted(table)
            + " AND NOT attisdropped ORDER BY attnum");
  }

  /** The misfit's message, after which its remedy is run and the table fits. */
  private void assertMisfit(Contract contract, Matcher<String> message, boolean hasStatement) {
    TableMisfitException misfit =
        assertThrows(
            TableMisfitException.class, () -> WarehouseTables.prepare(warehouse, contract));
    assertThat(misfit.getMessage(), message);
    assertThat(misfit.category(), is(Category.ENVIRONMENT));
    if (hasStatement) {
      for (String fault : misfit.getMessage().split("\n", -1)) {
        if (fault.contains("run: ")) {
          database.execute(fault.substring(fault.indexOf("run: ") + 5));
        }
      }
      WarehouseTables.prepare(warehouse, contract);
    }
  }

  @Test
  void createsTablesWithTheContractsColumnsAndItsOwn() {
    WarehouseTables.prepare(warehouse, ORDERS);
    assertThat(
        columns("orders"),
        contains(
            "id",
            "amount",
            "note",
            "_position",
            "_committed_at",
            "_received_at",
            "_applied_at",
            "_deleted",
            "_filled",
            "_extra"));
    assertThat(columns("orders_live"), contains("id", "amount", "note"));
    assertThat(
        database.query("SELECT \"table\" FROM _millrace.truncations"), contains("public.orders"));
  }

  @Test
  void schemaIsCreatedWhereItIsMissing() {
    warehouse = warehouse.withSchema("We\"ird Schema");
    WarehouseTables.prepare(warehouse, ORDERS);
    write(
        ORDERS, TestTable.of(ORDERS, "orders").upsert(1, "{\"id\":1,\"amount\":2,\"note\":null}"));
    assertThat(
        database.query("SELECT amount FROM \"We\"\"ird Schema\".orders_live"), contains("2.00"));
  }

  @Test
  void preparingAgainChangesNothing() {
    WarehouseTables.prepare(warehouse, ORDERS);
    String catalog = "SELECT xmin || ' ' || relname FROM pg_class WHERE relname LIKE 'orders%'";
    List<String> before = database.query(catalog);
    WarehouseTables.prepare(warehouse, ORDERS);
    assertThat(database.query(catalog), is(before));
  }

  @Test
  void severalMayPrepareAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Callable<Void>> preparations = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        preparations.add(
            () -> {
              WarehouseTables.prepare(warehouse, ORDERS);
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(preparations)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(columns("orders_live"), contains("id", "amount", "note"));
  }

  @Test
  void needsNoRightToCreateWhereAllIsThere(@TempDir Path directory) throws IOException {
    WarehouseTables.prepare(warehouse, ORDERS);
    database.execute(
        "DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'clerk';"
            + " GRANT USAGE ON SCHEMA public, _millrace TO clerk;"
            + " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, _millrace"
            + " TO clerk");
    Path password = Files.writeString(directory.resolve("password"), "clerk\n");
    warehouse = warehouse.withUser("clerk").withPassword("file:" + password);
    WarehouseTables.prepare(warehouse, ORDERS);
    write(ORDERS, TestTable.of(ORDERS, "orders").delete(1, "{\"id\":1}"));
    Contract grown = TestTable.contract("orders: key id bigint; amount numeric(10,2); more text");
    WarehouseException refused =
        assertThrows(WarehouseException.class, () -> WarehouseTables.prepare(warehouse, grown));
    assertThat(refused.category(), is(Category.ENVIRONMENT));
    assertThat(refused.getMessage(), containsString("must be owner of table orders"));
    database.execute("DROP OWNED BY clerk; DROP ROLE clerk");
  }

  @Test
  void columnThatTheContractNewlyNamesIsFilledFromExtra() {
    WarehouseTables.prepare(warehouse, ORDERS);
    TestTable orders = TestTable.of(ORDERS, "orders");
    ChangeEvent withMore =
        orders.upsert(
            1, "{\"id\":1,\"amount\":1,\"note\":null,\"due\":\"2024-02-29\",\"other\":[1]}");
    ChangeEvent without = orders.upsert(2, "{\"id\":2,\"amount\":2,\"note\":null}");
    ChangeEvent unreadable =
        orders.upsert(3, "{\"id\":3,\"amount\":3,\"note\":null,\"due\":\"soon\"}");
    write(
        ORDERS,
        withMore,
        without,
        unreadable,
        orders.delete(4, "{\"id\":4}"),
        orders.upsert(5, "{\"id\":5,\"amount\":5,\"note\":null,\"due\":null}"),
        orders.delete(6, "{\"id\":5}"));
    Contract grown =
        TestTable.contract(
            "orders: key id bigint; due date; amount numeric(10,2); note varchar(10)");
    WarehouseTables.prepare(warehouse, grown);
    assertThat(
        database.query(
            "SELECT concat_ws(' ', id, coalesce(due::text, '-'), coalesce(_extra::text, '-'),"
                + " coalesce(_filled::text, '-')) FROM orders ORDER BY id"),
        contains(
            "1 2024-02-29 {\"other\": [1]} -",
            "2 - - {\"due\": \"\"}",
            "3 - {\"due\": \"soon\"} {\"due\": \"\"}",
            "4 - - {\"*\": \"\"}",
            "5 - - {\"*\": \"808105\"}"));
    assertThat(columns("orders_live"), contains("id", "amount", "note", "due"));
    TestTable grownOrders = TestTable.of(grown, "orders");
    write(grown, grownOrders.upsert(1, "{\"id\":2,\"due\":\"2024-03-01\"}"));
    assertThat(
        "a replay fills what was a gap",
        database.query("SELECT due FROM orders_live WHERE id = 2"),
        contains("2024-03-01"));
  }

  @Test
  void contractThatNamesFewerColumnsLeavesTheOthers() {
    WarehouseTables.prepare(warehouse, ORDERS);
    Contract fewer = TestTable.contract("orders: key id bigint; note varchar(10)");
    WarehouseTables.prepare(warehouse, fewer);
    write(fewer, TestTable.of(fewer, "orders").upsert(1, "{\"id\":1,\"note\":\"n\"}"));
    assertThat(columns("orders_live"), contains("id", "amount", "note"));
    assertThat(database.query("SELECT note FROM orders_live"), contains("n"));
  }

  @Test
  void columnOfAnotherTypeIsRefusedWithTheStatementThatChangesIt() {
    WarehouseTables.prepare(
        warehouse, TestTable.contract("orders: key id integer; amount text; note varchar(20)"));
    database.execute(
        "INSERT INTO orders (id, amount, note, _position) VALUES (1, '2.5', 'abc', '\\x01')");
    assertMisfit(
        ORDERS,
        allOf(
            containsString("table public.orders, column id: is integer, the contract has bigint"),
            containsString("column amount: is text, the contract has numeric(10,2)"),
            containsString(
                "ALTER TABLE \"public\".\"orders\" ALTER COLUMN \"amount\" TYPE numeric(10,2)")),
        true);
    assertThat(database.query("SELECT amount FROM orders_live"), contains("2.50"));
  }

  @Test
  void remedyOfATypeNeverCutsValues() {
    WarehouseTables.prepare(
        warehouse,
        TestTable.contract("orders: key id bigint; amount numeric(10,2); note varchar(20)"));
    database.execute(
        "INSERT INTO orders (id, note, _position) VALUES (1, 'longer than ten', '\\x01')");
    TableMisfitException misfit =
        assertThrows(TableMisfitException.class, () -> WarehouseTables.prepare(warehouse, ORDERS));
    String remedy = misfit.getMessage().substring(misfit.getMessage().indexOf("run: ") + 5);
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> database.execute(remedy));
    assertThat(refused.getCause().getMessage(), containsString("value too long"));
  }

  @Test
  void anotherPrimaryKeyIsRefusedWithTheStatementThatChangesIt() {
    WarehouseTables.prepare(
        warehouse,
        TestTable.contract("orders: key id bigint; key amount numeric(10,2); note varchar(10)"));
    assertMisfit(
        ORDERS,
        containsString(
            "table public.orders: its primary key is [id, amount], the contract's is [id];"
                + " change the contract, or run: ALTER TABLE \"public\".\"orders\" DROP CONSTRAINT"),
        false);
    database.execute("DROP TABLE orders CASCADE");
    WarehouseTables.prepare(warehouse, ORDERS);
    database.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey");
    assertMisfit(ORDERS, containsString("its primary key is missing"), true);
  }

  @Test
  void tableOfAnotherMakerIsRefused() {
    database.execute("CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(10,2))");
    assertMisfit(
        ORDERS,
        allOf(
            containsString("public.orders is a table that Millrace did not make"),
            containsString("choose another --warehouseSchema")),
        true);
    assertThat(columns("orders_old"), contains("id", "amount"));
  }

  @Test
  void whatIsNoTableIsRefused() {
    database.execute("CREATE VIEW orders AS SELECT 1 AS id");
    assertMisfit(
        ORDERS,
        containsString("public.orders is no table, but something that Millrace did not make"),
        false);
  }

  @Test
  void columnsThatMustNotBeNullAreRefused() {
    WarehouseTables.prepare(warehouse, ORDERS);
    database.execute(
        "ALTER TABLE orders ALTER COLUMN note SET NOT NULL, ADD COLUMN mine text NOT NULL,"
            + " ADD COLUMN fine integer NOT NULL DEFAULT 1");
    assertMisfit(
        ORDERS,
        allOf(
            containsString("column note: must not be null"),
            containsString("column mine: is not in the contract and must not be null")),
        true);
  }

  @Test
  void columnsThatTheDatabaseGeneratesAreRefused() {
    Contract two = TestTable.contract("two: key id bigint; twice bigint");
    WarehouseTables.prepare(warehouse, two);
    database.execute(
        "DROP VIEW two_live; ALTER TABLE two DROP COLUMN twice,"
            + " ADD COLUMN twice bigint GENERATED ALWAYS AS (id * 2) STORED,"
            + " ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY");
    assertMisfit(
        two,
        allOf(
            containsString("column id: is generated by the database"),
            containsString("column twice: is generated by the database")),
        true);
  }

  @Test
  void viewsNameMustBeFree() {
    database.execute("CREATE TABLE orders_live (id integer)");
    assertMisfit(ORDERS, containsString("public.orders_live is there already"), false);
    database.execute("DROP TABLE orders_live; CREATE VIEW orders_live AS SELECT 1 AS one");
    assertMisfit(
        ORDERS, containsString("public.orders_live is a view that Millrace did not make"), true);
  }

  @Test
  void viewsNameMustNotBeCut() {
    String name = "n".repeat(60);
    assertMisfit(
        TestTable.contract(name + ": key id integer"),
        allOf(containsString("is longer than 63 bytes"), containsString("liveView")),
        false);
  }

  @Test
  void viewMayHaveANameOfItsOwn() {
    String name = "n".repeat(63);
    String table =
        "{name: %s, customProperties: [{property: liveView, value: 'Live \"rows\"'}],"
                .formatted(name)
            + " properties: [{name: id, physicalType: integer, primaryKey: true}]}";
    String contract =
        "{apiVersion: v3.0.2, kind: DataContract, id: a, version: '1', status: active, schema: [%s]}";
    Contract one = Contract.parse(contract.formatted(table), "one");
    WarehouseTables.prepare(warehouse, one);
    assertThat(columns("\"Live \"\"rows\"\"\""), contains("id"));
    assertMisfit(
        Contract.parse(contract.formatted(table + ", " + table.replace("nn", "no")), "two"),
        containsString("its view has the name of the contract's table nono"),
        false);
  }

  @Test
  void viewsNameMustNotBeATablesOfTheContract() {
    assertMisfit(
        TestTable.contract("a: key id integer", "a_live: key id integer"),
        containsString("its view has the name of the contract's table a_live"),
        false);
  }

  @Test
  void tableOfTooManyColumnsIsRefused() {
    StringBuilder columns = new StringBuilder("wide: key id integer");
    for (int i = 0; i < 800; i++) {
      columns.append("; c").append(i).append(" integer");
    }
    assertMisfit(
        TestTable.contract(columns.toString()),
        containsString("public.wide has 801 columns, more than 800"),
        false);
  }

  @Test
  void columnMustNotHaveTheNameThatGapsNeed() {
    assertMisfit(
        TestTable.contract("t: key id integer; * text"), containsString("column *: "), false);
  }

  @Test
  void softDeletesAreRefusedWhereHardOnesLeftTombstones() {
    warehouse = warehouse.withDeletes(Deletes.HARD);
    WarehouseTables.prepare(warehouse, ORDERS);
    write(ORDERS, TestTable.of(ORDERS, "orders").delete(1, "{\"id\":1}"));
    warehouse = warehouse.withDeletes(Deletes.SOFT);
    assertMisfit(ORDERS, containsString("public.orders was written with hard deletes"), false);
    database.execute("DELETE FROM _millrace.tombstones WHERE \"table\" = 'public.orders'");
    WarehouseTables.prepare(warehouse, ORDERS);
  }

  @Test
  void rowsOfSoftDeletesStayDeletedUnderHardOnes() {
    WarehouseTables.prepare(warehouse, ORDERS);
    TestTable orders = TestTable.of(ORDERS, "orders");
    String row = "{\"id\":%d,\"amount\":%d,\"note\":\"old\"}";
    write(
        ORDERS,
        orders.upsert(1, row.formatted(1, 1)),
        orders.delete(3, "{\"id\":1}"),
        orders.upsert(1, row.formatted(2, 1)),
        orders.delete(4, "{\"id\":2}"));
    warehouse = warehouse.withDeletes(Deletes.HARD);
    WarehouseTables.prepare(warehouse, ORDERS);
    write(
        ORDERS,
        orders.delete(2, "{\"id\":1}"),
        orders.delete(5, "{\"id\":2}"),
        orders.upsert(4, row.formatted(2, 4)));
    assertThat(
        database.query("SELECT id || ' ' || _deleted || ' ' || _filled FROM orders"),
        contains(
            "1 true {\"*\": \"808101\", \"note\": \"808102\", \"_extra\": \"808102\", \"amount\": \"808102\"}"));
  }

  @Test
  void everyMisfitIsNamedAtOnceAndNothingIsChanged() {
    database.execute("CREATE TABLE a (id integer); CREATE TABLE b (id integer)");
    assertMisfit(
        TestTable.contract("a: key id integer", "b: key id integer", "c: key id integer"),
        allOf(containsString("public.a is"), containsString("public.b is")),
        false);
    assertThat(database.query("SELECT 1 FROM pg_class WHERE relname = 'c'"), is(empty()));
  }

  @Test
  void databaseThatCannotHoldAllTextIsRefused() {
    try (TestWarehouse latin =
        TestWarehouse.create("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")) {
      WarehouseException refused =
          assertThrows(
              WarehouseException.class, () -> WarehouseTables.prepare(latin.warehouse(), ORDERS));
      assertThat(refused.getMessage(), containsString("encoding is LATIN1"));
    }
  }

  @Test
  void unreachableWarehouseIsOneClearLine() {
    Warehouse nowhere = Warehouse.at("jdbc:postgresql://localhost:1/shop").withUser("me");
    WarehouseException refused =
        assertThrows(WarehouseException.class, () -> WarehouseTables.prepare(nowhere, ORDERS));
    assertThat(
        refused.getMessage(),
        allOf(
            containsString("jdbc:postgresql://localhost:1/shop as me"), containsString("refused")));
  }

  @Test
  void missingDatabaseOrUserIsOfTheEnvironment() {
    WarehouseException refused =
        assertThrows(
            WarehouseException.class,
            () -> WarehouseTables.prepare(warehouse.withUser("nobody"), ORDERS));
    assertThat(refused.category(), is(Category.ENVIRONMENT));
    assertThat(refused.getMessage(), containsString("nobody"));
  }

  @Test
  void identifiersOfAnyKindWork() {
    String longest = "ü".repeat(31) + "x";
    Contract strange =
        TestTable.contract(
            "Sel\"ect: key WHERE integer; key it's text; back\\slash\" text; \" text; %s text;"
                + " semi? integer; perc%s%d text; "
                + longest
                + " text; USER text; $1 text");
    TestTable table = TestTable.of(strange, "Sel\"ect");
    for (Deletes deletes : Deletes.values()) {
      database.execute("DROP TABLE IF EXISTS \"Sel\"\"ect\" CASCADE");
      warehouse = warehouse.withDeletes(deletes);
      WarehouseTables.prepare(warehouse, strange);
      String key = "\"WHERE\":1,\"it's\":\"k\"";
      write(
          strange,
          table.upsert(3, "{" + key + ",\"USER\":\"three\"}"),
          table.upsert(
              2,
              "{%s,\"back\\\\slash\\\"\":\"two\",\"\\\"\":\"q\",\"%%s\":\"s\",\"semi?\":2,"
                      .formatted(key)
                  + "\"perc%s%d\":\"p\",\""
                  + longest
                  + "\":\"l\",\"USER\":\"two\",\"$1\":\"d\"}"),
          table.delete(1, "{" + key + "}"));
      assertThat(
          database.query(
              "SELECT concat_ws(' ', \"WHERE\", \"it's\", \"back\\slash\"\"\", \"\"\"\", \"%s\","
                  + " \"semi?\", \"perc%s%d\", \""
                  + longest
                  + "\", \"USER\", \"$1\") FROM \"Sel\"\"ect_live\""),
          contains("1 k two q s 2 p l three d"));
    }
  }

  @Test
  void widestTablesWork() {
    StringBuilder columns = new StringBuilder("wide: key id integer");
    StringBuilder row = new StringBuilder("{\"id\":1");
    for (int i = 0; i < 300; i++) {
      columns.append("; c").append(i).append(" integer");
      row.append(",\"c").append(i).append("\":").append(i);
    }
    Contract wide = TestTable.contract(columns.toString());
    TestTable table = TestTable.of(wide, "wide");
    for (Deletes deletes : Deletes.values()) {
      warehouse = warehouse.withDeletes(deletes);
      WarehouseTables.prepare(warehouse, wide);
      write(
          wide,
          table.upsert(2, "{\"id\":1,\"c7\":-7}"),
          table.upsert(1, row + "}"),
          table.truncate(0));
      assertThat(database.query("SELECT c7 || ' ' || c299 FROM wide_live"), contains("-7 299"));
      database.execute("DROP TABLE wide CASCADE");
    }
  }
}
