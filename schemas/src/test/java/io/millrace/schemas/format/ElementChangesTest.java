package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.ContractException;
import io.millrace.schemas.contract.Route;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.image.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementChangesTest {
  private static final String YAML =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: test
      version: 1.0.0
      status: active
      schema:
        - name: orders
          physicalName: public.orders
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: note, physicalType: text}
        - name: order_lines
          customProperties:
            - {property: parentTable, value: orders}
            - {property: arrayColumn, value: lines}
            - {property: ordinalColumn, value: place}
          properties:
            - {name: order_id, physicalType: bigint, primaryKey: true, customProperties: [{property: parentColumn, value: id}]}
            - {name: sku, physicalType: text, primaryKey: true}
            - {name: place, physicalType: integer}
            - {name: amount, physicalType: "numeric(8,2)"}
            - {name: twice, physicalType: numeric, transformLogic: amount * 2}
      """;

  private static final Contract CONTRACT = Contract.parse(YAML, "test contract");
  private static final String TWO = "[{\"sku\":\"a\",\"amount\":1.5},{\"sku\":\"b\",\"amount\":2}]";

  private final Lines lines = new Lines(ChangeFormat.DEBEZIUM, CONTRACT);

  private static String event(String op, String before, String after) {
    return "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"snapshot\":\"false\",\"lsn\":100,\"schema\":\"public\",\"table\":\"orders\"},\"op\":\"%s\"}"
        .formatted(before, after, op);
  }

  private static String order(int id, String array) {
    return "{\"id\":%d,\"note\":\"n\",\"lines\":%s}".formatted(id, array);
  }

  /** The changes of the elements: what happened, their keys and values. */
  private static List<String> elements(List<ChangeEvent> events) {
    TableContract table = CONTRACT.tables().get(1);
    List<String> found = new ArrayList<>();
    for (ChangeEvent event : events) {
      if (event.table().equals("order_lines")) {
        StringBuilder text = new StringBuilder(event.operation().name());
        if (event.operation() != Operation.TRUNCATE) {
          for (Object part : new KeyCodec(table).decode(event.key())) {
            text.append(' ').append(part);
          }
        }
        if (event.after() != null) {
          Columns columns =
              new ImageReader(table, event.after().encoding(), UnknownColumns.CAPTURE)
                  .read(event.after());
          text.append(" :");
          for (int i = 2; i < table.columns().size(); i++) {
            text.append(' ').append(columns.value(i));
          }
        }
        found.add(text.toString());
      }
    }
    return found;
  }

  @Test
  void insertMakesARowOfEachElement() {
    List<ChangeEvent> events = lines.read(event("c", "null", order(1, TWO)));
    assertThat(events.get(0).table(), equalTo("public.orders"));
    assertThat(elements(events), contains("INSERT 1 a : 1 1.5 3.00", "INSERT 1 b : 2 2 4.00"));
    String text = '"' + TWO.replace("\"", "\\\"") + '"';
    assertThat(
        "an array in a text",
        elements(lines.read(event("r", "null", order(1, text)))),
        contains("READ 1 a : 1 1.5 3.00", "READ 1 b : 2 2 4.00"));
    assertThat(elements(lines.read(event("c", "null", order(1, "null")))), is(empty()));
    assertThat(elements(lines.read(event("c", "null", "{\"id\":1}"))), is(empty()));
  }

  @Test
  void updateDeletesTheElementsThatAreGone() {
    assertThat(
        elements(
            lines.read(
                event("u", order(1, TWO), order(1, "[null,{\"sku\":\"b\"},{\"sku\":\"c\"}]")))),
        contains("DELETE 1 a", "INSERT 1 b : 2 null null", "INSERT 1 c : 3 null null"));
  }

  @Test
  void deleteTakesAllElementsAway() {
    List<ChangeEvent> events = lines.read(event("d", order(1, TWO), "null"));
    assertThat(elements(events), contains("DELETE 1 a", "DELETE 1 b"));
    assertThat(events.get(1).after(), is(nullValue()));
    assertThat(elements(lines.read(event("t", "null", "null"))), contains("TRUNCATE"));
  }

  @Test
  void arrayThatAnUpdateLeavesOpenMovesWithItsRow() {
    String open = "{\"id\":2,\"note\":\"m\",\"lines\":\"__debezium_unavailable_value\"}";
    assertThat(
        elements(lines.read(event("u", order(1, TWO), open))),
        contains("DELETE 1 a", "DELETE 1 b", "INSERT 2 a : 1 1.5 3.00", "INSERT 2 b : 2 2 4.00"));
    assertThat(elements(lines.read(event("u", "null", open))), is(empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "u | null | {\"id\":1,\"lines\":[]} | NO_KEY | event of operation UPDATE does not tell which there were",
        "d | {\"id\":1,\"note\":null,\"lines\":null} | null | NO_KEY | event of operation DELETE does not tell which",
        "c | null | {\"id\":1,\"lines\":{}} | BAD_VALUE | column lines is not an array",
        "c | null | {\"id\":1,\"lines\":[{\"sku\":\"a\"},{\"sku\":\"a\"}]} | BAD_VALUE | two elements of an array have the same key",
        "c | null | {\"id\":1,\"lines\":[{\"amount\":1}]} | NO_KEY | key column sku is missing",
        "c | null | {\"id\":1,\"lines\":[{\"sku\":\"a\",\"amount\":\"x\"}]} | BAD_VALUE | column amount",
        "c | null | {\"id\":1,\"lines\":\"[\"} | MALFORMED | not JSON"
      })
  void recordWhoseElementsCannotBeToldIsRejected(
      String op, String before, String after, Reason reason, String text) {
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> lines.read(event(op, before, after)));
    assertThat(rejected.getMessage(), containsString(text));
    assertThat(rejected.reason(), is(reason));
  }

  @Test
  void elementThatIsNoObjectIsAValue() {
    Contract tags =
        Contract.parse(
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: test
            version: 1.0.0
            status: active
            schema:
              - name: orders
                physicalName: public.orders
                properties:
                  - {name: id, physicalType: "numeric(4,2)", primaryKey: true}
              - name: order_tags
                customProperties:
                  - {property: parentTable, value: orders}
                  - {property: arrayColumn, value: tags}
                properties:
                  - {name: order_id, physicalType: "numeric(4,2)", primaryKey: true, customProperties: [{property: parentColumn, value: id}]}
                  - {name: tag, physicalName: value, physicalType: text, primaryKey: true}
            """,
            "tags");
    String schema =
        "{\"fields\":[{\"field\":\"after\",\"fields\":[{\"field\":\"id\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"parameters\":{\"scale\":\"2\"}}]}]}";
    String payload = event("c", "null", "{\"id\":\"BBo=\",\"tags\":[\"x\",\"y\"]}");
    List<ChangeEvent> events =
        new Lines(ChangeFormat.DEBEZIUM, tags)
            .read("{\"schema\":" + schema + ",\"payload\":" + payload + "}");
    KeyCodec keys = new KeyCodec(tags.tables().get(1));
    assertThat(List.of(keys.decode(events.get(1).key())).toString(), equalTo("[10.5, x]"));
    assertThat(List.of(keys.decode(events.get(2).key())).toString(), equalTo("[10.5, y]"));
  }

  @Test
  void eventsOfATableNamedLikeAChildAreOfAnother() {
    assertThat(lines.read(event("c", "null", "{}").replace("orders", "order_lines")), is(empty()));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
    assertThat(
        elements(
                new Lines(ChangeFormat.DEBEZIUM, CONTRACT.withTableAffixes("raw_", ""))
                    .read(event("c", "null", order(1, TWO))))
            .size(),
        is(2));
  }

  @Test
  void noRouteLeadsToElements() {
    ContractException fault =
        assertThrows(
            ContractException.class,
            () -> CONTRACT.withRoutes(List.of(Route.parse("a.b:order_lines"))));
    assertThat(fault.getMessage(), containsString("no table order_lines; it has orders"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "value: orders | value: order | its parentTable order is no table of the contract",
        "value: orders | value: order_lines | its parentTable order_lines has a parent itself",
        "arrayColumn | array | arrayColumn is missing",
        "value: place | value: rank | its ordinalColumn rank is none of its columns",
        "value: id | value: note | must have a column with the custom property parentColumn for each column of its parent's key, [id]",
        "sku, physicalType: text, primaryKey: true | sku, physicalType: text | must also tell one element of an array from the others"
      })
  void wrongChildIsTheContractsFault(String right, String wrong, String fault) {
    ContractException thrown =
        assertThrows(
            ContractException.class, () -> Contract.parse(YAML.replace(right, wrong), "bad.yaml"));
    assertThat(thrown.getMessage(), containsString("table order_lines: "));
    assertThat(thrown.getMessage(), containsString(fault));
  }
}
