package io.millrace.schemas.format;

import static io.millrace.schemas.format.Samples.THINGS;
import static io.millrace.schemas.format.Samples.json;
import static io.millrace.schemas.format.Samples.keyOf;
import static io.millrace.schemas.format.Samples.operations;
import static io.millrace.schemas.format.Samples.rejection;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaxwellReaderTest {
  private final Lines lines = new Lines(ChangeFormat.MAXWELL, THINGS);

  private static String record(String type, String fields) {
    return json("{'database':'public','table':'things','type':'" + type + "'," + fields + "}");
  }

  private static String insert(String fields) {
    return record("insert", fields + ",'data':{'id':1,'name':'n','price':'1.50'}");
  }

  @Test
  void insertHasRowTimeAndTransaction() {
    ChangeEvent event =
        lines.one(
            insert("'ts':1477053217,'xid':23396,'commit':true,'server_id':23042,'thread_id':108"));
    assertThat(event.operation(), is(Operation.INSERT));
    assertThat(event.table(), equalTo("public.things"));
    assertThat(event.after().json(), equalTo(json("{'id':1,'name':'n','price':'1.50'}")));
    assertThat(event.before(), is(nullValue()));
    assertThat(event.unchanged(), is(empty()));
    assertThat(event.committedAt(), equalTo(1_477_053_217_000_000L));
    assertThat(event.transactionId(), equalTo("23396"));
  }

  @Test
  void rowBeforeAnUpdateIsItsDataWithTheOldColumnsPutOver() {
    ChangeEvent event =
        lines.one(
            record(
                "update",
                "'data':{'id':1,'name':'new','price':1.5},'old':{'name':'old','price':null}"));
    assertThat(event.operation(), is(Operation.UPDATE));
    assertThat(event.before().json(), equalTo(json("{'name':'old','price':null,'id':1}")));
  }

  @Test
  void changeOfTheKeyDeletesTheOldRow() {
    List<ChangeEvent> events =
        lines.read(record("update", "'data':{'id':2,'name':'n','price':1},'old':{'id':1}"));
    assertThat(operations(events), contains("DELETE", "UPDATE"));
    assertThat(events.get(0).key(), equalTo(keyOf(1)));
    assertThat(events.get(1).key(), equalTo(keyOf(2)));
  }

  @Test
  void deletedRowIsTheOneBefore() {
    ChangeEvent event = lines.one(record("delete", "'data':{'id':1,'name':'n','price':1}"));
    assertThat(event.operation(), is(Operation.DELETE));
    assertThat(event.key(), equalTo(keyOf(1)));
    assertThat(event.after(), is(nullValue()));
    assertThat(event.before().json(), containsString("\"name\":\"n\""));
  }

  @Test
  void bootstrappedRowIsReadAndComesBeforeTheLog() {
    ChangeEvent read =
        lines.one(record("bootstrap-insert", "'data':{'id':1,'name':'n','price':1}"));
    assertThat(read.operation(), is(Operation.READ));
    assertThat(at("'position':'master.000001:4'"), is(greaterThan(read.position())));
  }

  @ParameterizedTest
  @CsvSource({
    "bootstrap-start, SNAPSHOT",
    "bootstrap-complete, SNAPSHOT",
    "table-create, SCHEMA_CHANGE",
    "table-alter, SCHEMA_CHANGE",
    "database-drop, SCHEMA_CHANGE"
  })
  void whatIsNoRowIsAControlRecord(String type, Control control) {
    assertThat(lines.read(record(type, "'data':{}")), is(empty()));
    assertThat(lines.controls(), contains(control));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'position':'m.000009:500' | 'position':'m.000010:4'",
        "'position':'m.000009:99' | 'position':'m.000009:100'",
        "'position':'m.1:4','xoffset':9 | 'position':'m.1:4','xoffset':10",
        "'position':'m.1:4','xoffset':9 | 'position':'m.1:4','commit':true",
        "'position':'m.1:4' | 'position':'m.1:4','commit':true",
        "'xid':9 | 'position':'m.1:4'"
      })
  void binlogOrdersAndTheCommittingRowIsTheLastOfItsTransaction(String earlier, String later) {
    assertThat(at(later), is(greaterThan(at(earlier))));
  }

  private Position at(String position) {
    return lines.one(insert(position)).position();
  }

  @Test
  void withoutBinlogPositionTheTopicsOffsetOrdersAndNotTheTransactionsNumber() {
    Position early = at(9, insert("'xid':200,'ts':20"));
    Position late = at(10, insert("'xid':100,'ts':10"));
    assertThat(late, is(greaterThan(early)));
  }

  @Test
  void sameChangeSentTwiceHasOnePositionWhereTheLogTellsIt() {
    assertThat(
        at(9, insert("'position':'m.1:4','xoffset':1")),
        equalTo(at(10, insert("'position':'m.1:4','xoffset':1"))));
  }

  @Test
  void rowsOfOneEventThatNothingElseTellsApartHaveTheirPlace() {
    assertThat(
        at(10, insert("'position':'m.1:4'")), is(greaterThan(at(9, insert("'position':'m.1:4'")))));
  }

  private Position at(long offset, String record) {
    return lines.readAt(Origin.ofTopic("maxwell", 0, offset), null, record).get(0).position();
  }

  @Test
  void tableThatIsNotInTheContractIsLeftOut() {
    lines.read(json("{'database':'public','table':'others','type':'insert','data':{'id':1}}"));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.000001", "m:4", "m.1:x", ":4", "m.1:"})
  void positionThatIsNoneIsRejected(String position) {
    assertThat(
        rejection(lines, insert("'position':'" + position + "'")).reason(), is(Reason.NO_POSITION));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'database':'public','table':'things','data':{'id':1}} | UNKNOWN_OPERATION",
        "{'database':'public','table':'things','type':'upsert','data':{'id':1}} | UNKNOWN_OPERATION",
        "{'database':'public','table':'things','type':'insert'} | MALFORMED",
        "{'database':'public','table':'things','type':'insert','data':[]} | MALFORMED",
        "{'database':'public','table':'things','type':'insert','data':{'name':'n'}} | NO_KEY",
        "{'database':'public','table':'things','type':'insert','data':{'id':'x'}} | BAD_VALUE",
        "{'type':'insert' | MALFORMED",
        "[] | MALFORMED"
      })
  void whatIsNoChangeIsRejected(String record, Reason reason) {
    assertThat(rejection(lines, record).reason(), is(reason));
  }
}
