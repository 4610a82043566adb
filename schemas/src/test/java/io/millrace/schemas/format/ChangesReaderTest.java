package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Contracts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangesReaderTest {
  private final Lines lines =
      new Lines(
          ChangeFormat.CHANGES,
          Contracts.contract(
              "- {name: id, physicalType: bigint, primaryKey: true}",
              "- {name: name, physicalType: text}",
              "- {name: at, physicalType: timestamptz}"));

  private static String upsert(String fields) {
    return "{\"table\":\"public.things\",\"op\":\"upsert\"," + fields + "}";
  }

  @Test
  void upsertDeleteAndTruncateAreRead() {
    ChangeEvent upsert =
        lines.one(
            upsert(
                "\"key\":{\"id\":1},\"after\":{\"name\":\"n\"},\"position\":5,"
                    + "\"committedAt\":\"1970-01-01T00:00:01.000002Z\",\"comment\":[{}]"));
    assertThat(upsert.operation(), is(Operation.UPSERT));
    assertThat(upsert.unchanged(), contains("at"));
    assertThat(upsert.committedAt(), equalTo(1_000_002L));
    ChangeEvent delete =
        lines.one(
            "{\"op\":\"delete\",\"table\":\"public.things\",\"position\":6,\"key\":{\"id\":1},\"committedAt\":2}");
    assertThat(delete.key(), equalTo(upsert.key()));
    assertThat(delete.committedAt(), equalTo(2_000L));
    assertThat(delete.position(), is(greaterThan(upsert.position())));
    ChangeEvent truncate =
        lines.one("{\"op\":\"truncate\",\"table\":\"public.things\",\"position\":7}");
    assertThat(truncate.operation(), is(Operation.TRUNCATE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "9 | 10",
        "-10 | -9",
        "9223372036854775807 | 9223372036854775808",
        "\"10\" | \"9\"",
        "\"Z\" | \"a\"",
        "\"a\" | \"aa\""
      })
  void numbersCompareNumericallyAndTextBytewise(String earlier, String later) {
    assertThat(at(later), is(greaterThan(at(earlier))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "\"a\"", "-70000"})
  void aDeleteStandsBehindAnUpsertOfItsPositionAndBeforeTheNext(String position) {
    String delete = "{\"op\":\"delete\",\"table\":\"public.things\",\"key\":{\"id\":1},";
    Position deleted = lines.one(delete + "\"position\":" + position + "}").position();
    assertThat(deleted, is(greaterThan(at(position))));
    assertThat(
        deleted,
        is(
            lessThan(
                at(position.equals("\"a\"") ? "\"a!\"" : position.equals("5") ? "6" : "-69999"))));
  }

  @Test
  void aSnapshotIsItsRowsAndItsEnd() {
    ChangeEvent row =
        lines.one(
            upsert("\"key\":{\"id\":1},\"after\":{\"name\":\"n\"},\"position\":5")
                .replace("upsert", "read"));
    assertThat(row.operation(), is(Operation.READ));
    ChangeEvent end = lines.one("{\"op\":\"snapshot\",\"table\":\"public.things\",\"position\":5}");
    assertThat(end.operation(), is(Operation.SNAPSHOT_END));
    assertThat(end.position(), is(row.position().justBefore()));
    assertThat(end.position(), is(greaterThan(at("4"))));
  }

  @Test
  void nullsOfUpdatesAreUnchangedWhereTheContractSaysSo() {
    Lines ignoring =
        new Lines(
            ChangeFormat.CHANGES,
            Contract.parse(
                """
                {apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,
                 schema: [{name: things, physicalName: public.things,
                  customProperties: [{property: ignoreNullUpdates, value: 'true'}], properties: [
                   {name: id, physicalType: bigint, primaryKey: true},
                   {name: name, physicalType: text}, {name: at, physicalType: timestamptz}]}]}
                """,
                "test contract"));
    String change =
        upsert("\"key\":{\"id\":1},\"after\":{\"name\":null,\"at\":null},\"position\":5");
    assertThat(ignoring.one(change).unchanged(), contains("at", "name"));
    assertThat(lines.one(change).unchanged(), is(empty()));
  }

  private Position at(String position) {
    return lines.one(upsert("\"key\":{\"id\":1},\"after\":{},\"position\":" + position)).position();
  }

  @Test
  void tableThatIsNotInTheContractIsLeftOut() {
    assertThat(
        lines.read("{\"op\":\"truncate\",\"table\":\"public.others\",\"position\":7}"),
        is(empty()));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"key\":{\"id\":1},\"after\":{}| NO_POSITION",
        "\"key\":{\"id\":1},\"after\":{},\"position\":null| NO_POSITION",
        "\"key\":{\"id\":1},\"after\":{},\"position\":\"a\\u0000\"| NO_POSITION",
        "\"key\":{\"id\":1},\"after\":{},\"position\":1.5| NO_POSITION",
        "\"key\":{\"id\":1},\"after\":{},\"position\":{}| NO_POSITION",
        "\"after\":{\"id\":1},\"position\":1| NO_KEY",
        "\"key\":null,\"after\":{\"id\":1},\"position\":1| NO_KEY",
        "\"key\":{\"id\":null},\"after\":{},\"position\":1| NO_KEY",
        "\"key\":{\"name\":\"n\"},\"after\":{},\"position\":1| NO_KEY",
        "\"key\":{\"id\":1},\"after\":{\"id\":2},\"position\":1| BAD_VALUE",
        "\"key\":{\"id\":1},\"after\":{\"at\":\"now\"},\"position\":1| BAD_VALUE",
        "\"key\":{\"id\":1},\"after\":{},\"position\":1,\"committedAt\":\"yesterday\"| BAD_VALUE",
        "\"key\":{\"id\":1},\"after\":{},\"position\":1,\"committedAt\":9223372036854775807| BAD_VALUE",
        "\"key\":{\"id\":1},\"after\":null,\"position\":1| MALFORMED",
        "\"key\":{\"id\":1},\"after\":[],\"position\":1| MALFORMED"
      })
  void whatIsNoChangeIsRejected(String fields, Reason reason) {
    assertThat(rejection(upsert(fields)), is(reason));
  }

  @Test
  void operationAndTableAreRequired() {
    assertThat(rejection("{\"op\":\"upsert\",\"position\":1}"), is(Reason.NO_TABLE));
    assertThat(
        rejection("{\"table\":\"public.things\",\"position\":1}"), is(Reason.UNKNOWN_OPERATION));
    assertThat(
        rejection("{\"table\":\"public.things\",\"op\":\"insert\",\"position\":1}"),
        is(Reason.UNKNOWN_OPERATION));
    assertThat(rejection("{\"table\":\"public.things\"} x"), is(Reason.MALFORMED));
  }

  private Reason rejection(String value) {
    return assertThrows(RejectedRecordException.class, () -> lines.read(value)).reason();
  }
}
