package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.ContractException;
import io.millrace.schemas.contract.Route;
import io.millrace.schemas.contract.TableContract;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: test
          version: 1.0.0
          status: active
          schema:
            - name: orders
              physicalName: shop.orders
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: shard, physicalType: text, primaryKey: true, customProperties: [{property: metadata, value: source_schema}]}
            - name: notes
              physicalName: shop.notes
              customProperties:
                - {property: liveView, value: fresh_notes}
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: note, physicalType: varchar(3)}
          """,
          "test contract");

  private static Contract routed(String... routes) {
    return CONTRACT.withRoutes(Arrays.stream(routes).map(Route::parse).toList());
  }

  private static Lines lines(String... routes) {
    return new Lines(ChangeFormat.CHANGES, routed(routes));
  }

  private static String upsert(String table, String after) {
    return "{\"table\":\"%s\",\"op\":\"upsert\",\"position\":1,\"key\":{\"id\":1},\"after\":%s}"
        .formatted(table, after);
  }

  private static List<String> tables(List<ChangeEvent> events) {
    return events.stream().map(ChangeEvent::table).toList();
  }

  @Test
  void manyTablesGoToOneAndKeepTheirRowsApart() {
    Lines lines = lines("shop_\\d+\\.orders:orders");
    ChangeEvent first = lines.one(upsert("shop_1.orders", "{}"));
    ChangeEvent second = lines.one(upsert("shop_2.orders", "{}"));
    assertThat(first.table(), equalTo("shop.orders"));
    assertThat(second.table(), equalTo("shop.orders"));
    assertThat(first.key(), not(equalTo(second.key())));
    assertThat(lines.read(upsert("shop_x.orders", "{}")), is(empty()));
    assertThat(lines.read(upsert("my_shop_1.orders", "{}")), is(empty()));
    assertThat(lines.read(upsert("shop_1.orders_old", "{}")), is(empty()));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
  }

  @Test
  void oneTableGoesToAllThatItsRoutesName() {
    Lines lines = lines("shop.orders:orders", "shop\\.(orders|notes):notes");
    assertThat(
        tables(lines.read(upsert("shop.orders", "{\"note\":\"abc\"}"))),
        contains("shop.orders", "shop.notes"));
    assertThat(tables(lines.read(upsert("shop.notes", "{}"))), contains("shop.notes"));
  }

  @Test
  void recordThatOneOfItsTablesCannotHoldIsRejectedForAll() {
    Lines lines = lines("shop.all:orders", "shop.all:notes");
    assertThrows(
        RejectedRecordException.class,
        () -> lines.read(upsert("shop.all", "{\"note\":\"too long\"}")));
  }

  @Test
  void everyEventOfSuchATableGoesToEach() {
    Contract contract = routed("public.all:orders", "public.all:notes");
    String event =
        "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"lsn\":100,\"schema\":\"public\",\"table\":\"all\"},\"op\":\"%s\"}";
    Lines debezium = new Lines(ChangeFormat.DEBEZIUM, contract);
    assertThat(
        tables(debezium.read(event.formatted("null", "{\"id\":1}", "c"))),
        contains("shop.orders", "shop.notes"));
    assertThat(
        tables(debezium.read(event.formatted("{\"id\":1}", "null", "d"))),
        contains("shop.orders", "shop.notes"));
    assertThat(
        tables(debezium.read(event.formatted("{\"id\":1}", "{\"id\":2}", "u"))),
        contains("shop.orders", "shop.orders", "shop.notes", "shop.notes"));
    assertThat(
        tables(debezium.read(event.formatted("null", "null", "t"))),
        contains("shop.orders", "shop.notes"));
    Lines beside = new Lines(ChangeFormat.UPSERT, routed("test.jsonl:orders", "test.jsonl:notes"));
    assertThat(
        tables(
            beside.read(
                "{\"key\":{\"id\":1},\"value\":{\"id\":1},\"topic\":\"test.jsonl\",\"partition\":0,\"offset\":3}")),
        contains("shop.orders", "shop.notes"));
  }

  @Test
  void groupNamesTheTarget() {
    Lines lines = lines("shop_\\d+\\.(\\w+):$1");
    assertThat(lines.one(upsert("shop_1.orders", "{}")).table(), equalTo("shop.orders"));
    assertThat(lines.one(upsert("shop_1.notes", "{}")).table(), equalTo("shop.notes"));
    assertThat(lines.one(upsert("shop.notes", "{}")).table(), equalTo("shop.notes"));
    assertThat(lines.read(upsert("shop_1.others", "{}")), is(empty()));
  }

  @Test
  void truncateOfOneOfManyIsRejected() {
    Lines lines = lines("shop_\\d+\\.orders:orders", "shop.news:notes");
    String truncate = "{\"table\":\"%s\",\"op\":\"truncate\",\"position\":1}";
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class, () -> lines.read(truncate.formatted("shop_1.orders")));
    assertThat(rejected.reason(), is(Reason.UNKNOWN_OPERATION));
    assertThat(rejected.getMessage(), containsString("routed to orders"));
    assertThat(lines.one(truncate.formatted("shop.news")).table(), equalTo("shop.notes"));
  }

  @Test
  void affixesNameTablesViewsAndRoutes() {
    Contract contract = routed("shop_\\d+\\.(\\w+):$1").withTableAffixes("raw_", "_v2");
    assertThat(
        contract.tables().stream().map(TableContract::name).toList(),
        contains("raw_orders_v2", "raw_notes_v2"));
    assertThat(
        contract.tables().get(1).customProperties().get("liveView"), equalTo("raw_fresh_notes_v2"));
    assertThat(contract.targets("shop_1.notes").get(0).name(), equalTo("raw_notes_v2"));
    assertThat(contract.targets("shop.notes").get(0).name(), equalTo("raw_notes_v2"));
    assertThat(SerializableUtils.clone(contract), equalTo(contract));
  }

  @Test
  void affixesThatMakeABadNameAreRefused() {
    assertThat(
        assertThrows(ContractException.class, () -> CONTRACT.withTableAffixes("_", "x".repeat(60)))
            .getMessage(),
        containsString("names that begin with _ belong to Millrace"));
    assertThat(
        assertThrows(ContractException.class, () -> CONTRACT.withTableAffixes("ä".repeat(30), ""))
            .getMessage(),
        containsString("orders: the name is longer than 63 bytes"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "orders | is not of the form REGEX:TABLE",
        ":orders | is not of the form REGEX:TABLE",
        "shop(:orders | 'shop(' is no regular expression: Unclosed group",
        "shop_(.*):$2 | has no group for $2",
        "shop.*:order | the contract has no table order; it has orders, notes"
      })
  void wrongRouteIsRefused(String route, String fault) {
    assertThat(
        assertThrows(ContractException.class, () -> routed(route)).getMessage(),
        containsString(fault));
  }
}
