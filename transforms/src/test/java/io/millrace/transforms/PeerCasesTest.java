package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Events and right answers from the tests of other projects, where these lie beside the project in
 * {@code ../shared/peercases}; skipped where they do not.
 */
@EnabledIf(
    value = "io.millrace.transforms.PeerFiles#areThere",
    disabledReason = "no ../shared/peercases beside the project")
class PeerCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String HEAD =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: peers
      version: 1.0.0
      status: active
      schema:
      """;

  /** The source of the SeaTunnel case, as its MySQL table declares it. */
  private static final String MYSQL_TYPES =
      """
      id int, f_binary binary(64), f_blob blob, f_long_varbinary mediumblob, f_longblob longblob,
      f_tinyblob tinyblob, f_varbinary varbinary(100), f_smallint smallint,
      f_smallint_unsigned smallint unsigned, f_mediumint mediumint,
      f_mediumint_unsigned mediumint unsigned, f_int int, f_int_unsigned int unsigned,
      f_integer integer, f_integer_unsigned integer unsigned, f_bigint bigint,
      f_bigint_unsigned bigint unsigned, f_numeric numeric(10), f_decimal decimal(10),
      f_float float4, f_double double, f_double_precision double precision, f_longtext longtext,
      f_mediumtext mediumtext, f_text text, f_tinytext tinytext, f_varchar varchar(100),
      f_date date, f_datetime datetime, f_timestamp timestamptz, f_bit1 boolean, f_bit64 bit(64),
      f_char char(1), f_enum enum('enum1','enum2','enum3'), f_mediumblob mediumblob,
      f_long_varchar mediumtext, f_real double, f_time time, f_tinyint tinyint,
      f_tinyint_unsigned tinyint unsigned, f_json json, f_year year
      """;

  private static final Pattern COLUMN_END = Pattern.compile(",\\s+(?=\\w+ )");

  private static Replication replication;

  @BeforeAll
  static void startWarehouse() throws Exception {
    replication = Replication.start("peers");
  }

  @AfterAll
  static void stopWarehouse() {
    if (replication != null) {
      replication.close();
    }
  }

  /**
   * SeaTunnel's own expectation of {@code f_bit64} is 0, which is not what the event holds: its
   * sink reads the first byte as a boolean. The 64 bits are asserted here instead.
   */
  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void everyMySqlTypeOfSeaTunnelsCase(TestRunner runner) throws Exception {
    String table = "seatunnel_" + runner.name().toLowerCase(Locale.ROOT);
    replicate(
        runner,
        contract(table, "mysql_cdc.mysql_cdc_e2e_source_table", List.of("id"), MYSQL_TYPES),
        "seatunnel/debezium_data.txt",
        false);
    JsonNode expected = PeerFiles.json("seatunnel/debezium.expected.json");
    List<String> ignored = new ArrayList<>(List.of("f_bit64"));
    expected.get("not_compared_columns").forEach(column -> ignored.add(column.asText()));
    JsonNode rows = expected.get("expected_final_state");
    for (JsonNode row : rows) {
      ((ObjectNode) row).remove(ignored);
      ((ObjectNode) row).set("f_json", JSON.readTree(row.get("f_json").asText()));
    }
    assertRows(table, rows.toString(), ignored);
    assertThat(
        replication.query("SELECT DISTINCT f_bit64::text FROM " + table),
        equalTo(List.of("01".repeat(32))));
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void risingWavesLogWithAndWithoutSchema(TestRunner runner) throws Exception {
    String expected =
        """
        [{"id":1001,"first_name":"Sally","last_name":"Thomas","email":"sally.thomas@acme.com"},
         {"id":1002,"first_name":"George","last_name":"Bailey","email":"gbailey@foobar.com"},
         {"id":1003,"first_name":"Edward","last_name":"Walker","email":"ed@walker.com"},
         {"id":1004,"first_name":"Anne1","last_name":"Kretchmar","email":"annek@noanswer.org"},
         {"id":1005,"first_name":"add","last_name":"add2","email":"add"}]
        """;
    for (String file : List.of("debezium_log.txt", "debezium_log_no_schema_field.txt")) {
      String table = "log_" + file.length() + "_" + runner.name().toLowerCase(Locale.ROOT);
      replicate(
          runner,
          contract(
              table,
              "inventory.customers",
              List.of("id"),
              "id int, first_name varchar(255), last_name varchar(255), email varchar(255)"),
          "risingwave/test_data/" + file,
          false);
      assertRows(table, expected, List.of());
    }
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void keyThatCannotBeReadDoesNotMatterWhereTheRowHasIt(TestRunner runner) throws Exception {
    String table = "mess_key_" + runner.name().toLowerCase(Locale.ROOT);
    replicate(
        runner,
        contract(
            table,
            "public.orders",
            List.of("order_id"),
            "order_id int, order_date bigint, customer_name text, price numeric, product_id int,"
                + " order_status int"),
        "risingwave/test_data/debezium_mess_key.txt",
        true);
    assertThat(
        replication.query(
            "SELECT order_id || ':' || product_id FROM " + table + "_live ORDER BY 1"),
        equalTo(List.of("1:3", "2:2", "3:2")));
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void upperCaseNamesAreKept(TestRunner runner) throws Exception {
    String table = "LineItem_" + runner.name().toLowerCase(Locale.ROOT);
    replicate(
        runner,
        contract(
            table,
            "mydb.lineitem",
            List.of("L_ORDERKEY", "L_LINENUMBER"),
            "L_ORDERKEY bigint, L_LINENUMBER int, L_EXTENDEDPRICE numeric(15,2), L_SHIPDATE date"),
        "risingwave/test_data/debezium_ignore_case_json.txt",
        false);
    assertThat(
        replication.query(
            "SELECT \"L_ORDERKEY\" || ' ' || \"L_EXTENDEDPRICE\" || ' ' || \"L_SHIPDATE\" FROM \""
                + table
                + "_live\" ORDER BY 1"),
        equalTo(
            List.of(
                "56165 55828.11 1992-06-22",
                "56166 19378.81 1993-11-07",
                "56166 4830.25 1993-09-15")));
  }

  private static Contract contract(String name, String source, List<String> keys, String columns) {
    StringBuilder yaml = new StringBuilder(HEAD);
    yaml.append("  - name: ").append(name).append("\n    physicalName: ").append(source);
    yaml.append("\n    properties:\n");
    for (String column : COLUMN_END.split(columns.strip(), -1)) {
      int space = column.indexOf(' ');
      String physicalName = column.substring(0, space);
      boolean key = keys.contains(physicalName);
      yaml.append("      - {name: ").append(physicalName);
      yaml.append(", physicalType: \"")
          .append(column.substring(space + 1))
          .append("\", primaryKey: ");
      yaml.append(key).append("}\n");
    }
    return Contract.parse(yaml.toString(), name);
  }

  private static void replicate(TestRunner runner, Contract contract, String file, boolean keyed)
      throws Exception {
    replication.run(
        runner, contract, ChangeFormat.DEBEZIUM, Replication.file(PeerFiles.path(file), keyed));
  }

  /** PostgreSQL itself reads the expected rows as rows of the table, and compares. */
  private static void assertRows(String table, String expected, List<String> ignored)
      throws Exception {
    String columns =
        String.join(
            ", ",
            replication.query(
                "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_name = '"
                    + table
                    + "' AND column_name NOT LIKE '\\_%' AND column_name <> ALL ('{"
                    + String.join(",", ignored)
                    + "}')"));
    String rows = "SELECT " + columns.replace("f_json", "f_json::jsonb") + " FROM ";
    String wanted = rows + "json_populate_recordset(NULL::" + table + ", '" + expected + "')";
    String found = rows + table + "_live";
    assertThat(replication.query("(" + found + ") EXCEPT (" + wanted + ")"), is(empty()));
    assertThat(replication.query("(" + wanted + ") EXCEPT (" + found + ")"), is(empty()));
  }
}
