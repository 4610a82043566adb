package io.millrace.pipelines.contract;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.shop.Shop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code contract}, against a real PostgreSQL. */
class ContractCommandTest {
  private static LocalPostgres postgres;
  private static int databases;

  @TempDir Path directory;
  private Path file;
  private Path password;
  private Database database;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("source");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    database = postgres.database("source" + databases++);
    file = directory.resolve("source.odcs.yaml");
    password = Files.writeString(directory.resolve("password"), database.password());
  }

  @Test
  void theShopsContractSaysWhatTheOneWrittenByHandSays() throws Exception {
    Shop.create(database);
    assertThat(write().err(), is(""));
    Contract byHand =
        Contract.parse(
            Files.readString(Shop.writeContract(directory.resolve("hand.yaml"))), "by hand");
    Contract written = Contract.parse(Files.readString(file), "written");
    for (TableContract table : byHand.tables()) {
      assertThat(shape(written.table(table.physicalName()).orElseThrow()), is(shape(table)));
    }
    assertThat(written.tables().size(), is(byHand.tables().size()));
  }

  /** Name, kind, parameters, key and whether there is always a value, of each column. */
  private static List<String> shape(TableContract table) {
    List<String> shape = new ArrayList<>(List.of(table.name()));
    for (ColumnContract column : table.columns()) {
      shape.add(
          String.format(
              "%s %s(%d,%d) %d %s",
              column.name(),
              column.type().kind(),
              column.type().precision(),
              column.type().scale(),
              column.keyPosition(),
              column.required()));
    }
    return shape;
  }

  @Test
  void typesAreExact() throws Exception {
    execute(
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE DOMAIN cents AS numeric(10,2) NOT NULL",
        "CREATE DOMAIN dear AS cents CHECK (VALUE > 100)",
        """
        CREATE TABLE types (
          id bigint PRIMARY KEY, v varchar(12), c char(3), n numeric, n102 numeric(10,2),
          t3 timestamp(3), tz timestamptz, tod time(0) with time zone, f real, d double precision,
          moods mood[], m mood NOT NULL, grid integer[][], tags varchar(5)[], price dear,
          prices dear[], i interval day to second(3), b bit varying(7), x bytea, j json)
        """);
    assertThat(write().err(), is(""));
    TableContract table =
        Contract.parse(Files.readString(file), "written").table("public.types").orElseThrow();
    assertThat(
        table.columns().stream()
            .map(column -> column.name() + " " + column.type().physicalType())
            .toList(),
        contains(
            "id bigint",
            "v character varying(12)",
            "c character(3)",
            "n numeric",
            "n102 numeric(10,2)",
            "t3 timestamp(3) without time zone",
            "tz timestamp with time zone",
            "tod time(0) with time zone",
            "f real",
            "d double precision",
            "moods text[]",
            "m text",
            "grid integer[]",
            "tags character varying(5)[]",
            "price numeric(10,2)",
            "prices numeric(10,2)[]",
            "i interval",
            "b bit varying(7)",
            "x bytea",
            "j json"));
    assertThat(column(table, "m").customProperties().get("sourceType"), is("mood"));
    assertThat(column(table, "moods").customProperties().get("sourceType"), is("mood"));
    assertThat("a domain's NOT NULL", column(table, "price").required(), is(true));
    assertThat("a column's NOT NULL", column(table, "m").required(), is(true));
    assertThat(column(table, "v").required(), is(false));
  }

  private static ColumnContract column(TableContract table, String name) {
    return table.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aKeyIsThePrimaryKeyOrElseAUniqueIndexOfColumnsThatAreNotNull() throws Exception {
    execute(
        "CREATE TABLE composite (b int, a int, c int UNIQUE, PRIMARY KEY (b, a))",
        "CREATE TABLE indexed (id int, code text NOT NULL, part int NOT NULL)",
        "CREATE UNIQUE INDEX indexed_two ON indexed (part, code)",
        "CREATE UNIQUE INDEX indexed_null ON indexed (id)",
        "CREATE UNIQUE INDEX indexed_some ON indexed (code) WHERE part > 3",
        "CREATE UNIQUE INDEX indexed_lower ON indexed (lower(code))",
        "CREATE TABLE heap (a int)",
        "CREATE VIEW seen AS SELECT * FROM composite",
        "CREATE TABLE parts (id int, at date, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')");
    CommandLine run = write();
    assertThat(
        run.err().lines().toList(),
        contains(
            "warning: table public.heap is left out: nothing identifies its rows, neither a"
                + " primary key nor a unique index of columns that are not null; a contract may have"
                + " it with the custom property withoutKey",
            "warning: table public.indexed has no primary key; its key is taken from the index"
                + " indexed_two, which its deletes must carry: ALTER TABLE \"public\".\"indexed\""
                + " REPLICA IDENTITY USING INDEX \"indexed_two\""));
    assertThat(
        run.out().lines().toList(),
        contains(
            file + ": " + databaseName() + " 1.0.0",
            "  composite                  3 columns, key b, a",
            "  indexed                    3 columns, key part, code",
            "  parts                      2 columns, key at, id"));
  }

  @Test
  void whatMillraceCannotTakeIsLeftOutOrRenamed() throws Exception {
    execute(
        "CREATE TYPE pair AS (a int, b int)",
        """
        CREATE TABLE odd (
          id int PRIMARY KEY, _hidden int, hidden int, p pair, net int,
          gross int GENERATED ALWAYS AS (net * 2) STORED)
        """,
        "COMMENT ON TABLE odd IS 'Odd: # \"quoted\", \\, and ''no'''",
        "COMMENT ON COLUMN odd.net IS 'yes'",
        "CREATE SCHEMA other",
        "CREATE TABLE other.odd (\"no\" int PRIMARY KEY, \"1.0\" int, \"a: b\" int, \"Ä -\" int)");
    CommandLine run = write("--schemas=public,other");
    assertThat(
        run.err().lines().toList(),
        contains(
            "warning: column public.odd.p is left out: its type pair is not known; its values go"
                + " to _extra",
            "warning: column public.odd.gross is left out: the database computes it, and change"
                + " events do not have it"));
    Contract contract = Contract.parse(Files.readString(file), "written");
    TableContract other = contract.table("other.odd").orElseThrow();
    TableContract odd = contract.table("public.odd").orElseThrow();
    assertThat(List.of(other.name(), odd.name()), contains("odd", "public_odd"));
    assertThat(
        other.columns().stream().map(ColumnContract::name).toList(),
        contains("no", "1.0", "a: b", "Ä -"));
    assertThat(
        odd.columns().stream().map(c -> c.name() + "<" + c.physicalName()).toList(),
        contains("id<id", "hidden<_hidden", "hidden_<hidden", "net<net"));
  }

  @Test
  void onlyTheTablesAskedForAreDescribed() throws Exception {
    execute("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
    assertThat(write("--tables=public.b").exitCode(), is(ExitCode.OK));
    assertThat(Contract.parse(Files.readString(file), "written").tables().size(), is(1));
    assertThat(
        write("--overwrite", "--tables=b,c").err(),
        is("error: --tables: the database does not have c\n"));
    assertThat(
        write("--overwrite", "--schemas=nowhere").err(),
        is("error: --schemas: the database does not have nowhere\n"));
  }

  @Test
  void aFileThatExistsIsLeftAloneUnlessToldOtherwise() throws Exception {
    execute("CREATE TABLE a (id int PRIMARY KEY)");
    Files.writeString(file, "precious".repeat(1000));
    CommandLine run = write();
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("exists; give another name, or --overwrite"));
    assertThat(Files.readString(file), startsWith("precious"));
    assertThat(write("--overwrite").exitCode(), is(ExitCode.OK));
    assertThat(Contract.parse(Files.readString(file), "written").tables().size(), is(1));
  }

  @Test
  void aContractIsCheckedAndTold() throws Exception {
    Shop.writeContract(file);
    CommandLine good = CommandLine.run(TestRunner.DIRECT, "contract", "--check=" + file);
    assertThat(good.err(), good.exitCode(), is(ExitCode.OK));
    assertThat(
        good.out(),
        allOf(startsWith(file + ": shop 1.0.0\n"), containsString("key order_id, line_no")));
    Files.writeString(
        file, Files.readString(file).replace("physicalType: uuid", "physicalType: uid"));
    CommandLine bad = CommandLine.run(TestRunner.DIRECT, "contract", "--check=" + file);
    assertThat(bad.exitCode(), is(ExitCode.INPUT));
    assertThat(bad.err(), containsString("physicalType 'uid' is not a known type"));
  }

  @Test
  void aWrongPasswordIsTheWorldsAndIsNotRepeated() throws Exception {
    Files.writeString(password, "wrong");
    CommandLine run = write();
    assertThat(run.exitCode(), is(ExitCode.WORLD));
    assertThat(run.err(), containsString("password authentication failed"));
  }

  @Test
  void thereMustBeSomethingToDo() {
    assertThat(
        CommandLine.run(TestRunner.DIRECT, "contract").err(),
        is(
            "error: contract needs either --check=FILE, or --databaseUrl=JDBC_URL and"
                + " --output=FILE\n"));
  }

  private CommandLine write(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "contract",
                "--databaseUrl=" + database.jdbcUrl(),
                "--databaseUser=" + database.user(),
                "--databasePassword=file:" + password,
                "--output=" + file));
    arguments.addAll(List.of(more));
    return CommandLine.run(TestRunner.DIRECT, arguments.toArray(new String[0]));
  }

  private String databaseName() {
    return database.jdbcUrl().replaceFirst(".*/", "");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
