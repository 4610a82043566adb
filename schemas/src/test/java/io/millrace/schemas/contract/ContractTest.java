package io.millrace.schemas.contract;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractTest {
  private static final String SHOP =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.2.0
      status: active
      customProperties:
        - {property: decimal.handling.mode, value: precise}
      schema:
        - name: customers
          physicalName: public.Customers
          customProperties:
            - {property: time.precision.mode, value: connect}
          properties:
            - {name: region, physicalType: text, primaryKey: true, primaryKeyPosition: 2}
            - {name: id, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1}
            - {name: email, physicalName: e_mail, physicalType: varchar(200), tags: [personal]}
            - {name: joined, logicalType: timestamp}
      """;

  @Test
  void trackedColumnsAreThoseListedOrAllOutsideTheKey() {
    String table =
        """
        {apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,
         schema: [{name: t, %s properties: [
           {name: id, physicalType: bigint, primaryKey: true},
           {name: a, physicalType: text}, {name: b, physicalType: text}]}]}
        """;
    String tracked = "customProperties: [{property: trackColumns, value: %s}],";
    assertThat(trackedColumns(table.formatted("")), contains("a", "b"));
    assertThat(trackedColumns(table.formatted(tracked.formatted("' b ,'"))), contains("b"));
    assertThat(trackedColumns(table.formatted(tracked.formatted("[b, a]"))), contains("b", "a"));
    assertThat(trackedColumns(table.formatted(tracked.formatted("'id,b'"))), contains("id", "b"));
    ContractException wrong =
        assertThrows(
            ContractException.class,
            () -> trackedColumns(table.formatted(tracked.formatted("'b,x'"))));
    assertThat(wrong.getMessage(), containsString("trackColumns lists x"));
  }

  private static List<String> trackedColumns(String contract) {
    return Contract.parse(contract, "c").tables().get(0).trackedColumns();
  }

  @Test
  void whetherNullsInUpdatesCountIsSaidByTrueOrFalse() {
    String table =
        """
        {apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,
         schema: [{name: t, customProperties: [{property: ignoreNullUpdates, value: %s}],
           properties: [{name: id, physicalType: bigint, primaryKey: true}]}]}
        """;
    for (String set : List.of("true", "'True'")) {
      TableContract ignoring = Contract.parse(table.formatted(set), "c").tables().get(0);
      assertThat(ignoring.ignoresNullUpdates(), is(true));
    }
    ContractException wrong =
        assertThrows(ContractException.class, () -> Contract.parse(table.formatted("'yes'"), "c"));
    assertThat(wrong.getMessage(), containsString("ignoreNullUpdates is 'yes'; it is true or"));
  }

  @Test
  void tablesColumnsAndKeysAreRead() {
    Contract contract = Contract.parse(SHOP, "shop.yaml");
    TableContract customers = contract.table("public.Customers").orElseThrow();
    assertThat(contract.id() + " " + contract.version(), equalTo("shop 1.2.0"));
    assertThat(customers.name(), equalTo("customers"));
    assertThat(customers.keyColumns(), contains(1, 0));
    assertThat(customers.columns().get(2).physicalName(), equalTo("e_mail"));
    assertThat(customers.columns().get(2).personal(), is(true));
    assertThat(customers.columns().get(1).personal(), is(false));
    assertThat(customers.columns().get(3).type().kind(), is(ColumnType.Kind.TIMESTAMP_TZ));
    assertThat(customers.customProperties().get("decimal.handling.mode"), equalTo("precise"));
    assertThat(customers.customProperties().get("time.precision.mode"), equalTo("connect"));
    assertThat(contract.table("public.customers").isPresent(), is(false));
  }

  @Test
  void tableWithoutSchemaIsFoundInAny() {
    Contract contract = Contract.parse(SHOP.replace("public.Customers", "Customers"), "shop.yaml");
    assertThat(contract.table("sales.Customers").isPresent(), is(true));
    assertThat(contract.table("Customers").isPresent(), is(true));
    assertThat(contract.table("sales.customers").isPresent(), is(false));
  }

  @ParameterizedTest
  @CsvSource({
    "time.zone, Mars/Olympus, Asia/Shanghai",
    "zero.date.mode, zero, null",
    "zero.date.mode, , null",
    "absent.columns, drop, unchanged",
    "binary.handling.mode, utf-8, iso-8859-1",
    "bit.handling.mode, base64, number",
    "unknownColumns, drop, 'capture, ignore, reject'",
    "unknownColumns, CAPTURE, 'capture, ignore, reject'",
    "requiredColumns, reject, 'capture, quarantine'"
  })
  void modeOfValuesThatIsNotKnownIsAFaultThatNamesTheKnown(
      String property, String value, String known) {
    String modes = "{property: decimal.handling.mode, value: precise}";
    String wrong = "{property: " + property + ", value: " + (value == null ? "null" : value) + "}";
    assertThat(SHOP, containsString(modes));
    ContractException fault =
        assertThrows(
            ContractException.class, () -> Contract.parse(SHOP.replace(modes, wrong), "shop.yaml"));
    assertThat(fault.getMessage(), containsString("the custom property " + property + " is"));
    assertThat(fault.getMessage(), containsString(known));
  }

  @Test
  void survivesSerialization() {
    Contract contract = Contract.parse(SHOP, "shop.yaml");
    assertThat(SerializableUtils.clone(contract), equalTo(contract));
  }

  @Test
  void allFaultsAreNamedAtOnce() {
    ContractException fault =
        assertThrows(
            ContractException.class,
            () ->
                Contract.parse(
                    """
                    apiVersion: v2.2.0
                    kind: DataContract
                    id: shop
                    version: 1.0.0
                    schema:
                      - name: orders
                        properties:
                          - {name: id, physicalType: bigintt}
                          - {name: id, physicalType: text}
                          - {name: _deleted, physicalType: boolean}
                      - name: a_name_that_is_longer_than_the_sixty_three_bytes_that_postgresql_keeps
                        properties:
                          - {name: data, physicalType: jsonb, primaryKey: true}
                    """,
                    "bad.yaml"));
    assertThat(fault.getMessage(), containsString("bad.yaml is not a valid data contract"));
    assertThat(fault.getMessage(), containsString("apiVersion is 'v2.2.0'"));
    assertThat(fault.getMessage(), containsString("status is missing"));
    assertThat(fault.getMessage(), containsString("'bigintt' is not a known type"));
    assertThat(fault.getMessage(), containsString("table orders, column id stands twice"));
    assertThat(fault.getMessage(), containsString("column _deleted: names that begin with _"));
    assertThat(fault.getMessage(), containsString("table orders has no key"));
    assertThat(fault.getMessage(), containsString("longer than 63 bytes"));
    assertThat(fault.getMessage(), containsString("column data: a column of type jsonb cannot"));
  }

  @Test
  void whatIsNotYamlIsSaidWithItsPlace() {
    ContractException fault =
        assertThrows(ContractException.class, () -> Contract.parse("a: [1", "bad.yaml"));
    assertThat(fault.getMessage(), containsString("bad.yaml is not YAML"));
    assertThat(fault.getMessage(), containsString("line "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bigint | BIGINT | -1 | -1",
        "numeric(10,2) | DECIMAL | 10 | 2",
        "NUMERIC( 10 ) | DECIMAL | 10 | 0",
        "numeric | DECIMAL | -1 | -1",
        "varchar(200) | TEXT | 200 | -1",
        "character varying(20) | TEXT | 20 | -1",
        "char | TEXT | 1 | -1",
        "timestamp(3) with time zone | TIMESTAMP_TZ | 3 | -1",
        "timestamp without time zone | TIMESTAMP | -1 | -1",
        "timestamptz(3) | TIMESTAMP_TZ | 3 | -1",
        "time with time zone | TIME_TZ | -1 | -1",
        "double precision | DOUBLE | -1 | -1",
        "datetime | TIMESTAMP | 0 | -1",
        "datetime(6) | TIMESTAMP | 6 | -1",
        "int unsigned | BIGINT | -1 | -1",
        "smallint unsigned | INTEGER | -1 | -1",
        "int(10) unsigned zerofill | BIGINT | -1 | -1",
        "bigint unsigned | DECIMAL | 20 | 0",
        "tinyint unsigned | SMALLINT | -1 | -1",
        "enum('a','b') | TEXT | -1 | -1",
        "bit varying(8) | OPAQUE | 8 | -1",
        "integer[] | ARRAY | -1 | -1"
      })
  void typesOfBothDatabasesAreKnown(
      String physicalType, ColumnType.Kind kind, int precision, int scale) {
    ColumnType type = ColumnType.parse(physicalType);
    assertThat(type.kind(), is(kind));
    assertThat(type.precision(), is(precision));
    assertThat(type.scale(), is(scale));
  }

  @Test
  void arraysKnowTheirElements() {
    ColumnType type = ColumnType.parse("numeric(8,3)[][]");
    assertThat(type.element().element().scale(), is(3));
  }
}
