package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Gathered;
import io.millrace.transforms.warehouse.TestWarehouse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/** A view is what PostgreSQL answers to its query over the tables at the end. */
class JoinTablesLawTest {
  private static final int SHOPS = 120;
  private static final Map<String, ViewCase> VIEWS = new LinkedHashMap<>();

  static {
    String orderKey = "key shop integer; key id integer";
    view(
        "inner",
        orderKey + "; amount numeric(10,2); segment text",
        "SELECT o.shop, o.id, o.amount, c.segment FROM orders o"
            + " JOIN customers c ON c.shop = o.shop AND c.id = o.customer");
    view(
        "left",
        orderKey + "; note text; price numeric(10,2)",
        "SELECT o.shop, o.id, o.note, p.price FROM orders o"
            + " LEFT JOIN products p ON o.shop = p.shop AND o.product = p.id");
    view(
        "right",
        "key shop integer; key customer integer; key order_id integer; segment text",
        "SELECT c.shop, c.id AS customer, coalesce(o.id, 0) AS order_id, c.segment FROM orders o"
            + " RIGHT JOIN customers c ON c.shop = o.shop AND c.id = o.customer");
    view(
        "full",
        "key shop integer; key order_id integer; key customer integer; note text; segment text",
        "SELECT coalesce(o.shop, c.shop) AS shop, coalesce(o.id, 0) AS order_id,"
            + " coalesce(c.id, 0) AS customer, o.note, c.segment FROM orders o"
            + " FULL OUTER JOIN customers c ON c.shop = o.shop AND c.id = o.customer");
    view(
        "oneToMany",
        "key shop integer; key customer integer; key order_id integer; amount numeric(10,2)",
        "SELECT c.shop, c.id AS customer, o.id AS order_id, o.amount FROM customers c"
            + " INNER JOIN orders o ON o.customer = c.id AND o.shop = c.shop");
    view(
        "primaryKeys",
        orderKey + "; segment text; city text",
        "SELECT c.shop, c.id, c.segment, a.city FROM customers c"
            + " JOIN addresses a USING (shop, id)");
    view(
        "chain",
        orderKey + "; note text; segment text; city text; price numeric(10,2)",
        "SELECT o.shop, o.id, o.note, c.segment, a.city, p.price FROM orders o"
            + " LEFT JOIN customers c ON c.shop = o.shop AND c.id = o.customer"
            + " LEFT JOIN addresses a ON a.shop = c.shop AND a.id = c.address"
            + " JOIN products p ON p.shop = o.shop AND p.id = o.product");
    view(
        "selfJoin",
        orderKey + "; other integer",
        "SELECT o.shop, o.id, p.id AS other FROM orders o"
            + " LEFT JOIN orders p ON p.shop = o.shop AND p.id = o.customer");
    view(
        "filtered",
        orderKey + "; total numeric(12,2); kind text",
        "SELECT o.shop, o.id, o.amount * 2 + p.price AS total,"
            + " CASE WHEN o.note = 'x' THEN 'a' WHEN o.note IN ('y') THEN 'b' ELSE 'c' END AS kind"
            + " FROM orders o JOIN products p ON p.shop = o.shop AND p.id = o.product"
            + " WHERE (o.amount > 0.5 AND p.price < 2) OR o.note IS NULL");
    view(
        "segments",
        "key shop integer; key segment text; orders bigint; revenue numeric(20,2);"
            + " mean numeric(20,6); least numeric(10,2); most numeric(10,2); notes bigint;"
            + " first_note text",
        "SELECT c.shop, coalesce(c.segment, '') AS segment, count(*) AS orders,"
            + " sum(o.amount) AS revenue, avg(o.amount) AS mean, min(o.amount) AS least,"
            + " max(o.amount) AS most, count(DISTINCT o.note) AS notes, min(o.note) AS first_note"
            + " FROM orders o JOIN customers c ON c.shop = o.shop AND c.id = o.customer"
            + " GROUP BY c.shop, coalesce(c.segment, '')");
    view(
        "oneTable",
        "key shop integer; orders bigint; amounts bigint; most bigint",
        "SELECT shop, count(id) AS orders, count(amount) AS amounts, max(product) AS most"
            + " FROM orders WHERE NOT note = 'y' GROUP BY shop");
  }

  /** Views whose hot keys cannot be spread. */
  private static final Set<String> KEEP_RIGHT = Set.of("right", "full");

  private static final Set<String> HAD_ROWS = new HashSet<>();

  private static TestWarehouse database;

  private static void view(String name, String columns, String query) {
    VIEWS.put(name, ViewCase.of(name, columns, query));
  }

  @BeforeContainer
  static void start() {
    database = TestWarehouse.create("LOCALE 'C' TEMPLATE template0");
  }

  @AfterContainer
  static void stop() {
    database.drop();
    Gathered.clear();
    assertThat(HAD_ROWS, is(VIEWS.keySet()));
  }

  /** Of 120 shops each, so of 1,080 cases over the runners. */
  @Property(tries = 9, shrinking = ShrinkingMode.OFF)
  void viewsAreWhatPostgresAnswers(
      @ForAll TestRunner runner, @ForAll long seed, @ForAll boolean spread) {
    Gathered.clear();
    Random random = new Random(seed);
    RandomShop shop = new RandomShop(seed, SHOPS, 4 + random.nextInt(24));
    List<ChangeEvent> arriving = new ArrayList<>(shop.log());
    for (ChangeEvent change : shop.log()) {
      if (random.nextInt(5) == 0) {
        arriving.add(change);
      }
    }
    if (random.nextInt(4) > 0) {
      Collections.shuffle(arriving, random);
    }
    Pipeline pipeline = Pipeline.create(runner.options());
    PCollection<ChangeEvent> changes =
        pipeline.apply(Create.of(arriving).withCoder(ChangeEventCoder.of()));
    JoinTables joinAll = JoinTables.of(RandomShop.TABLES).withBuckets(4);
    JoinTables joinSpread = joinAll;
    for (ViewCase view : VIEWS.values()) {
      if (spread && !KEEP_RIGHT.contains(view.view().name())) {
        joinSpread = joinSpread.withView(view.view(), view.query());
      } else {
        joinAll = joinAll.withView(view.view(), view.query());
      }
    }
    JoinedTables joined = changes.apply("Join", joinAll);
    JoinedTables joinedSpread =
        spread ? changes.apply("JoinSpread", joinSpread.withHotKeyFanout(2)) : joined;
    for (String name : VIEWS.keySet()) {
      (KEEP_RIGHT.contains(name) ? joined : joinedSpread)
          .rows(name)
          .apply(name + "Gather", Gathered.as(name));
    }
    pipeline.run().waitUntilFinish();
    shop.store(database);
    VIEWS.forEach(
        (name, view) -> {
          List<String> expected = view.expected(database);
          List<Row> told = Gathered.take(name);
          assertThat(name, view.actual(told), is(expected));
          if (!expected.isEmpty()) {
            HAD_ROWS.add(name);
          }
        });
  }
}
