package io.millrace.schemas.format;

import static io.millrace.schemas.format.Samples.THINGS;
import static io.millrace.schemas.format.Samples.json;
import static io.millrace.schemas.format.Samples.keyOf;
import static io.millrace.schemas.format.Samples.operations;
import static io.millrace.schemas.format.Samples.rejection;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
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
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanalReaderTest {
  private final Lines lines = new Lines(ChangeFormat.CANAL, THINGS);

  private static String message(String type, String fields) {
    return json(
        "{'database':'public','table':'things','es':1589373560000,'ts':1589373560798,'id':9,"
            + "'isDdl':false,'mysqlType':{'id':'INTEGER'},'pkNames':['id'],'sql':'','type':'"
            + type
            + "',"
            + fields
            + "}");
  }

  @Test
  void everyRowOfAMessageIsAChangeAndAllValuesAreText() {
    List<ChangeEvent> events =
        lines.read(
            message(
                "INSERT",
                "'data':[{'id':'1','name':'a','price':'1.50'},{'id':'2','name':null,'price':'2'}],"
                    + "'old':null"));
    assertThat(operations(events), contains("INSERT", "INSERT"));
    assertThat(events.get(0).key(), equalTo(keyOf(1)));
    assertThat(events.get(1).key(), equalTo(keyOf(2)));
    assertThat(events.get(0).committedAt(), equalTo(1_589_373_560_000_000L));
    assertThat(events.get(0).capturedAt(), equalTo(1_589_373_560_798_000L));
    assertThat(events.get(1).position(), is(greaterThan(events.get(0).position())));
  }

  @Test
  void rowsThatTakeEachOthersKeysInOneStatementEndAsTheStatementLeftThem() {
    List<ChangeEvent> events =
        lines.read(
            message(
                "UPDATE",
                "'data':[{'id':'3','name':'b'},{'id':'2','name':'a'}],"
                    + "'old':[{'id':'2'},{'id':'1'}]"));
    assertThat(operations(events), contains("DELETE", "UPDATE", "DELETE", "UPDATE"));
    ChangeEvent deletionOfTwo = events.get(0);
    ChangeEvent newTwo = events.get(3);
    assertThat(deletionOfTwo.key(), equalTo(newTwo.key()));
    assertThat(newTwo.position(), is(greaterThan(deletionOfTwo.position())));
  }

  @Test
  void oldColumnsOfTheFirstRowsAreLeftOutWhereTheseDidNotChange() {
    List<ChangeEvent> events =
        lines.read(
            message(
                "UPDATE",
                "'data':[{'id':'1','name':'a'},{'id':'3','name':'b'}],'old':[{'id':'2'}]"));
    assertThat(operations(events), contains("UPDATE", "DELETE", "UPDATE"));
    assertThat(events.get(0).before(), is(nullValue()));
    assertThat(events.get(1).key(), equalTo(keyOf(2)));
  }

  @Test
  void deletedRowIsTheOneBefore() {
    ChangeEvent event = lines.one(message("DELETE", "'data':[{'id':'1','name':'a'}]"));
    assertThat(event.operation(), is(Operation.DELETE));
    assertThat(event.before().json(), equalTo(json("{'id':'1','name':'a'}")));
  }

  @Test
  void truncateComesAsADefinitionAndIsNone() {
    ChangeEvent event =
        lines.one(
            json(
                "{'data':null,'database':'public','table':'things','es':1,'id':2,'isDdl':true,"
                    + "'sql':'TRUNCATE TABLE things','type':'TRUNCATE'}"));
    assertThat(event.operation(), is(Operation.TRUNCATE));
  }

  @ParameterizedTest
  @CsvSource({
    "ALTER, SCHEMA_CHANGE",
    "CREATE, SCHEMA_CHANGE",
    "QUERY, SCHEMA_CHANGE",
    "GTID, TRANSACTION",
    "TIDB_WATERMARK, HEARTBEAT"
  })
  void whatIsNoRowIsAControlRecord(String type, Control control) {
    assertThat(lines.read(message(type, "'data':null")), is(empty()));
    assertThat(lines.controls(), contains(control));
  }

  @Test
  void placeInTheTopicOrdersWhateverTheTimesAndBatchNumbers() {
    String older = message("INSERT", "'data':[{'id':'1'}]");
    String newer = older.replace("\"es\":1589373560000", "\"es\":1").replace(":9,", ":1,");
    assertThat(at(10, newer), is(greaterThan(at(9, older))));
  }

  private Position at(long offset, String record) {
    return lines.readAt(Origin.ofTopic("canal", 0, offset), null, record).get(0).position();
  }

  @Test
  void commitOfTiDbOrdersWhereItIsToldAndComesAfterEveryPlace() {
    String first = message("INSERT", "'data':[{'id':'1'}],'_tidb':{'commitTs':99}");
    String second = message("INSERT", "'data':[{'id':'1'}],'_tidb':{'commitTs':100}");
    assertThat(at(9, second), is(greaterThan(at(10, first))));
    assertThat(at(9, first), equalTo(at(10, first)));
    assertThat(at(9, first), is(greaterThan(at(10, message("INSERT", "'data':[{'id':'1'}]")))));
  }

  @Test
  void oneBadRowRejectsTheMessage() {
    RejectedRecordException rejection =
        rejection(lines, message("INSERT", "'data':[{'id':'1'},{'id':'x'}]"));
    assertThat(rejection.reason(), is(Reason.BAD_VALUE));
    assertThat(rejection.table(), equalTo("public.things"));
  }

  @Test
  void recordThatNamesNoTableIsOfTheOnlyOne() {
    ChangeEvent event = lines.one(json("{'data':[{'id':'1','name':'Hi'}],'type':'INSERT'}"));
    assertThat(event.table(), equalTo("public.things"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'database':'public','table':'things','type':'INSERT','data':null} | MALFORMED",
        "{'database':'public','table':'things','type':'INSERT','data':['x']} | MALFORMED",
        "{'database':'public','table':'things','type':'DELETE','data':[{'name':'n'}]} | NO_KEY",
        "{'database':'public','table':'things','type':'SEEN','data':[{'id':'1'}]} | UNKNOWN_OPERATION",
        "{'database':'public','table':'things','data':[{'id':'1'}]} | UNKNOWN_OPERATION",
        "{'data':[{'id':'1'}]} {} | MALFORMED"
      })
  void whatIsNoChangeIsRejected(String record, Reason reason) {
    assertThat(rejection(lines, record).reason(), is(reason));
  }
}
