package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.VersionScene.ITEMS;
import static io.millrace.transforms.warehouse.VersionScene.ORDERS;
import static io.millrace.transforms.warehouse.VersionScene.SHOP;
import static io.millrace.transforms.warehouse.VersionScene.item;
import static io.millrace.transforms.warehouse.VersionScene.order;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of a version are in a schema of their own, and views show the version that serves. */
class TargetVersionTest {
  private VersionScene scene;

  @BeforeEach
  void create() {
    scene = new VersionScene();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private List<String> relations(String schema) {
    return scene.query(
        "SELECT c.relkind::text || ' ' || c.relname FROM pg_class AS c JOIN pg_namespace AS n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = '%s' AND c.relkind IN ('r', 'v')"
                .formatted(schema));
  }

  @Test
  void theFirstVersionServesFromTheFirstDay() {
    scene.make(1);
    assertThat(
        relations("public_v1"),
        containsInAnyOrder("r orders", "r items", "v orders_live", "v items_live"));
    assertThat(
        relations("public"),
        containsInAnyOrder("v orders", "v items", "v orders_live", "v items_live"));
    assertThat(scene.served(), contains("v1 v1"));
    assertThat(scene.columns("public.orders"), is(scene.columns("public_v1.orders")));
    assertThat(
        scene.query("SELECT to_version FROM _millrace.cutovers WHERE from_version IS NULL"),
        contains("1"));
  }

  @Test
  void preparingAgainChangesNothing() {
    scene.prepare(1, SHOP);
    String catalog = "SELECT xmin || ' ' || oid || relname FROM pg_class WHERE relkind = 'v'";
    List<String> before = scene.query(catalog);
    scene.prepare(1, SHOP);
    assertThat(scene.query(catalog), is(before));
    assertThat(scene.query("SELECT count(*) FROM _millrace.cutovers"), contains("1"));
  }

  @Test
  void aSecondVersionDoesNotServeUntilItIsLet() {
    scene.make(1);
    scene.make(2);
    assertThat(scene.served(), contains("v1 v1"));
    assertThat(scene.query("SELECT note FROM public_v2.orders"), contains("v2"));
  }

  @Test
  void versionsDoNotDisturbOneAnother() {
    scene.warehouse = scene.warehouse.withDeletes(Deletes.HARD);
    scene.make(1);
    scene.make(2);
    scene.write(2, SHOP, ORDERS.truncate(5), ITEMS.delete(6, "{\"id\":1}"));
    scene.write(2, SHOP, order(4, "late"), item(4, "late"));
    assertThat(scene.query("SELECT note FROM public_v2.orders"), is(empty()));
    assertThat(scene.query("SELECT title FROM public_v2.items"), is(empty()));
    scene.write(1, SHOP, order(4, "more"), item(4, "more"));
    assertThat(scene.served(), contains("more more"));
    int first = Builds.begin(scene.warehouse.withTargetVersion(1), SHOP);
    assertThat(Builds.begin(scene.warehouse.withTargetVersion(2), SHOP), is(first));
  }

  @Test
  void progressIsThatOfAVersion() {
    assertThat(scene.warehouse.progressOf("shop"), is("shop"));
    assertThat(scene.warehouse.withTargetVersion(3).progressOf("shop"), is("shop@public_v3"));
  }

  @Test
  void columnsThatTheServingVersionGetsComeAtTheEndOfItsViews() {
    scene.make(1);
    scene.make(2);
    Contract grown =
        TestTable.contract(
            "orders: due date; key id bigint; amount numeric(10,2); note varchar(10)");
    scene.prepare(2, grown);
    assertThat(scene.columns("public.orders_live"), contains("id", "amount", "note"));
    scene.prepare(1, grown);
    assertThat(scene.columns("public.orders_live"), contains("id", "amount", "note", "due"));
    assertThat(scene.query("SELECT due FROM public.orders"), contains((String) null));
  }

  @Test
  void tablesThatTheServingVersionGetsHaveViews() {
    scene.prepare(1, TestTable.contract("orders: key id bigint; note varchar(10)"));
    scene.prepare(1, TestTable.contract("payments: key id bigint"));
    assertThat(scene.query("SELECT id FROM public.payments_live"), is(empty()));
    assertThat(scene.query("SELECT id FROM public.orders_live"), is(empty()));
  }

  @Test
  void aHistoryIsServedToo() {
    scene.warehouse = scene.warehouse.withHistory(true);
    scene.make(1);
    scene.write(1, SHOP, order(9, "later"));
    assertThat(
        scene.query("SELECT note FROM public.orders_history ORDER BY _valid_from"),
        contains("v1", "later"));
    assertThat(
        scene.query("SELECT note FROM public.orders_as_of('2026-01-01 00:00:05+00')"),
        contains("v1"));
  }

  @Test
  void theTablesThemselvesAreNoLongerWrittenWhereAVersionServes() {
    scene.make(1);
    TableMisfitException refused =
        assertThrows(
            TableMisfitException.class, () -> WarehouseTables.prepare(scene.warehouse, SHOP));
    assertThat(refused.getMessage(), containsString("--targetVersion=1, or another for a new one"));
    TableMisfitException past =
        assertThrows(
            TableMisfitException.class,
            () -> WarehouseTables.prepare(scene.warehouse.withSchema("public_v1"), SHOP));
    assertThat(
        past.getMessage(), containsString("choose --warehouseSchema=public --targetVersion=1"));
  }

  @Test
  void aContractThatDoesNotFitAVersionNeedsAnother() {
    scene.make(1);
    Contract other = TestTable.contract("orders: key id bigint; amount text");
    TableMisfitException misfit =
        assertThrows(TableMisfitException.class, () -> scene.prepare(1, other));
    assertThat(misfit.getMessage(), containsString("write a new version, with another"));
    scene.prepare(2, other);
  }

  @Test
  void aVersionBesideTablesThatAreInNoneDoesNotServe() {
    WarehouseTables.prepare(scene.warehouse, SHOP);
    scene.write(null, SHOP, order(1, "as ever"), item(1, "as ever"));
    scene.make(2);
    assertThat(scene.served(), contains("as ever as ever"));
    WarehouseTables.prepare(scene.warehouse, SHOP);
    VersionException refused = assertThrows(VersionException.class, () -> scene.cutOver(2));
    assertThat(refused.getMessage(), containsString("make them its first one: --adopt"));
  }

  @Test
  void namesThatOthersHaveTakenAreRefused() {
    scene.database.execute("CREATE VIEW orders_live AS SELECT 1 AS id");
    TableMisfitException refused =
        assertThrows(TableMisfitException.class, () -> scene.prepare(1, SHOP));
    assertThat(
        refused.getMessage(),
        containsString("public.orders_live is there already, and Millrace did not make it"));
    assertThat(relations("public_v1"), is(empty()));
    assertThat(scene.query("SELECT id FROM orders_live"), contains("1"));
  }

  @Test
  void anyNamesWork() {
    scene.warehouse = scene.warehouse.withSchema("Läden \"x\"");
    Contract odd = TestTable.contract("Ördér \"s: key i\"d bigint; wert text");
    scene.prepare(1, odd);
    scene.prepare(2, odd);
    scene.versions().cutOver(2, false, "none", VersionScene.PATIENCE);
    assertThat(
        scene.query("SELECT wert FROM \"Läden \"\"x\"\"\".\"Ördér \"\"s_live\""), is(empty()));
  }

  @Test
  void aSchemaWhoseVersionsWouldHaveTooLongANameIsRefused() {
    Warehouse longest = scene.warehouse.withSchema("x".repeat(60));
    assertThat(longest.withTargetVersion(9).schema().length(), is(63));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> longest.withTargetVersion(10));
    assertThat(refused.getMessage(), containsString("is longer than 63 bytes; give the warehouse"));
    assertThrows(
        IllegalArgumentException.class,
        () -> scene.warehouse.withTargetVersion(10).withSchema("ü".repeat(30)));
    assertThrows(IllegalArgumentException.class, () -> scene.warehouse.withTargetVersion(0));
  }
}
