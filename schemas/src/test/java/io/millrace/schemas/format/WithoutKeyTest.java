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
import io.millrace.schemas.Key;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.ContractException;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WithoutKeyTest {
  private static final String YAML =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: test
      version: 1.0.0
      status: active
      schema:
        - name: readings
          physicalName: public.readings
          customProperties:
            - {property: withoutKey, value: POLICY}
          properties:
            - {name: sensor, physicalType: text}
            - {name: value, physicalType: numeric}
            - {name: tags, physicalType: "text[]"}
      """;

  private static final Contract ALL = Contract.parse(YAML.replace("POLICY", "all_columns"), "all");
  private static final Contract APPEND = Contract.parse(YAML.replace("POLICY", "append"), "append");

  private final Lines all = new Lines(ChangeFormat.DEBEZIUM, ALL);
  private final Lines append = new Lines(ChangeFormat.DEBEZIUM, APPEND);

  private static String event(String op, String before, String after, int lsn) {
    return "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"snapshot\":\"false\",\"lsn\":%d,\"schema\":\"public\",\"table\":\"readings\"},\"op\":\"%s\"}"
        .formatted(before, after, lsn, op);
  }

  private static String row(String sensor, String value, String tags) {
    return "{\"sensor\":%s,\"value\":%s,\"tags\":%s}".formatted(sensor, value, tags);
  }

  private Key key(String row) {
    return all.one(event("c", "null", row, 1)).key();
  }

  @Test
  void allColumnsIdentifyTheRow() {
    Key key = key(row("\"a\"", "1.50", "[\"x\"]"));
    assertThat(key(row("\"a\"", "\"1.5\"", "[\"x\"]")), equalTo(key));
    assertThat(key("{\"value\":1.5,\"tags\":[\"x\"],\"sensor\":\"a\"}"), equalTo(key));
    assertThat(key(row("\"b\"", "1.50", "[\"x\"]")), not(equalTo(key)));
    assertThat(key(row("\"a\"", "null", "[\"x\"]")), not(equalTo(key)));
    assertThat(key(row("\"a\"", "1.50", "[\"x\",null]")), not(equalTo(key)));
    assertThat(
        key(row("null", "\"NaN\"", "null")), not(equalTo(key(row("\"NaN\"", "null", "null")))));
    assertThat(
        "the form of keys never changes",
        decoded(ALL, all.one(event("c", "null", row("\"a\"", "1.50", "[\"x\"]"), 1))).value(3),
        equalTo("fgirs2OkYNvP0S17BHzyMg"));
  }

  @Test
  void blanksThatOnlyPadDoNotTellRowsApart() {
    String yaml =
        YAML.replace("POLICY", "all_columns")
            .replace("sensor, physicalType: text", "sensor, physicalType: char(4)");
    Lines padded = new Lines(ChangeFormat.DEBEZIUM, Contract.parse(yaml, "padded"));
    assertThat(
        padded.one(event("c", "null", row("\"a   \"", "1", "null"), 1)).key(),
        equalTo(padded.one(event("c", "null", row("\"a\"", "1", "null"), 1)).key()));
  }

  @Test
  void columnThatIsNullEverywhereLeavesTheKeysAsTheyAre() {
    Contract grown =
        Contract.parse(
            YAML.replace("POLICY", "all_columns") + "      - {name: more, physicalType: text}\n",
            "grown");
    ChangeEvent event =
        new Lines(ChangeFormat.DEBEZIUM, grown)
            .one(event("c", "null", "{\"sensor\":\"a\",\"value\":1,\"tags\":[],\"more\":null}", 1));
    assertThat(event.key(), equalTo(key(row("\"a\"", "1", "[]"))));
  }

  @Test
  void updateTakesTheRowBeforeAwayAndDeleteItsOwn() {
    String before = row("\"a\"", "1", "null");
    String after = row("\"a\"", "2", "null");
    List<ChangeEvent> update = all.read(event("u", before, after, 2));
    assertThat(update.get(0).operation(), is(Operation.DELETE));
    assertThat(update.get(0).key(), equalTo(key(before)));
    assertThat(update.get(1).key(), equalTo(key(after)));
    assertThat(all.one(event("d", after, "null", 3)).key(), equalTo(key(after)));
    assertThat(all.read(event("u", before, before, 4)).size(), is(1));
  }

  @Test
  void columnThatAnUpdateLeavesOpenIsTakenFromTheRowBefore() {
    String open = "{\"sensor\":\"__debezium_unavailable_value\",\"value\":2,\"tags\":null}";
    List<ChangeEvent> update = all.read(event("u", row("\"a\"", "1", "null"), open, 2));
    assertThat(update.get(1).key(), equalTo(key(row("\"a\"", "2", "null"))));
    assertThat(update.get(1).unchanged(), is(empty()));
    assertThat(decoded(ALL, update.get(1)).value(0), equalTo("a"));
    assertThat(decoded(ALL, update.get(1)).value(1).toString(), equalTo("2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "u | null | {\"sensor\":\"a\",\"value\":1,\"tags\":null} | of operation UPDATE has no row before",
        "d | null | null | of operation DELETE has no row before",
        "d | {\"sensor\":\"a\"} | null | does not have the columns tags, value",
        "c | null | {\"sensor\":\"a\"} | does not have the columns tags, value"
      })
  void rowThatIsNotWholeHasNoIdentity(String op, String before, String after, String reason) {
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> all.read(event(op, before, after, 1)));
    assertThat(rejected.reason(), is(Reason.NO_KEY));
    assertThat(rejected.getMessage(), containsString(reason));
    assertThat(rejected.getMessage(), containsString("REPLICA IDENTITY FULL"));
  }

  @Test
  void neutralChangesNeedNoKey() {
    Lines changes = new Lines(ChangeFormat.CHANGES, ALL);
    String row = row("\"a\"", "1", "null");
    String change = "{\"table\":\"public.readings\",\"op\":\"%s\",\"position\":1,\"%s\":%s}";
    Key key = changes.one(change.formatted("upsert", "after", row)).key();
    assertThat(changes.one(change.formatted("delete", "key", row)).key(), equalTo(key));
  }

  @Test
  void eachChangeIsAppendedOnceHoweverOftenItComes() {
    String row = row("\"a\"", "1", "null");
    ChangeEvent first = append.one(event("c", "null", row, 1));
    ChangeEvent second = append.one(event("u", row, row, 2));
    assertThat(second.operation(), is(Operation.INSERT));
    assertThat(second.key(), not(equalTo(first.key())));
    assertThat(append.one(event("c", "null", row, 1)).key(), equalTo(first.key()));
  }

  @Test
  void deleteIsAppendedWhereAColumnTellsOperations() {
    String row = row("\"a\"", "1", "null");
    assertThat(append.read(event("d", row, "null", 3)), is(empty()));
    assertThat(append.controls(), contains(Control.NOT_APPENDED));
    assertThat(append.read(event("t", "null", "null", 4)), is(empty()));
    assertThat(append.controls(), contains(Control.NOT_APPENDED));
    Contract telling =
        Contract.parse(
            YAML.replace("POLICY", "append")
                + "      - {name: op, physicalType: text, customProperties: [{property: metadata, value: operation}]}\n",
            "telling");
    ChangeEvent delete = new Lines(ChangeFormat.DEBEZIUM, telling).one(event("d", row, "null", 3));
    assertThat(delete.operation(), is(Operation.INSERT));
    assertThat(decoded(telling, delete).value(0), equalTo("a"));
    assertThat(decoded(telling, delete).value(3), equalTo("delete"));
  }

  @Test
  void tableWithoutKeyAndPolicyIsTheContractsFault() {
    ContractException fault =
        assertThrows(
            ContractException.class,
            () -> Contract.parse(YAML.replace("withoutKey", "other"), "bad.yaml"));
    assertThat(
        fault.getMessage(),
        containsString(
            "table readings has no key; mark the columns that identify a row with primaryKey: true"));
    assertThat(fault.getMessage(), containsString("withoutKey to all_columns"));
    assertThat(
        assertThrows(ContractException.class, () -> Contract.parse(YAML, "bad.yaml")).getMessage(),
        containsString("table readings: withoutKey is 'POLICY'"));
  }

  private static Columns decoded(Contract contract, ChangeEvent event) {
    return new ImageReader(
            contract.tables().get(0), event.after().encoding(), UnknownColumns.CAPTURE)
        .read(event.after());
  }
}
