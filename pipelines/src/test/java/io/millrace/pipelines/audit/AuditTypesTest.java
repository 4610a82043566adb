package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.launch.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sides whose columns are of other types, names and orders, and hold the same. */
@Timeout(60)
class AuditTypesTest {
  @TempDir Path directory;

  @Test
  void theSameValuesInOtherTypesAreEqual() throws Exception {
    AuditScene scene =
        new AuditScene(
            directory,
            """
            - name: things
              physicalName: public.things
              customProperties: [{property: time.zone, value: "+02:00"}]
              properties:
                - {name: code, physicalType: "char(6)", primaryKey: true}
                - {name: price, physicalType: "numeric(10,2)"}
                - {name: fee, physicalType: "numeric(19,2)"}
                - {name: share, physicalType: double precision}
                - {name: at, physicalType: timestamptz}
                - {name: local_at, physicalType: timestamptz}
                - {name: day, physicalType: date}
                - {name: flag, physicalType: boolean}
                - {name: number, physicalType: bigint}
                - {name: name, physicalType: "varchar(20)"}
                - {name: mood, physicalType: text}
                - {name: id, physicalType: uuid}
                - {name: document, physicalType: jsonb}
                - {name: opens, physicalType: timetz}
                - {name: tags, physicalType: "text[]"}
                - {name: took, physicalType: interval}
            """);
    AuditScene.execute(
        scene.source,
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE DOMAIN cents AS numeric(12,4)",
        """
        CREATE TABLE things (code char(6) PRIMARY KEY, price cents, fee money, share real,
          at text, local_at timestamp, day timestamp, flag smallint, number numeric, name char(20),
          mood mood, id text, document json, opens timetz, tags varchar(9)[], took text)
        """,
        """
        INSERT INTO things VALUES ('ab', 1.5, 2.25, 0.1, '2026-05-01T14:00:00+02:00',
          '2026-05-01 14:00', '2026-05-01 00:00', 1, 7.0, 'x', 'good',
          '00000000-0000-0000-0000-00000000000A', '{"b":1,"a":2}', '13:00+01', '{a,"b c"}', '1 day'),
          ('c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL)
        """);
    AuditScene.execute(
        scene.warehouse,
        """
        CREATE TABLE things (took interval, tags text[], opens timetz, document jsonb, id uuid,
          mood text, name varchar(20), number bigint, flag boolean, day date, local_at timestamptz,
          at timestamptz, share double precision, fee numeric(19,2), price numeric(10,2),
          code varchar(6) PRIMARY KEY)
        """,
        """
        INSERT INTO things VALUES ('1 day', '{a,b c}', '12:00+00', '{"a": 2, "b": 1}',
          '00000000-0000-0000-0000-00000000000a', 'good', 'x', 7, true, '2026-05-01',
          '2026-05-01 12:00+00', '2026-05-01 12:00+00', 0.1, 2.25, 1.50, 'ab'),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          'c')
        """);
    CommandLine run = scene.audit();
    assertThat(run.out() + run.err(), run.exitCode(), is(ExitCode.OK));
    AuditScene.execute(
        scene.source,
        "UPDATE things SET price = 1.501, name = 'y', local_at = '2026-05-01 13:00',"
            + " day = '2026-05-01 02:00', flag = 0, took = '2 days'");
    assertThat(
        scene.audit().out(),
        allOf(
            containsString("    price: 1 null, 1 rounding\n"),
            containsString("    local_at: 1 null, 1 time zone +01:00\n"),
            containsString("    day: 1 null, 1 time zone -02:00\n"),
            containsString("    flag: 1 null, 1 value\n"),
            containsString("    took: 1 null, 1 value\n"),
            containsString("    name: 1 null, 1 value\n")));
  }

  @Test
  void aValueThatIsNotOfTheContractsTypeIsSaidWithoutIt() throws Exception {
    AuditScene scene =
        new AuditScene(
            directory,
            """
            - name: things
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: at, physicalType: timestamptz}
            """);
    AuditScene.execute(
        scene.source,
        "CREATE TABLE things (id bigint, at text)",
        "INSERT INTO things VALUES (1, 'a secret')");
    AuditScene.execute(scene.warehouse, "CREATE TABLE things (id bigint, at timestamptz)");
    CommandLine run = scene.audit();
    assertThat(run.exitCode(), is(ExitCode.WORLD));
    assertThat(
        run.err(),
        is(
            "error: table things cannot be compared: it holds a value that cannot be read as the"
                + " contract's type (SQLSTATE 22007)\n"));
  }

  @Test
  void whereATextEndsCountsAndNullIsNotTheEmptyText() throws Exception {
    AuditScene scene =
        new AuditScene(
            directory,
            """
            - name: pairs
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: one, physicalType: text}
                - {name: other, physicalType: text}
            """);
    scene.inBoth("CREATE TABLE pairs (id bigint PRIMARY KEY, one text, other text)");
    AuditScene.execute(
        scene.source,
        "INSERT INTO pairs VALUES (1, NULL, 'x'), (2, '', NULL), (3, 'ab', 'c'), (4, 'a;1:b', 'c'),"
            + " (5, ';', '')");
    AuditScene.execute(
        scene.warehouse,
        "INSERT INTO pairs VALUES (1, '', 'x'), (2, NULL, ''), (3, 'a', 'bc'), (4, 'a', 'b;1:c'),"
            + " (5, '', ';')");
    assertThat(scene.json().get("tables").get(0).get("changed").asInt(), is(5));
  }

  @Test
  void textsInAnotherEncodingAreEqual() throws Exception {
    AuditScene scene =
        new AuditScene(
            directory,
            """
            - name: words
              properties:
                - {name: word, physicalType: text, primaryKey: true}
                - {name: meaning, physicalType: text}
            """);
    AuditScene.execute(
        AuditScene.Server.POSTGRES.database(),
        "DROP DATABASE " + scene.source.name(),
        "CREATE DATABASE "
            + scene.source.name()
            + " TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    scene.inBoth(
        "CREATE TABLE words (word text PRIMARY KEY, meaning text)",
        "INSERT INTO words SELECT 'Äpfel ' || n, 'Öl' FROM generate_series(1, 50) AS n");
    CommandLine run = scene.audit();
    assertThat(run.out() + run.err(), run.exitCode(), is(ExitCode.OK));
  }
}
