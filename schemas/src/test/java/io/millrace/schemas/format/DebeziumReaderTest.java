package io.millrace.schemas.format;

import static java.util.stream.Collectors.joining;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebeziumReaderTest {
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
              physicalName: public.orders
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: note, physicalType: text}
                - {name: amount, physicalType: "numeric(10,2)"}
            - name: customers
              physicalName: inventory.customers
              properties:
                - {name: id, physicalType: integer, primaryKey: true}
                - {name: name, physicalType: varchar(5)}
          """,
          "test contract");

  private final Lines lines = new Lines(ChangeFormat.DEBEZIUM, CONTRACT);

  private static String postgres(String op, String before, String after, String source) {
    return "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"ts_ms\":1700,%s,\"db\":\"d\",\"schema\":\"public\",\"table\":\"orders\"},\"op\":\"%s\",\"ts_ms\":1800,\"transaction\":null}"
        .formatted(before, after, source, op);
  }

  private static final String AT_100 =
      "\"snapshot\":\"false\",\"sequence\":\"[\\\"90\\\",\\\"100\\\"]\",\"txId\":7,\"lsn\":100";
  private static final String ROW = "{\"id\":1,\"note\":\"n\",\"amount\":\"10.50\"}";

  @Test
  void insertHasImageTimesAndOrigin() {
    ChangeEvent event = lines.one(postgres("c", "null", ROW, AT_100));
    assertThat(event.table(), equalTo("public.orders"));
    assertThat(event.operation(), is(Operation.INSERT));
    assertThat(event.after().json(), equalTo(ROW));
    assertThat(event.unchanged(), is(empty()));
    assertThat(event.committedAt(), equalTo(1_700_000L));
    assertThat(event.capturedAt(), equalTo(1_800_000L));
    assertThat(event.receivedAt(), equalTo(5_000L));
    assertThat(event.transactionId(), equalTo("7"));
    assertThat(event.origin(), equalTo(Origin.ofFile("test.jsonl", 3, 2)));
  }

  @Test
  void preciseCommitTimeIsPreferred() {
    String source = AT_100 + ",\"ts_us\":1700123,\"ts_ns\":1700123456";
    assertThat(lines.one(postgres("c", "null", ROW, source)).committedAt(), equalTo(1_700_123L));
  }

  @Test
  void placeholderAndAbsentColumnsAreUnchanged() {
    ChangeEvent event =
        lines.one(
            postgres("u", "null", "{\"id\":1,\"note\":\"__debezium_unavailable_value\"}", AT_100));
    assertThat(event.unchanged(), contains("amount", "note"));
  }

  @Test
  void deleteTakesItsKeyFromTheRowOrElseFromTheMessage() {
    String before = "{\"id\":1,\"note\":null,\"amount\":null}";
    ChangeEvent fromRow = lines.one(postgres("d", before, "null", AT_100));
    String value = postgres("d", "null", "null", AT_100);
    assertThat(lines.read("{\"id\":1}", value).get(0).key(), equalTo(fromRow.key()));
    assertThat(
        lines.read("{\"schema\":{\"type\":\"struct\"},\"payload\":{\"id\":1}}", value).get(0).key(),
        equalTo(fromRow.key()));
    assertThat(
        lines.read("{\"key\":{\"id\":1},\"value\":" + value + ",\"topic\":\"t\"}").get(0).key(),
        equalTo(fromRow.key()));
  }

  @Test
  void lineMayWrapAValueAsObjectOrText() {
    String value = postgres("c", "null", ROW, AT_100);
    String text = value.replace("\\", "\\\\").replace("\"", "\\\"");
    ChangeEvent wrapped = lines.one("{\"key\":null,\"value\":" + value + ",\"offset\":9}");
    ChangeEvent quoted = lines.one("{\"value\":\"" + text + "\"}");
    assertThat(wrapped, equalTo(lines.one(value)));
    assertThat(quoted.after().json(), equalTo(ROW));
  }

  @Test
  void keyChangeInOneEventBecomesDeleteAndUpsert() {
    List<ChangeEvent> events =
        lines.read(postgres("u", "{\"id\":1}", "{\"id\":2,\"note\":\"n\",\"amount\":1}", AT_100));
    assertThat(
        events.stream().map(ChangeEvent::operation).toList(),
        contains(Operation.DELETE, Operation.UPDATE));
    assertThat(events.get(0).key(), not(equalTo(events.get(1).key())));
    assertThat(events.get(0).after(), is((Object) null));
    assertThat(
        events.get(0).key(), equalTo(lines.one(postgres("d", "{\"id\":1}", "null", AT_100)).key()));
  }

  @Test
  void schemaBlockNamesTheEncodings() {
    String schema =
        "{\"type\":\"struct\",\"fields\":[{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"field\":\"id\"},{\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"parameters\":{\"scale\":\"2\"},\"field\":\"amount\"}],\"field\":\"after\"}]}";
    String payload = postgres("c", "null", "{\"id\":1,\"note\":\"n\",\"amount\":\"BBo=\"}", AT_100);
    String value = "{\"schema\":" + schema + ",\"payload\":" + payload + "}";
    ChangeEvent first = lines.one(value);
    ChangeEvent known = lines.one(value);
    assertThat(
        first.after().encoding().columns().get("amount"),
        equalTo("org.apache.kafka.connect.data.Decimal:2"));
    assertThat(known, equalTo(first));
    assertThat(rejection(value.substring(0, value.length() - 1)), is(Reason.MALFORMED));
    assertThat(rejection(value + "}"), is(Reason.MALFORMED));
    assertThat(lines.one(value + "  "), equalTo(first));
  }

  /** Pairs of events in the order the source committed them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a transaction's row written early but committed late: its LSN is lower
        "\"sequence\":\"[\\\"90\\\",\\\"300\\\"]\",\"lsn\":300 | \"sequence\":\"[\\\"310\\\",\\\"200\\\"]\",\"lsn\":200",
        // a snapshot's row and a transaction that was open across it
        "\"snapshot\":\"true\",\"sequence\":\"[null,\\\"500\\\"]\",\"lsn\":500 | \"snapshot\":\"false\",\"sequence\":\"[null,\\\"200\\\"]\",\"lsn\":200",
        "\"snapshot\":\"true\",\"sequence\":null,\"lsn\":500 | \"snapshot\":\"false\",\"sequence\":\"[\\\"490\\\",\\\"200\\\"]\",\"lsn\":200",
        // ten digits after nine
        "\"lsn\":999999999 | \"lsn\":1000000000"
      })
  void positionsFollowTheCommitOrder(String earlier, String later) {
    Position first = lines.one(postgres("c", "null", ROW, earlier.trim())).position();
    Position second = lines.one(postgres("u", "null", ROW, later.trim())).position();
    assertThat(second, is(greaterThan(first)));
  }

  @Test
  void totalOrderTellsApartWhatHasOneLsn() {
    String delete = postgres("d", "{\"id\":1}", "null", AT_100);
    String insert = postgres("c", "null", ROW, AT_100);
    Position first = lines.one(ordered(delete, 4)).position();
    assertThat(lines.one(ordered(insert, 5)).position(), is(greaterThan(first)));
    assertThat(lines.one(ordered(insert, 5)).transactionId(), equalTo("7:100"));
  }

  private static String ordered(String event, int order) {
    return event.replace(
        "\"transaction\":null", "\"transaction\":{\"id\":\"7:100\",\"total_order\":" + order + "}");
  }

  @Test
  void mysqlPositionsCompareFileNumbersAndOffsetsNumerically() {
    Position snapshot = mysql("true", "mysql-bin.000009", 900, 0).position();
    Position streamed = mysql("false", "mysql-bin.000009", 900, 0).position();
    Position secondRow = mysql("false", "mysql-bin.000009", 900, 1).position();
    Position further = mysql("false", "mysql-bin.000009", 1000, 0).position();
    Position nextFile = mysql("false", "mysql-bin.000010", 4, 0).position();
    assertThat(streamed, is(greaterThan(snapshot)));
    assertThat(secondRow, is(greaterThan(streamed)));
    assertThat(further, is(greaterThan(secondRow)));
    assertThat(nextFile, is(greaterThan(further)));
  }

  @ParameterizedTest
  @CsvSource({
    "first, null, 'READ, SNAPSHOT_START'",
    "first_in_data_collection, null, 'READ, SNAPSHOT_START'",
    "true, null, READ",
    "incremental, 90, READ",
    "last_in_data_collection, null, 'READ, SNAPSHOT_START, SNAPSHOT_END'",
    "last, 90, 'READ, SNAPSHOT_END'",
    "false, null, READ"
  })
  void theEdgesOfASnapshotAreTold(String snapshot, String lastCommit, String operations) {
    String source =
        "\"snapshot\":\"%s\",\"lsn\":500,\"sequence\":\"[%s,\\\"500\\\"]\""
            .formatted(snapshot, lastCommit.equals("null") ? "null" : "\\\"" + lastCommit + "\\\"");
    List<ChangeEvent> changes = lines.read(postgres("r", "null", "{\"id\":1}", source));
    assertThat(
        changes.stream().map(change -> change.operation().name()).collect(joining(", ")),
        equalTo(operations));
    Position row = changes.get(0).position();
    changes.stream()
        .skip(1)
        .forEach(mark -> assertThat(mark.position(), equalTo(row.justBefore())));
  }

  @Test
  void snapshotRowWithoutFileIsBeforeAllThatTheBinlogHas() {
    ChangeEvent read =
        lines.one(
            "{\"after\":{\"id\":1,\"name\":\"tom\"},\"source\":{\"connector\":\"mysql\",\"snapshot\":\"false\",\"db\":\"inventory\",\"table\":\"customers\",\"file\":\"\",\"pos\":0,\"row\":0},\"op\":\"r\"}");
    assertThat(
        mysql("false", "mysql-bin.000001", 4, 0).position(), is(greaterThan(read.position())));
  }

  private ChangeEvent mysql(String snapshot, String file, long pos, int row) {
    return lines.one(
        "{\"before\":null,\"after\":{\"id\":1,\"name\":\"tom\"},\"source\":{\"connector\":\"mysql\",\"snapshot\":\"%s\",\"db\":\"inventory\",\"table\":\"customers\",\"ts_ms\":1,\"file\":\"%s\",\"pos\":%d,\"row\":%d},\"op\":\"u\"}"
            .formatted(snapshot, file, pos, row));
  }

  @Test
  void controlRecordsAreNoChanges() {
    assertControl(null, Control.TOMBSTONE);
    assertControl("null", Control.TOMBSTONE);
    assertControl("{\"key\":{\"id\":1},\"value\":null}", Control.TOMBSTONE);
    assertControl("{\"schema\":null,\"payload\":null}", Control.TOMBSTONE);
    assertControl(
        "{\"status\":\"BEGIN\",\"id\":\"7:100\",\"event_count\":null,\"ts_ms\":1}",
        Control.TRANSACTION);
    assertControl("{\"ts_ms\":1700}", Control.HEARTBEAT);
    assertControl(
        "{\"source\":{\"connector\":\"mysql\"},\"ts_ms\":1,\"databaseName\":\"d\",\"ddl\":\"CREATE\"}",
        Control.SCHEMA_CHANGE);
    assertControl(
        "{\"op\":\"m\",\"ts_ms\":1,\"source\":{\"connector\":\"postgresql\"},\"message\":{\"prefix\":\"p\",\"content\":\"Yg==\"}}",
        Control.MESSAGE);
    assertControl(
        postgres("c", "null", ROW, AT_100).replace("\"orders\"", "\"other\""), Control.OTHER_TABLE);
  }

  private void assertControl(String value, Control control) {
    assertThat(lines.read(value), is(empty()));
    assertThat(lines.controls(), contains(control));
  }

  @Test
  void truncateHasNoKey() {
    ChangeEvent event = lines.one(postgres("t", "null", "null", AT_100));
    assertThat(event.operation(), is(Operation.TRUNCATE));
    assertThat(event.key().bytes().length, is(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"before\":null,| MALFORMED",
        "[1]| MALFORMED",
        "\"text\"| MALFORMED",
        "not json| MALFORMED",
        "{}{}| MALFORMED",
        "{}| UNKNOWN_OPERATION",
        "{\"value\":{\"value\":{}}}| UNKNOWN_OPERATION",
        "{\"op\":\"x\"}| UNKNOWN_OPERATION",
        "{\"op\":[\"c\"]}| UNKNOWN_OPERATION",
        "{\"op\":{\"op\":\"c\"}}| UNKNOWN_OPERATION",
        "{\"status\":[1]}| UNKNOWN_OPERATION",
        "{\"op\":\"c\",\"source\":{\"connector\":\"postgresql\",\"schema\":\"public\",\"table\":[1],\"lsn\":1}}| NO_TABLE",
        "{\"op\":\"c\",\"source\":{\"connector\":\"postgresql\",\"schema\":\"public\",\"table\":\"orders\",\"lsn\":[1]}}| NO_POSITION",
        "{\"op\":\"c\"}| NO_TABLE",
        "{\"op\":\"c\",\"source\":{\"connector\":\"postgresql\",\"schema\":\"public\",\"table\":\"orders\"}}| NO_POSITION",
        "{\"op\":\"c\",\"source\":{\"connector\":\"postgresql\",\"schema\":\"public\",\"table\":\"orders\",\"lsn\":\"x\"}}| NO_POSITION",
        "{\"op\":\"c\",\"source\":{\"connector\":\"sqlite\",\"schema\":\"public\",\"table\":\"orders\",\"lsn\":1}}| NO_POSITION",
        "{\"op\":\"c\",\"source\":{\"connector\":\"mysql\",\"db\":\"inventory\",\"table\":\"customers\",\"pos\":1}}| NO_POSITION",
        "{\"op\":\"c\",\"source\":{\"connector\":\"postgresql\",\"ts_ms\":9223372036854775807,\"schema\":\"public\",\"table\":\"orders\",\"lsn\":1}}| BAD_VALUE"
      })
  void whatIsNoChangeIsRejected(String value, Reason reason) {
    assertThat(rejection(value), is(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null| MALFORMED",
        "\"text\"| MALFORMED",
        "{\"note\":\"n\",\"amount\":1}| NO_KEY",
        "{\"id\":null,\"note\":\"n\",\"amount\":1}| NO_KEY",
        "{\"id\":\"one\",\"note\":\"n\",\"amount\":1}| BAD_VALUE",
        "{\"id\":9223372036854775808,\"note\":\"n\",\"amount\":1}| BAD_VALUE",
        "{\"id\":1,\"note\":\"a\\u0000b\",\"amount\":1}| BAD_VALUE",
        "{\"id\":1,\"note\":\"\\ud800\",\"amount\":1}| BAD_VALUE",
        "{\"id\":1,\"note\":\"n\",\"amount\":\"1.005\"}| BAD_VALUE",
        "{\"id\":1,\"note\":\"n\",\"amount\":100000000}| BAD_VALUE",
        "{\"id\":1,\"note\":\"n\",\"amount\":1e999999999}| BAD_VALUE",
        "{\"id\":1,\"id\":2,\"note\":\"n\",\"amount\":1}| BAD_VALUE",
        "{\"id\":1,\"note\":\"n\",\"amount\":1,\"new\":\"a\\u0000\"}| BAD_VALUE"
      })
  void rowThatCannotBeStoredIsRejected(String after, Reason reason) {
    assertThat(rejection(postgres("c", "null", after, AT_100)), is(reason));
  }

  @Test
  void binaryRecordIsRejected() {
    assertThat(rejection("\0\0\0\0*\2\nAB"), is(Reason.MALFORMED));
    assertThat(rejection("{\0\"\0"), is(Reason.MALFORMED));
  }

  @Test
  void tooDeepIsTooLarge() {
    assertThat(rejection("{\"x\":" + "[".repeat(2_000)), is(Reason.TOO_LARGE));
  }

  /** What stands beside a value that is text belongs to another array of bytes. */
  @Test
  void onlyTheKeyCountsBesideAValue() {
    String outer = postgres("c", "null", ROW, AT_100);
    String beside = outer.substring(0, outer.length() - 1) + ",\"value\":\"{}\"}";
    assertThat(rejection(beside), is(Reason.UNKNOWN_OPERATION));
  }

  @Test
  void sequenceThatIsAnArrayCountsAsAbsent() {
    String source = "\"sequence\":[\"90\",\"100\"],\"lsn\":100";
    String absent = "\"lsn\":100";
    assertThat(
        lines.one(postgres("c", "null", ROW, source)).position(),
        equalTo(lines.one(postgres("c", "null", ROW, absent)).position()));
  }

  @Test
  void rejectionNamesColumnTypeAndRemedy() {
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () ->
                lines.read(
                    "{\"after\":{\"id\":1,\"name\":\"longer\"},\"source\":{\"connector\":\"mysql\",\"db\":\"inventory\",\"table\":\"customers\",\"file\":\"f.1\",\"pos\":1},\"op\":\"c\"}"));
    assertThat(
        rejected.getMessage(),
        equalTo(
            "column name (varchar(5)): 'longer' has 6 characters, more than varchar(5);"
                + " widen the contract's type"));
  }

  @Test
  void unknownColumnIsRejectedOnlyIfAskedTo() {
    String value = postgres("c", "null", "{\"id\":1,\"note\":\"n\",\"amount\":1,\"x\":1}", AT_100);
    assertThat(lines.one(value).unchanged(), is(empty()));
    Lines strict = new Lines(ChangeFormat.DEBEZIUM, CONTRACT, UnknownColumns.REJECT);
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> strict.read(value));
    assertThat(rejected.reason(), is(Reason.UNKNOWN_COLUMN));
    assertThat(rejected.getMessage(), containsString("column x"));
  }

  private Reason rejection(String value) {
    return assertThrows(RejectedRecordException.class, () -> lines.read(value)).reason();
  }
}
