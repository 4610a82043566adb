package io.millrace.pipelines.replicate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Formats whose records are not one change each, from a file to rows and a ledger that balances.
 */
class ReplicateFormatsTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: items
          physicalName: shop.items
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: title, physicalType: varchar(20)}
      """;

  private static LocalPostgres postgres;
  private static int databases;

  @TempDir Path directory;
  private Database database;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("formats");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    database = postgres.database("formats" + databases++);
  }

  /** Seven changes of rows in three messages, a definition, and a message with a bad row. */
  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void messagesOfManyRowsBalance(TestRunner runner) throws Exception {
    CommandLine run =
        replicate(
            runner,
            "canal",
            "{'type':'CREATE','isDdl':true,'database':'shop','table':'items','data':null}",
            canal("INSERT", "{'id':'1','title':'lamp'},{'id':'2','title':'chair'}", "null"),
            canal("INSERT", "{'id':'3','title':'table'},{'id':'x','title':'bad'}", "null"),
            canal("INSERT", "{'id':'4','title':'gone'},{'id':'5','title':'stool'}", "null"),
            canal("UPDATE", "{'id':'6','title':'stool'}", "[{'id':'5'}]"),
            canal("DELETE", "{'id':'4','title':'gone'}", "null"));
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(rows(), contains("(1,lamp)", "(2,chair)", "(6,stool)"));
    assertThat(run.err(), matchesRegex("(?s).*\\bshop\\.items +8 .* balanced\n.*"));
  }

  private static String canal(String type, String rows, String old) {
    return "{'type':'%s','isDdl':false,'database':'shop','table':'items','data':[%s],'old':%s}"
        .formatted(type, rows, old);
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void rowsBesideTheirKeysAndNulls(TestRunner runner) throws Exception {
    CommandLine run =
        replicate(
            runner,
            "upsert",
            "{'key':{'id':1},'value':{'id':1,'title':'lamp'}}",
            "{'key':{'id':2},'value':{'id':2,'title':'chair'}}",
            "{'key':{'id':1},'value':{'id':1}}",
            "{'key':{'id':2},'value':null}");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(rows(), contains("(1,)"));
    assertThat(run.err(), matchesRegex("(?s).*\\bshop\\.items +4 .* balanced\n.*"));
  }

  private CommandLine replicate(TestRunner runner, String format, String... lines)
      throws Exception {
    Path input = directory.resolve("changes.jsonl");
    Files.write(input, Arrays.stream(lines).map(line -> line.replace('\'', '"')).toList());
    Path contract = Files.writeString(directory.resolve("shop.odcs.yaml"), CONTRACT);
    Path password = Files.writeString(directory.resolve("password"), database.password());
    return CommandLine.run(
        runner,
        "replicate",
        "--format=" + format,
        "--input=" + input,
        "--contract=" + contract,
        "--warehouseUrl=" + database.jdbcUrl(),
        "--warehouseUser=" + database.user(),
        "--warehousePassword=file:" + password,
        "--deadLetters=" + directory.resolve("dead"));
  }

  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT (id, title)::text FROM items_live ORDER BY id")) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
