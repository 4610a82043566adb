package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.ContractException;
import io.millrace.schemas.contract.Contracts;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedColumnsTest {
  private static final Contract SALES =
      Contracts.contract(
          "- {name: id, physicalType: bigint, primaryKey: true}",
          "- {name: sold_on, physicalType: date}",
          "- {name: price, physicalType: \"numeric(10,2)\"}",
          "- {name: sold_in, physicalType: integer, primaryKey: true, transformLogic: year(sold_on)}",
          "- {name: label, physicalType: text, transformLogic: \"concat(id, ':', price * 2)\"}");

  private final Lines lines = new Lines(ChangeFormat.DEBEZIUM, SALES);

  private static String event(String op, String before, String after) {
    return "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"snapshot\":\"false\",\"ts_ms\":1700,\"txId\":7,\"lsn\":100,\"db\":\"d\",\"schema\":\"public\",\"table\":\"things\"},\"op\":\"%s\",\"ts_ms\":1800}"
        .formatted(before, after, op);
  }

  private static String row(long id, String soldOn, String price) {
    return "{\"id\":%d,\"sold_on\":%s,\"price\":%s}".formatted(id, soldOn, price);
  }

  private static List<Object> values(Contract contract, ChangeEvent event) {
    Columns columns =
        new ImageReader(contract.tables().get(0), event.after().encoding(), UnknownColumns.CAPTURE)
            .read(event.after());
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < contract.tables().get(0).columns().size(); i++) {
      values.add(columns.isSupplied(i) ? String.valueOf(columns.value(i)) : "unchanged");
    }
    return values;
  }

  @Test
  void computedColumnsFollowTheRow() {
    ChangeEvent event = lines.one(event("c", "null", row(1, "19430", "\"1.25\"")));
    assertThat(values(SALES, event), contains("1", "2023-03-14", "1.25", "2023", "1:2.50"));
  }

  /** A key that is computed must not depend on how a snapshot or a log writes a value. */
  @ParameterizedTest
  @CsvSource({"2, ab", "2.0, 'ab '", "2.00, 'ab  '"})
  void valueIsInOneFormHoweverTheSourceWroteIt(String price, String code) {
    Contract contract =
        Contracts.contract(
            "- {name: price, physicalType: \"numeric(10,2)\"}",
            "- {name: code, physicalType: char(4)}",
            "- {name: key, physicalType: text, primaryKey: true, transformLogic: \"concat(price, code)\"}");
    ChangeEvent event =
        new Lines(ChangeFormat.DEBEZIUM, contract)
            .one(event("c", "null", "{\"price\":\"" + price + "\",\"code\":\"" + code + "\"}"));
    assertThat(values(contract, event).get(2), equalTo("2.00ab"));
  }

  @Test
  void columnWhoseInputsAreUnchangedIsUnchanged() {
    ChangeEvent event = lines.one(event("u", "null", "{\"id\":1,\"sold_on\":19430}"));
    assertThat(event.unchanged(), contains("label", "price"));
    assertThat(values(SALES, event), contains("1", "2023-03-14", "unchanged", "2023", "unchanged"));
  }

  @Test
  void inputThatTheRowLeavesOpenIsTakenFromTheRowBefore() {
    ChangeEvent event =
        lines.one(event("u", row(1, "19430", "\"1.25\""), "{\"id\":1,\"price\":\"2\"}"));
    assertThat(values(SALES, event), contains("1", "unchanged", "2", "2023", "1:4.00"));
  }

  @Test
  void rowWithSomeInputsOnlyIsRejected() {
    Contract contract =
        Contracts.contract(
            "- {name: id, physicalType: bigint, primaryKey: true}",
            "- {name: a, physicalType: text}",
            "- {name: b, physicalType: text}",
            "- {name: both, physicalType: text, transformLogic: \"concat(id, a, b)\"}");
    Lines some = new Lines(ChangeFormat.DEBEZIUM, contract);
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () ->
                some.read(
                    event(
                        "u",
                        "null",
                        "{\"id\":1,\"a\":\"x\",\"b\":\"__debezium_unavailable_value\"}")));
    assertThat(rejected.reason(), is(Reason.BAD_VALUE));
    assertThat(
        rejected.getMessage(),
        containsString(
            "column both (text), computed as concat(id, a, b): the event leaves b open"));
  }

  @Test
  void keyThatIsComputedMovesWithItsInputs() {
    String before = row(1, "19430", "null");
    ChangeEvent insert = lines.one(event("c", "null", before));
    List<ChangeEvent> moved = lines.read(event("u", before, row(1, "19000", "null")));
    assertThat(moved.get(0).operation(), is(Operation.DELETE));
    assertThat(moved.get(0).key(), equalTo(insert.key()));
    assertThat(values(SALES, moved.get(1)).get(3), equalTo("2022"));
    assertThat(
        lines.one(event("d", row(1, "19000", "null"), "null")).key(), equalTo(moved.get(1).key()));
    String byKey = event("d", "null", "null");
    assertThat(
        lines.read("{\"id\":1,\"sold_on\":19000}", byKey).get(0).key(),
        equalTo(moved.get(1).key()));
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> lines.read("{\"id\":1}", byKey));
    assertThat(rejected.reason(), is(Reason.NO_KEY));
    assertThat(rejected.getMessage(), containsString("key column sold_in is missing"));
  }

  @Test
  void keyBesideTheRowIsCompletedByTheRow() {
    Lines changes = new Lines(ChangeFormat.CHANGES, SALES);
    String change = "{\"table\":\"public.things\",\"op\":\"%s\",\"position\":1,\"key\":%s%s}";
    ChangeEvent upsert =
        changes.one(
            change.formatted("upsert", "{\"id\":1}", ",\"after\":{\"sold_on\":\"2022-05-01\"}"));
    ChangeEvent delete =
        changes.one(change.formatted("delete", "{\"id\":1,\"sold_on\":\"2022-05-01\"}", ""));
    assertThat(delete.key(), equalTo(upsert.key()));
  }

  @Test
  void nullThatAnUpdateDoesNotMeanIsNoInput() {
    Contract contract =
        Contract.parse(
            """
            {apiVersion: v3.0.2, kind: DataContract, id: t, version: 1.0.0, status: active, schema: [
              {name: things, physicalName: public.things,
               customProperties: [{property: ignoreNullUpdates, value: true}], properties: [
                {name: id, physicalType: bigint, primaryKey: true},
                {name: a, physicalType: text},
                {name: b, physicalType: text, transformLogic: "concat(id, a)"}]}]}
            """,
            "nulls");
    Lines ignoring = new Lines(ChangeFormat.DEBEZIUM, contract);
    String row = "{\"id\":1,\"a\":null}";
    assertThat(ignoring.one(event("u", "null", row)).unchanged(), contains("a", "b"));
    assertThat(values(contract, ignoring.one(event("c", "null", row))), contains("1", "null", "1"));
  }

  @Test
  void rowBesideItsKeyThatIsWholeHasItsDerivedColumnsToo() {
    Contract contract =
        Contracts.contract(
            "- {name: id, physicalType: bigint, primaryKey: true}",
            "- {name: note, physicalType: text}",
            "- {name: twice, physicalType: bigint, transformLogic: id * 2}");
    ChangeEvent event = new Lines(ChangeFormat.UPSERT, contract).read("{\"id\":4}", "{}").get(0);
    assertThat(values(contract, event), contains("unchanged", "null", "8"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "topic | text | test.jsonl",
        "partition | integer | null",
        "offset | bigint | 3",
        "timestamp | timestamptz | 1970-01-01T00:00:00.005Z",
        "source_table | text | things",
        "source_schema | varchar(63) | public",
        "operation | text | insert",
        "committed_at | timestamp | 1970-01-01T00:00:01.700",
        "captured_at | timestamptz | 1970-01-01T00:00:01.800Z",
        "transaction_id | text | 7"
      })
  void metadataIsToldByTheEvent(String metadata, String type, String value) {
    Contract contract =
        Contracts.contract(
            "- {name: id, physicalType: bigint, primaryKey: true}",
            "- {name: told, physicalType: \""
                + type
                + "\", customProperties: [{property: metadata, value: "
                + metadata
                + "}]}");
    ChangeEvent event =
        new Lines(ChangeFormat.DEBEZIUM, contract).one(event("c", "null", "{\"id\":1}"));
    assertThat(values(contract, event).get(1), equalTo(value));
  }

  @Test
  void positionIsTheEventsOwn() {
    Contract contract =
        Contracts.contract(
            "- {name: id, physicalType: bigint, primaryKey: true}",
            "- {name: at, physicalType: text, customProperties: [{property: metadata, value: position}]}");
    ChangeEvent event =
        new Lines(ChangeFormat.DEBEZIUM, contract).one(event("c", "null", "{\"id\":1}"));
    assertThat(values(contract, event).get(1), equalTo(event.position().toHex()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "19430 | \"x\" | BAD_VALUE | 'x' is not a number",
        "19430 | 1,\"label\":\"x\" | BAD_VALUE | column label stands twice in the row; it is the source's",
        "\"infinity\" | 1 | BAD_VALUE | column sold_in (integer), computed as year(sold_on): 'infinity' is not a date",
        "null | 1 | NO_KEY | key column sold_in is null"
      })
  void rowWhoseColumnHasNoValueIsRejected(String soldOn, String price, Reason reason, String text) {
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () -> lines.read(event("c", "null", row(1, soldOn, price))));
    assertThat(rejected.reason(), is(reason));
    assertThat(rejected.getMessage(), containsString(text));
  }

  @Test
  void valueThatDoesNotFitTheComputedColumnIsRejected() {
    Contract contract =
        Contracts.contract(
            "- {name: id, physicalType: bigint, primaryKey: true}",
            "- {name: half, physicalType: integer, transformLogic: id / 2}");
    Lines halves = new Lines(ChangeFormat.DEBEZIUM, contract);
    assertThat(values(contract, halves.one(event("c", "null", "{\"id\":4}"))).get(1), equalTo("2"));
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class, () -> halves.read(event("c", "null", "{\"id\":3}")));
    assertThat(rejected.getMessage(), containsString("column half (integer)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "transformLogic: year( | is no expression that Millrace knows: ",
        "transformLogic: yaer(id) | Undefined function 'yaer'",
        "transformLogic: id + price | names price, which is no column of the table",
        "transformLogic: other + 1 | names other, which is no column of the source",
        "transformLogic: length(tags) | names tags, an array",
        "customProperties: [{property: metadata, value: colour}] | metadata is 'colour'; known are topic, partition,",
        "customProperties: [{property: metadata, value: topic}] | metadata topic does not fit the type integer",
        "primaryKey: true, customProperties: [{property: metadata, value: offset}] | is another for each change of a row",
        "transformLogic: id, customProperties: [{property: metadata, value: partition}] | has both transformLogic and metadata"
      })
  void wrongDerivedColumnIsTheContractsFault(String definition, String fault) {
    ContractException thrown =
        assertThrows(
            ContractException.class,
            () ->
                Contracts.contract(
                    "- {name: id, physicalType: bigint, primaryKey: true}",
                    "- {name: tags, physicalType: \"text[]\"}",
                    "- {name: other, physicalType: integer, transformLogic: id + 1}",
                    "- {name: column, physicalType: integer, " + definition + "}"));
    assertThat(thrown.getMessage(), containsString("table things, column column"));
    assertThat(thrown.getMessage(), containsString(fault));
  }
}
