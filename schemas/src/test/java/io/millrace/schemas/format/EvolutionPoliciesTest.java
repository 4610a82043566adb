package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.Lines;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The custom properties {@code unknownColumns} and {@code requiredColumns} of a contract. */
class EvolutionPoliciesTest {
  private static final String UNKNOWN = "{\"id\":1,\"email\":\"e\",\"note\":null,\"x\":1}";

  private static final String WHOLE = "{property: requiredColumns, value: quarantine}";

  /** A contract of {@code things}, with these properties, and {@code others}. */
  private static Contract contract(String ofAll, String ofThings) {
    return Contract.parse(
        """
        {apiVersion: v3.0.2, kind: DataContract, id: t, version: 1.0.0, status: active,
         customProperties: [%s], schema: [
          {name: things, physicalName: public.things, customProperties: [%s], properties: [
            {name: id, physicalType: bigint, primaryKey: true},
            {name: email, physicalType: text, required: true},
            {name: note, physicalType: text}]},
          {name: others, physicalName: public.others, properties: [
            {name: id, physicalType: bigint, primaryKey: true},
            {name: email, physicalType: text, required: true}]}]}
        """
            .formatted(ofAll, ofThings),
        "test contract");
  }

  private static Lines debezium(Contract contract) {
    return new Lines(ChangeFormat.DEBEZIUM, contract);
  }

  private static String event(String table, String op, String before, String after) {
    return "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"snapshot\":\"false\",\"ts_ms\":1700,\"txId\":7,\"lsn\":100,\"db\":\"d\",\"schema\":\"public\",\"table\":\"%s\"},\"op\":\"%s\",\"ts_ms\":1800}"
        .formatted(before, after, table, op);
  }

  private static String insert(String after) {
    return event("things", "c", "null", after);
  }

  private static RejectedRecordException rejected(Lines lines, String record) {
    return assertThrows(RejectedRecordException.class, () -> lines.read(record));
  }

  @Test
  void theTablesUnknownColumnsGoBeforeTheContractsAndThoseBeforeTheOption() {
    Contract contract =
        contract(
            "{property: unknownColumns, value: capture}",
            "{property: unknownColumns, value: reject}");
    Lines lines = new Lines(ChangeFormat.DEBEZIUM, contract, UnknownColumns.IGNORE);
    RejectedRecordException rejected = rejected(lines, insert(UNKNOWN));
    assertThat(rejected.reason(), is(Reason.UNKNOWN_COLUMN));
    assertThat(rejected.getMessage(), containsString("choose capture or ignore as unknownColumns"));
    String others = event("others", "c", "null", UNKNOWN);
    assertThat(lines.read(others), hasSize(1));
    assertThat(
        contract.tables().get(1).unknownColumns(UnknownColumns.IGNORE), is(UnknownColumns.CAPTURE));
    Lines strict =
        new Lines(
            ChangeFormat.DEBEZIUM,
            contract("", "{property: unknownColumns, value: ignore}"),
            UnknownColumns.REJECT);
    assertThat(strict.read(insert(UNKNOWN)), hasSize(1));
    assertThat(rejected(strict, others).reason(), is(Reason.UNKNOWN_COLUMN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "c | {\"id\":1,\"note\":\"n\"} | is missing",
        "c | {\"id\":1,\"email\":null} | is null",
        "r | {\"id\":1,\"note\":\"n\"} | is missing",
        "r | { \"id\":1, \"\\u0065mail\":null} | is null",
        "u | {\"id\":1,\"email\":null} | is null"
      })
  void rowWithoutARequiredColumnIsRejectedWhereTheTableSaysSo(
      String operation, String row, String problem) {
    String record = event("things", operation, "null", row);
    RejectedRecordException rejected = rejected(debezium(contract("", WHOLE)), record);
    assertThat(rejected.reason(), is(Reason.MISSING_COLUMN));
    assertThat(rejected.table(), equalTo("public.things"));
    assertThat(
        rejected.getMessage(),
        allOf(
            containsString("column email of table things " + problem),
            containsString("take out required: true")));
    assertThat("by default it goes in", debezium(contract("", "")).read(record), hasSize(1));
    String capture = "{property: requiredColumns, value: capture}";
    assertThat("the table's own", debezium(contract(WHOLE, capture)).read(record), hasSize(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "c | {\"id\":1,\"email\":\"e\",\"note\":null}",
        "u | {\"id\":1,\"note\":\"n\"}",
        "u | {\"id\":1,\"email\":\"__debezium_unavailable_value\"}",
        "c | {\"id\":1,\"email\":\"__debezium_unavailable_value\"}",
        "d | null"
      })
  void whatLeavesARequiredColumnAsItIsGoesIn(String operation, String row) {
    String before = "{\"id\":1,\"email\":null,\"note\":null}";
    String record = event("things", operation, operation.equals("d") ? before : "null", row);
    assertThat(debezium(contract("", WHOLE)).read(record), hasSize(1));
  }

  @Test
  void rowThatIsReadWithTheEnvelopeIsCheckedToo() {
    Lines lines = debezium(contract("", WHOLE));
    String good = insert("{\"id\":1,\"email\":\"e\",\"note\":\"n\"}");
    assertThat(lines.read(good), hasSize(1));
    assertThat(lines.read(good), hasSize(1));
    assertThat(
        rejected(lines, insert("{\"id\":2,\"email\":null,\"note\":\"n\"}")).reason(),
        is(Reason.MISSING_COLUMN));
    assertThat(
        rejected(lines, insert("{\"id\":2,\"note\":\"n\"}")).reason(), is(Reason.MISSING_COLUMN));
    assertThat(lines.read(good), hasSize(1));
  }

  @Test
  void nullThatAnUpdateDoesNotMeanIsNoFault() {
    String ignoring = WHOLE + ", {property: ignoreNullUpdates, value: true}";
    Lines lines = debezium(contract("", ignoring));
    String row = "{\"id\":1,\"email\":null,\"note\":\"n\"}";
    assertThat(lines.one(event("things", "u", "null", row)).unchanged(), contains("email"));
    assertThat(rejected(lines, insert(row)).reason(), is(Reason.MISSING_COLUMN));
  }

  @Test
  void partOfARowInTheNeutralFormatIsNoFaultAndARowBesideItsKeyIsWhole() {
    Lines changes = new Lines(ChangeFormat.CHANGES, contract("", WHOLE));
    String change =
        "{\"table\":\"public.things\",\"op\":\"%s\",\"position\":1,\"key\":{\"id\":1},\"after\":%s}";
    String part = "{\"id\":1,\"note\":\"n\"}";
    assertThat(changes.read(change.formatted("upsert", part)), hasSize(1));
    assertThat(
        rejected(changes, change.formatted("read", part)).reason(), is(Reason.MISSING_COLUMN));
    Lines rows = new Lines(ChangeFormat.UPSERT, contract("", WHOLE));
    String topic = "{\"topic\":\"public.things\",\"key\":{\"id\":1},\"value\":%s}";
    assertThat(rejected(rows, topic.formatted(part)).reason(), is(Reason.MISSING_COLUMN));
    assertThat(rows.read(topic.formatted("{\"id\":1,\"email\":\"e\"}")), hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "all_columns"})
  void tableWithoutAKeyHasItsRowsCheckedAsTheyCame(String withoutKey) {
    Contract contract =
        Contract.parse(
            """
            {apiVersion: v3.0.2, kind: DataContract, id: t, version: 1.0.0, status: active, schema: [
              {name: things, physicalName: public.things,
               customProperties: [{property: withoutKey, value: %s}, %s], properties: [
                {name: email, physicalType: text, required: true},
                {name: did, physicalType: text, customProperties: [{property: metadata, value: operation}]},
                {name: note, physicalType: text}]}]}
            """
                .formatted(withoutKey, WHOLE),
            "test contract");
    Lines lines = debezium(contract);
    String without = "{\"email\":null,\"note\":\"n\"}";
    String with = "{\"email\":\"e\",\"note\":\"n\"}";
    assertThat(rejected(lines, insert(without)).reason(), is(Reason.MISSING_COLUMN));
    assertThat(
        rejected(lines, event("things", "u", with, without)).reason(), is(Reason.MISSING_COLUMN));
    assertThat(lines.read(insert(with)), hasSize(1));
    assertThat(
        "a delete need not be whole",
        lines.read(event("things", "d", without, "null")),
        hasSize(1));
    assertThat(lines.controls(), is(empty()));
  }
}
