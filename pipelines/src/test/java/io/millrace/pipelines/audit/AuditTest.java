package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.launch.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit} on the command line, with a real source and a real warehouse. */
@Timeout(60)
class AuditTest {
  private static final String ORDERS =
      """
      - name: orders
        physicalName: shop.orders
        properties:
          - {name: id, physicalType: bigint, primaryKey: true}
          - {name: email, physicalType: text, tags: [personal]}
          - {name: total, physicalType: "numeric(10,2)"}
          - {name: placed_at, physicalType: timestamptz, physicalName: placed}
          - {name: label, physicalType: text, transformLogic: "concat('no ', id)"}
      """;

  @TempDir Path directory;

  private AuditScene orders() throws Exception {
    AuditScene scene = new AuditScene(directory, ORDERS);
    AuditScene.execute(
        scene.source,
        "CREATE SCHEMA shop",
        """
        CREATE TABLE shop.orders AS
        SELECT id::bigint, 'a' || id || '@example.com' AS email, (id * 1.25)::numeric(10,3) AS total,
          '2026-03-29 00:30:00+00'::timestamptz + id * interval '1 minute' AS placed
        FROM generate_series(1, 200) AS id
        """);
    AuditScene.execute(
        scene.warehouse,
        """
        CREATE TABLE orders AS
        SELECT id, 'a' || id || '@example.com' AS email, (id * 1.25)::numeric(10,2) AS total,
          '2026-03-29 00:30:00+00'::timestamptz + id * interval '1 minute' AS placed_at,
          'no ' || id AS label, id > 200 AS _deleted
        FROM generate_series(1, 220) AS id
        """);
    return scene;
  }

  @Test
  void whatIsTheSameIsEqual() throws Exception {
    CommandLine run = orders().audit();
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        run.out().lines().skip(2).toList().toString(),
        allOf(
            containsString("orders              200              200"),
            containsString("equal"),
            containsString("not compared: label is not in the source")));
  }

  private static AuditScene planted(AuditScene scene) {
    AuditScene.execute(
        scene.warehouse,
        "DELETE FROM orders WHERE id = 7",
        "INSERT INTO orders VALUES (1000, 'x', 1, now(), 'no 1000', false)",
        "UPDATE orders SET email = 'someone@example.com' WHERE id = 30",
        "UPDATE orders SET total = 39 WHERE id = 31",
        "UPDATE orders SET placed_at = placed_at + interval '2 hours' WHERE id IN (99, 100)",
        "UPDATE orders SET total = NULL WHERE id = 150");
    return scene;
  }

  @Test
  void eachDifferenceIsFoundAndNamed() throws Exception {
    CommandLine run = planted(orders()).audit("--showPersonalData");
    assertThat(run.exitCode(), is(ExitCode.BUG));
    assertThat(
        run.err(), is("error: 1 of 1 tables are not the same in the source and the warehouse\n"));
    assertThat(
        run.out(),
        allOf(
            containsString("    email: 1 value\n"),
            containsString("    placed_at: 2 time zone +02:00\n"),
            containsString("    total: 1 null, 1 rounding\n"),
            containsString("    id '7' is missing in the warehouse\n"),
            containsString("    id '1000' is not in the source\n"),
            containsString(
                "    id '31': total is '38.75' in the source and '39' in the warehouse"
                    + " (rounding)\n"),
            containsString(
                "    id '30': email is 'a30@example.com' in the source and"
                    + " 'someone@example.com' in the warehouse (value)\n"),
            containsString(
                "    id '150': total is '187.5' in the source and null in the warehouse (null)\n")));
  }

  @Test
  void theReportInJsonHasItsForm() throws Exception {
    AuditScene scene = orders();
    AuditScene.execute(
        scene.warehouse,
        "DELETE FROM orders WHERE id = 7",
        "UPDATE orders SET total = 39, email = 'other' WHERE id = 31");
    String report = scene.json().toPrettyString();
    String expected =
        """
        {
          "version" : 1,
          "equal" : false,
          "first" : {
            "name" : "source",
            "place" : "%s"
          },
          "second" : {
            "name" : "warehouse",
            "place" : "%s, schema public"
          },
          "tables" : [ {
            "table" : "orders",
            "equal" : false,
            "obstacle" : null,
            "firstRows" : 200,
            "secondRows" : 199,
            "missing" : 1,
            "surplus" : 0,
            "changed" : 1,
            "restless" : 0,
            "atLeast" : false,
            "columns" : {
              "email" : {
                "value" : 1
              },
              "total" : {
                "rounding" : 1
              }
            },
            "examples" : [ {
              "finding" : "missing",
              "key" : {
                "id" : "7"
              }
            }, {
              "finding" : "changed",
              "key" : {
                "id" : "31"
              },
              "columns" : [ {
                "column" : "email",
                "kind" : "value",
                "detail" : "",
                "first" : {
                  "masked" : true
                },
                "second" : {
                  "masked" : true
                }
              }, {
                "column" : "total",
                "kind" : "rounding",
                "detail" : "",
                "first" : "38.75",
                "second" : "39"
              } ]
            } ],
            "notCompared" : [ "label is not in the source" ]
          } ],
          "leftOut" : [ ]
        }"""
            .formatted(scene.source.jdbcUrl(), scene.warehouse.jdbcUrl());
    assertThat(report, is(expected));
    CommandLine piped = scene.audit("--json=-");
    assertThat(piped.out().strip(), is(expected));
  }

  @Test
  void personalDataIsShownOnlyIfAskedFor() throws Exception {
    AuditScene scene = planted(orders());
    assertThat(
        scene.audit().out(),
        allOf(
            not(containsString("@example.com")),
            containsString(
                "    id '30': email is (personal data) in the source and (personal data) in the"
                    + " warehouse (value)\n")));
    assertThat(scene.json().toString(), not(containsString("@example.com")));
    assertThat(scene.json("--showPersonalData").toString(), containsString("a30@example.com"));
  }

  @Test
  void aTableThatIsMissingIsADifference() throws Exception {
    AuditScene scene = orders();
    AuditScene.execute(scene.warehouse, "DROP TABLE orders");
    CommandLine run = scene.audit();
    assertThat(run.exitCode(), is(ExitCode.BUG));
    assertThat(run.out(), containsString("    the table is not in the warehouse\n"));
  }

  @Test
  void whatTheSourceCannotHaveIsLeftOutAndSaidSo() throws Exception {
    AuditScene scene =
        new AuditScene(
            directory,
            ORDERS
                + """
                - name: log
                  customProperties: [{property: withoutKey, value: append}]
                  properties:
                    - {name: line, physicalType: text}
                """);
    AuditScene.execute(
        scene.source,
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.orders (id bigint, email text, total numeric, placed timestamptz)");
    AuditScene.execute(
        scene.warehouse,
        "CREATE TABLE orders (id bigint, email text, total numeric, placed_at timestamptz)");
    CommandLine run = scene.audit();
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(run.out(), containsString("log is left out: the source's table has no key\n"));
    assertThat(
        scene.audit("--tables=log").err(),
        containsString("there is no table to compare: {log=the source's table has no key}"));
  }

  @Test
  void countsAreTheLeastWhereThereIsMoreThanMayBeLookedAt() throws Exception {
    AuditScene scene = orders();
    AuditScene.execute(scene.warehouse, "UPDATE orders SET total = total + 1");
    JsonNode table = scene.json("--maxSuspects=40", "--examples=3").get("tables").get(0);
    assertThat(table.get("atLeast").asBoolean(), is(true));
    assertThat(table.get("changed").asInt(), is(40));
    assertThat(table.get("examples").size(), is(3));
    assertThat(
        scene.audit("--maxSuspects=40").out(),
        allOf(containsString("≥ 40"), containsString("than --maxSuspects lets it look at")));
  }

  @Test
  void rowsThatShareAKeyAreCounted() throws Exception {
    AuditScene scene = orders();
    AuditScene.execute(scene.warehouse, "INSERT INTO orders SELECT * FROM orders WHERE id = 5");
    assertThat(
        scene.audit().out(),
        containsString(
            "    id '5': (rows of this key) is '1' in the source and '2' in the warehouse"
                + " (copies)\n"));
  }

  @Test
  void wrongOptionsNameTheRemedy() throws Exception {
    AuditScene scene = orders();
    CommandLine unknown = scene.audit("--tables=order");
    assertThat(unknown.exitCode(), is(ExitCode.INPUT));
    assertThat(unknown.err(), is("error: --tables: the contract has no order; it has orders\n"));
    CommandLine json = scene.audit("--json=" + directory.resolve("none").resolve("report.json"));
    assertThat(json.exitCode(), is(ExitCode.INPUT));
    Files.writeString(scene.passwordFile(), "wrong");
    CommandLine wrong = scene.audit();
    assertThat(wrong.exitCode(), is(ExitCode.WORLD));
    assertThat(
        wrong.err(),
        allOf(containsString("--databaseUrl: "), containsString("password authentication failed")));
  }

  @Test
  void itOnlyReadsAndSaysWhoItIs() throws Exception {
    AuditScene scene = orders();
    try (var connection =
            PostgresConnection.open(
                scene.source.jdbcUrl(), scene.source.user(), "file:" + scene.passwordFile(), 7);
        var statement = connection.createStatement()) {
      var row =
          statement.executeQuery(
              "SELECT current_setting('application_name'), current_setting('transaction_read_only'),"
                  + " current_setting('statement_timeout')");
      row.next();
      assertThat(row.getString(1), is("millrace audit"));
      assertThat(row.getString(2), is("on"));
      assertThat(row.getString(3), is("7s"));
    }
  }
}
