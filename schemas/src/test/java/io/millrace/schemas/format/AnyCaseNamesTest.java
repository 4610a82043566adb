package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Lines;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.ContractException;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import org.junit.jupiter.api.Test;

class AnyCaseNamesTest {
  private static final String YAML =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: test
      version: 1.0.0
      status: active
      schema:
        - name: orders
          physicalName: shop.Orders
          customProperties:
            - {property: caseInsensitive, value: true}
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: amount, physicalType: "numeric(10,2)"}
            - {name: sold_on, physicalName: soldOn, physicalType: date}
        - name: customers
          physicalName: shop.customers
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
      """;

  private static final Contract CONTRACT = Contract.parse(YAML, "test contract");

  private final Lines lines = new Lines(ChangeFormat.DEBEZIUM, CONTRACT);

  private static String event(String table, String after) {
    return "{\"before\":null,\"after\":%s,\"source\":{\"connector\":\"mysql\",\"db\":\"shop\",\"table\":\"%s\",\"file\":\"bin.1\",\"pos\":7,\"row\":0},\"op\":\"c\"}"
        .formatted(after, table);
  }

  private static Columns decoded(ChangeEvent event) {
    TableContract table = CONTRACT.tables().get(0);
    return new ImageReader(table, event.after().encoding(), UnknownColumns.CAPTURE)
        .read(event.after());
  }

  @Test
  void tableAndColumnsAreFoundInAnyCase() {
    // A second row of the same spelling is read by its bytes.
    for (int row = 1; row <= 2; row++) {
      ChangeEvent event =
          lines.one(event("ORDERS", "{\"ID\":1,\"AMOUNT\":\"1.50\",\"SOLDON\":19000}"));
      assertThat(event.table(), equalTo("shop.Orders"));
      assertThat(event.unchanged(), is(empty()));
      assertThat(decoded(event).value(1).toString(), equalTo("1.50"));
      assertThat(decoded(event).value(2).toString(), equalTo("2022-01-08"));
      assertThat(decoded(event).unknown(), is(0));
    }
  }

  @Test
  void keyBesideTheRowIsFoundInAnyCase() {
    String value = event("orders", "null").replace("\"c\"", "\"d\"");
    ChangeEvent insert = lines.one(event("orders", "{\"id\":1}"));
    assertThat(lines.read("{\"Id\":1}", value).get(0).key(), equalTo(insert.key()));
  }

  @Test
  void schemaBlockIsTakenForColumnsInAnyCase() {
    ImageEncoding encoding =
        ImageEncoding.of(
            "debezium", java.util.Map.of("AMOUNT", "org.apache.kafka.connect.data.Decimal:2"));
    TableContract table = CONTRACT.tables().get(0);
    Columns columns =
        new ImageReader(table, encoding, UnknownColumns.CAPTURE)
            .read(io.millrace.schemas.Image.ofJson("{\"id\":1,\"AMOUNT\":\"BBo=\"}", encoding));
    assertThat(columns.value(1).toString(), equalTo("10.50"));
  }

  @Test
  void columnsThatDifferOnlyByCaseInOneRowAreRejected() {
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () -> lines.read(event("Orders", "{\"id\":1,\"amount\":\"1.50\",\"Amount\":\"2\"}")));
    assertThat(rejected.reason(), is(Reason.BAD_VALUE));
    assertThat(
        rejected.getMessage(),
        equalTo("column amount stands twice in the row (names that differ only by case are one)"));
  }

  @Test
  void tableWithoutThePolicyIsFoundByItsExactNameOnly() {
    assertThat(lines.read(event("CUSTOMERS", "{\"id\":1}")), is(empty()));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
    Contract contract = Contract.parse(YAML.replace("shop.Orders", "Orders"), "test contract");
    assertThat(contract.table("SHOP.ORDERS").isPresent(), is(true));
    assertThat(contract.table("shop.Customers").isPresent(), is(false));
  }

  @Test
  void namesThatDifferOnlyByCaseAreAContractsFault() {
    String yaml = YAML.replace("soldOn", "AMOUNT").replace("shop.customers", "SHOP.orders");
    ContractException fault =
        assertThrows(ContractException.class, () -> Contract.parse(yaml, "bad.yaml"));
    assertThat(
        fault.getMessage(),
        containsString("the columns of table orders amount and AMOUNT differ only by case"));
    assertThat(
        fault.getMessage(),
        containsString("the tables shop.Orders and SHOP.orders differ only by case"));
    assertThat(
        assertThrows(
                ContractException.class,
                () -> Contract.parse(YAML.replace("value: true", "value: yes!"), "bad.yaml"))
            .getMessage(),
        containsString("caseInsensitive is 'yes!'; it is true or false"));
  }
}
