package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.warehouse.TestTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewQueryTest {
  private static final Contract SHOP =
      TestTable.contract(
          "orders: key id bigint; customer integer; total numeric(10,2); note text; at date",
          "customers: key id integer; name text; segment text; Odd text");
  private static final String NAMES =
      "SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer";
  private static final String SEGMENTS =
      "SELECT c.segment, sum(o.total) AS revenue FROM orders o JOIN customers c"
          + " ON c.id = o.customer GROUP BY c.segment";

  private static ViewPlan names(String query) {
    return plan("v: key id bigint; total numeric(10,2); name text", query);
  }

  private static ViewPlan segments(String query) {
    return plan("v: key segment text; revenue numeric(20,2)", query);
  }

  private static ViewPlan plan(String view, String query) {
    TableContract contract = TestTable.contract(view).tables().get(0);
    return ViewQuery.plan(query, contract, new UsedTables(SHOP));
  }

  static Stream<Arguments> refusedRows() {
    return Stream.of(
        arguments("SELECT", "is no SQL"),
        arguments("keep all orders", "is no SQL"),
        arguments("DELETE FROM orders", "a view's query is one SELECT, without UNION or WITH"),
        arguments(NAMES + " UNION ALL " + NAMES, "is one SELECT, without UNION or WITH"),
        arguments(NAMES + "; DROP TABLE orders", "a view's query is one SELECT, without"),
        arguments("WITH o AS (SELECT 1) " + NAMES, "a view's query has WITH"),
        arguments(NAMES.replace("SELECT", "SELECT DISTINCT"), "has DISTINCT, which views cannot"),
        arguments(NAMES + " ORDER BY o.id", "has ORDER BY, which views cannot follow; leave it to"),
        arguments(NAMES + " LIMIT 10", "a view's query has LIMIT"),
        arguments(NAMES + " OFFSET 10", "a view's query has OFFSET"),
        arguments(NAMES + " FETCH FIRST 3 ROWS ONLY", "a view's query has FETCH"),
        arguments(NAMES + " WINDOW w AS (ORDER BY o.id)", "a view's query has WINDOW"),
        arguments(NAMES + " FOR UPDATE", "and this one has more: SELECT o.id"),
        arguments(NAMES + " QUALIFY true", "and this one has more"),
        arguments("SELECT 1 AS id, 2 AS total, 'x' AS name", "the query has no FROM"),
        arguments(
            NAMES.replace("orders o", "(SELECT * FROM orders) o"),
            "the query reads from (SELECT * FROM orders) o; views read from tables"),
        arguments(NAMES.replace("customers c", "LATERAL (SELECT 1) c"), "views read from tables"),
        arguments(
            NAMES.replace("orders o", "orders o TABLESAMPLE SYSTEM (1)"), "reads from orders"),
        arguments(
            NAMES.replace("customers c", "clients c"),
            "names the table clients, which is no table of the source in the contract; those are"
                + " source.orders, source.customers"),
        arguments(NAMES.replace("orders o", "\"Orders\" o"), "names the table \"Orders\", which"),
        arguments(
            "SELECT o.id, o.total, name FROM orders o JOIN customers o ON o.id = o.customer",
            "names two tables o; give each an alias of its own"),
        arguments(NAMES.replace("c.name", "c.nam AS name"), "column c.nam, which none of its"),
        arguments(NAMES.replace("c.name", "d.name"), "column d.name, which none of its tables has"),
        arguments(NAMES.replace("o.id,", "id,"), "column id, which several of its tables have"),
        arguments(NAMES.replace("c.name", "c.\"NAME\" AS name"), "column c.\"NAME\", which none"),
        arguments("SELECT * FROM orders", "the query selects *; name the columns of the view"),
        arguments("SELECT o.* FROM orders o", "the query selects *; name the columns"),
        arguments(NAMES.replace("o.total", "o.total + 1"), "selects o.total + 1; say AS what"),
        arguments(
            NAMES.replace(", c.name", ""),
            "does not select name, which the view has as a column; it selects id, total"),
        arguments(
            NAMES.replace("c.name", "c.name, c.segment"),
            "selects segment, which the view does not have as a column; add it to the contract"),
        arguments(NAMES.replace("c.name", "c.name, c.segment AS NAME"), "selects name twice"),
        arguments(
            NAMES.replace("c.id = o.customer", "c.id > o.customer"),
            "joins c ON c.id > o.customer; views join where a column of it equals a column"),
        arguments(
            NAMES + " OR c.name = 'x'",
            "joins c ON c.id = o.customer OR c.name = 'x'; views join where"),
        arguments(NAMES + " AND c.name = 'x'", "joins c ON c.name = 'x'; views join where"),
        arguments(NAMES + " AND o.id = o.customer", "joins c ON o.id = o.customer; views join"),
        arguments(NAMES + " AND c.id = c.id", "joins c ON c.id = c.id; views join where"),
        arguments(
            NAMES.replace("c.id =", "c.name ="),
            "compares customer (integer) with name (text), which are never equal"),
        arguments(
            "SELECT o.id, total, name FROM orders o JOIN customers c USING (name)",
            "joins USING (name), which not both of the tables have"),
        arguments(
            "SELECT o.id, total, name FROM orders o CROSS JOIN customers c",
            "the query joins CROSS JOIN customers c; write JOIN, LEFT JOIN"),
        arguments(
            "SELECT o.id, total, name FROM orders o, customers c", "joins customers c; write"),
        arguments("SELECT o.id, total, name FROM orders o JOIN customers c", "and ON with what is"),
        arguments(
            "SELECT o.id, total, name FROM orders o NATURAL JOIN customers c",
            "joins NATURAL JOIN customers c; write JOIN"),
        arguments(NAMES.replace(" JOIN", " LEFT SEMI JOIN"), "SEMI JOIN customers c"),
        arguments(
            NAMES.replace("o.total,", "o.total / 2 AS total,"), "has o.total / 2, which views"),
        arguments(
            NAMES.replace("c.name", "now() AS name"), "has now(), which views cannot compute"),
        arguments(NAMES.replace("c.name", "trim(c.name) AS name"), "coalesce, concat, floor"),
        arguments(
            NAMES.replace("c.name", "substring(c.name) AS name"), "substring(c.name) is no value"),
        arguments(NAMES.replace("c.name", "(SELECT 1) AS name"), "has (SELECT 1), which views"),
        arguments(NAMES.replace("c.name", "E'a' AS name"), "has E'a', which views cannot compute"),
        arguments(NAMES + " WHERE c.name LIKE 'a%'", "has c.name LIKE 'a%', which views cannot"),
        arguments(NAMES + " WHERE c.name ~ 'a'", "has c.name ~ 'a', which views cannot compute"),
        arguments(NAMES + " WHERE c.name && 'a'", "has c.name && 'a', which views cannot compute"),
        arguments(
            NAMES + " WHERE sum(o.total) > 1", "has sum(o.total) in an expression or in WHERE"),
        arguments(
            NAMES + " WHERE o.id IN (SELECT id FROM customers)",
            "has o.id IN (SELECT id FROM customers), which views cannot compute"),
        arguments(NAMES + " WHERE EXISTS (SELECT 1)", "has EXISTS (SELECT 1), which views"),
        arguments(NAMES + " WHERE o.at::text = 'x'", "has o.at::text, which views cannot compute"));
  }

  @ParameterizedTest
  @MethodSource("refusedRows")
  void whatAViewCannotFollowIsRefused(String query, String message) {
    ViewException refused = assertThrows(ViewException.class, () -> names(query));
    assertThat(refused.getMessage(), containsString(message));
  }

  @Test
  void whatIsNoSqlIsToldInALine() {
    ViewException refused =
        assertThrows(ViewException.class, () -> names(NAMES.replace("FROM", "FORM")));
    assertThat(refused.getMessage().lines().toList(), hasSize(1));
    assertThat(refused.getMessage(), containsString("line 1, column 3"));
  }

  static Stream<Arguments> refusedGroups() {
    String sameColumns = "the view's key are the same columns, and at least one";
    return Stream.of(
        arguments(SEGMENTS + " HAVING sum(o.total) > 1", "a view's query has HAVING"),
        arguments(SEGMENTS.replace("BY c.segment", "BY c.name"), sameColumns),
        arguments(SEGMENTS.replace("BY c.segment", "BY c.segment, c.name"), sameColumns),
        arguments(SEGMENTS.replace(" GROUP BY c.segment", ""), sameColumns),
        arguments(SEGMENTS.replace("sum(o.total)", "o.total"), sameColumns),
        arguments(
            "SELECT c.segment AS revenue, max(c.name) AS segment FROM customers c"
                + " GROUP BY c.segment",
            sameColumns),
        arguments(
            SEGMENTS.replace("BY c.segment", "BY GROUPING SETS ((c.segment), ())"),
            "name columns instead"),
        arguments(SEGMENTS.replace("BY c.segment", "BY ROLLUP (c.segment)"), "ROLLUP"),
        arguments(SEGMENTS.replace("sum(o", "sum(DISTINCT o"), "has sum(DISTINCT o.total); aggreg"),
        arguments(SEGMENTS.replace("sum(o.total)", "count(c.*)"), "has count(c.*); aggregates are"),
        arguments(
            SEGMENTS.replace("sum(o.total)", "sum(*)"), "has sum(*); aggregates are count(*)"),
        arguments(SEGMENTS.replace("sum(o.total)", "count()"), "has count(); aggregates are"),
        arguments(SEGMENTS.replace("sum(o.total)", "sum(o.total, 1)"), "each of one value"),
        arguments(
            SEGMENTS.replace("sum(o.total)", "sum(o.total) + 1"),
            "has sum(o.total) in an expression or in WHERE; aggregates are columns of the view by"),
        arguments(
            SEGMENTS.replace("sum(o.total)", "sum(o.total) OVER ()"),
            "has sum(o.total) OVER (), which views cannot compute"),
        arguments(
            SEGMENTS.replace("sum(o.total)", "sum(o.total) FILTER (WHERE o.total > 1)"),
            "which views cannot compute"));
  }

  @ParameterizedTest
  @MethodSource("refusedGroups")
  void whatGroupsCannotFollowIsRefused(String query, String message) {
    ViewException refused = assertThrows(ViewException.class, () -> segments(query));
    assertThat(refused.getMessage(), containsString(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select O.ID, o.Total, C.NAME from ORDERS O inner join Customers C on (c.Id = o.CUSTOMER)",
        "SELECT \"o\".\"id\", o.total AS \"total\", c.name FROM \"orders\" \"o\""
            + " JOIN \"source\".\"customers\" AS c ON \"c\".id = o.customer",
        "SELECT orders.id, total, name FROM source.orders"
            + " JOIN source.customers ON customer = customers.id;"
      })
  void namesAreInAnyCaseOrQuoted(String query) {
    ViewPlan plan = names(query);
    assertThat(plan.outputs().toString(), is(names(NAMES).outputs().toString()));
    assertThat(plan.joins(), is(names(NAMES).joins()));
  }

  @Test
  void aggregatesAreNotMadeOfArrays() {
    ViewException refused =
        assertThrows(
            ViewException.class,
            () -> plan("v: key segment text; tags text[]", SEGMENTS.replace("revenue", "tags")));
    assertThat(refused.getMessage(), containsString("has sum(o.total) AS tags, an array; aggreg"));
  }

  @Test
  void columnsThatAreQuotedAreInTheirOwnCase() {
    String query = "SELECT id, \"Odd\" AS total, odd AS name FROM customers";
    ViewPlan plan = names(query);
    assertThat(
        plan.outputs().get(1).value().toString(), is(plan.outputs().get(2).value().toString()));
    assertThrows(ViewException.class, () -> names(query.replace("Odd", "ODD")));
  }

  @Test
  void usingComparesTheColumnsOfThatName() {
    String query = "SELECT o.id, total, name FROM orders o LEFT JOIN customers c ";
    ViewPlan plan = names(query + "USING (id)");
    assertThat(plan.joins(), is(names(query + "ON o.id = c.id").joins()));
    assertThat(plan.joins().get(0).kind(), is(ViewPlan.Kind.LEFT));
  }

  @Test
  void aTableMayHaveSeveralNames() {
    UsedTables tables = new UsedTables(SHOP);
    TableContract view =
        TestTable.contract("v: key id bigint; other text; mine date").tables().get(0);
    ViewPlan plan =
        ViewQuery.plan(
            "SELECT o.id, o.at AS mine, p.note AS other FROM orders o"
                + " RIGHT OUTER JOIN orders p ON p.id = o.customer",
            view,
            tables);
    assertThat(plan.inputs(), is(List.of(0, 0)));
    assertThat(plan.joins().get(0).kind(), is(ViewPlan.Kind.RIGHT));
    assertThat(tables.tables().size(), is(1));
    assertThat(tables.tables().get(0).columns(), containsInAnyOrder(0, 1, 3, 4));
  }
}
