package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.VersionScene.PATIENCE;
import static io.millrace.transforms.warehouse.VersionScene.SHOP;
import static io.millrace.transforms.warehouse.VersionScene.item;
import static io.millrace.transforms.warehouse.VersionScene.order;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables that are in the schema itself become its first version. */
@Timeout(120)
class AdoptionTest {
  private VersionScene scene;

  @BeforeEach
  void create() {
    scene = new VersionScene();
    scene.warehouse = scene.warehouse.withHistory(true);
    WarehouseTables.prepare(scene.warehouse, SHOP);
    scene.write(null, SHOP, order(1, "old"), order(2, "now"), item(2, "now"));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void adopt() {
    assertThat(scene.versions().adopt(SHOP, true, PATIENCE), containsInAnyOrder("orders", "items"));
  }

  private VersionException refused(boolean force) {
    return assertThrows(
        VersionException.class, () -> scene.versions().adopt(SHOP, force, PATIENCE));
  }

  @Test
  void theTablesGoOnAsVersionOne() {
    scene.database.execute(
        "INSERT INTO _millrace.progress VALUES ('shop', '\\x01', now(), now()),"
            + " ('other', '\\x01', now(), now())");
    adopt();
    assertThat(scene.served(), contains("now now"));
    assertThat(
        scene.query("SELECT note FROM orders_as_of('2026-01-01 00:00:01+00')"), contains("old"));
    assertThat(
        scene.query("SELECT note FROM public_v1.orders_as_of('2026-01-01 00:00:01+00')"),
        contains("old"));
    assertThat(
        scene.query("SELECT source FROM _millrace.progress ORDER BY 1"),
        contains("other", "shop@public_v1"));
    scene.prepare(1, SHOP);
    scene.write(1, SHOP, order(1, "again"), order(3, "next"), item(3, "next"));
    assertThat(scene.served(), contains("next next"));
    assertThat(
        scene.query("SELECT note FROM orders_history ORDER BY _valid_from"),
        contains("old", "now", "next"));
    scene.make(2);
    assertThat(scene.cutOver(2), is(new Cutover(1, 2)));
    assertThat(scene.served(), contains("v2 v2"));
  }

  @Test
  void readersKeepTheirRightsAndTheirViewsReadWhatServes() {
    scene.database.execute(
        "CREATE ROLE a_reader; GRANT SELECT ON orders, orders_live TO a_reader;"
            + " CREATE SCHEMA reports; CREATE VIEW reports.notes WITH (security_barrier = true) AS"
            + " SELECT o.note, h.note AS was FROM orders AS o JOIN orders_history AS h USING (id);"
            + " CREATE VIEW reports.upper AS SELECT upper(note) AS note FROM reports.notes");
    try {
      adopt();
      scene.make(2);
      scene.cutOver(2);
      assertThat(scene.query("SELECT note || was FROM reports.notes"), contains("v2v2"));
      assertThat(scene.query("SELECT note FROM reports.upper"), contains("V2"));
      assertThat(
          scene.query(
              "SELECT reloptions::text FROM pg_class WHERE oid = 'reports.notes'::regclass"),
          contains("{security_barrier=true}"));
      scene.database.execute("SET ROLE a_reader");
      assertThat(
          scene.query("SELECT o.note || l.note FROM orders AS o, orders_live AS l"),
          contains("v2v2"));
    } finally {
      scene.database.execute("RESET ROLE; DROP OWNED BY a_reader; DROP ROLE a_reader");
    }
  }

  @Test
  void whatCannotBeMadeAgainStandsInTheWay() {
    scene.database.execute("CREATE MATERIALIZED VIEW kept AS SELECT note FROM orders");
    assertThat(
        refused(true).getMessage(),
        allOf(
            containsString("would stay with version 1"),
            containsString("materialized view public.kept")));
    assertThat(scene.query("SELECT note FROM orders_live"), contains("now"));
    assertThat(scene.query("SELECT to_regnamespace('public_v1')"), contains((String) null));
    scene.database.execute("DROP MATERIALIZED VIEW kept");
    adopt();
  }

  @Test
  void aRunThatGoesOnFailsAtItsNextBatchAndNothingIsLost() {
    try (BatchWriter writer = new BatchWriter(scene.warehouse, SHOP)) {
      writer.write(new ArrayList<>(List.of(order(3, "three"))));
      assertThat(refused(false).getMessage(), containsString("runs of Millrace are connected"));
      scene.versions().adopt(SHOP, true, PATIENCE);
      WarehouseException failed =
          assertThrows(
              WarehouseException.class,
              () -> writer.write(new ArrayList<>(List.of(order(4, "four")))));
      assertThat(
          failed.getMessage(),
          containsString("table public.orders was not prepared, or has become one of a version"));
    }
    assertThat(scene.query("SELECT note FROM orders_live"), contains("three"));
    scene.prepare(1, SHOP);
    scene.write(1, SHOP, order(4, "four"));
    assertThat(scene.query("SELECT note FROM orders_live"), contains("four"));
  }

  @Test
  void thereHasToBeSomethingToAdoptAndRoomForIt() {
    scene.prepare(1, SHOP);
    assertThat(refused(true).getMessage(), containsString("take it away first: --drop=1"));
    VersionException none =
        assertThrows(
            VersionException.class,
            () ->
                Versions.of(scene.warehouse.withSchema("elsewhere")).adopt(SHOP, false, PATIENCE));
    assertThat(none.getMessage(), containsString("the schema elsewhere has no tables of"));
    assertThat(scene.query("SELECT sum(number) FROM _millrace.cutovers"), contains((String) null));
    assertThat(scene.query("SELECT title FROM items_live"), contains("now"));
    assertThat(scene.query("SELECT id FROM public_v1.items"), is(empty()));
    scene.versions().drop(1, false, PATIENCE);
    adopt();
    assertThat(scene.query("SELECT title FROM public_v1.items"), contains("now"));
  }
}
