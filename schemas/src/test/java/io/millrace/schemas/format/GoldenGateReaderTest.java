package io.millrace.schemas.format;

import static io.millrace.schemas.format.Samples.THINGS;
import static io.millrace.schemas.format.Samples.json;
import static io.millrace.schemas.format.Samples.keyOf;
import static io.millrace.schemas.format.Samples.operations;
import static io.millrace.schemas.format.Samples.rejection;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenGateReaderTest {
  private final Lines lines = new Lines(ChangeFormat.OGG, THINGS);

  private static String record(String type, String pos, String rows) {
    return json(
        "{'table':'public.things','op_type':'%s','op_ts':'1970-01-02 00:00:00.000001',"
                .formatted(type)
            + "'current_ts':'1970-01-03T00:00:00.000002','pos':'%s','primary_keys':['id'],%s}"
                .formatted(pos, rows));
  }

  @Test
  void insertHasRowAndTimesInUtc() {
    ChangeEvent event = lines.one(record("I", "1", "'after':{'id':1,'name':'n','price':1.5}"));
    assertThat(event.operation(), is(Operation.INSERT));
    assertThat(event.key(), equalTo(keyOf(1)));
    assertThat(event.committedAt(), equalTo(86_400_000_001L));
    assertThat(event.capturedAt(), equalTo(172_800_000_002L));
  }

  @Test
  void changeOfTheKeyDeletesTheOldRow() {
    List<ChangeEvent> events =
        lines.read(record("U", "1", "'before':{'id':1,'name':'n'},'after':{'id':2,'name':'n'}"));
    assertThat(operations(events), contains("DELETE", "UPDATE"));
    assertThat(events.get(0).key(), equalTo(keyOf(1)));
    assertThat(events.get(1).key(), equalTo(keyOf(2)));
  }

  @Test
  void columnsThatACompressedUpdateLeavesOutAreUnchangedAndTheKeyIsTheOldOne() {
    ChangeEvent event =
        lines.one(record("U", "1", "'before':{'id':1,'name':'a'},'after':{'name':'b'}"));
    assertThat(event.key(), equalTo(keyOf(1)));
    assertThat(event.unchanged(), contains("price"));
  }

  @Test
  void columnThatIsMarkedAsMissingIsUnchangedAndNotNull() {
    ChangeEvent event =
        lines.one(
            record(
                "U",
                "1",
                "'before':null,'after':{'id':1,'id_isMissing':false,'name':null,"
                    + "'name_isMissing':true,'price':null,'price_isMissing':false}"));
    assertThat(event.unchanged(), contains("name"));
    assertThat(event.after().json(), equalTo(json("{'id':1,'price':null}")));
  }

  @Test
  void deleteHasTheRowBeforeAndTruncateHasNone() {
    ChangeEvent delete = lines.one(record("D", "1", "'before':{'id':1,'name':'n'},'after':null"));
    assertThat(delete.operation(), is(Operation.DELETE));
    assertThat(delete.key(), equalTo(keyOf(1)));
    assertThat(lines.one(record("T", "2", "'before':null")).operation(), is(Operation.TRUNCATE));
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000009, 00000000000000000010",
    "9, 10",
    "99999999999999999999, 100000000000000000000000001",
    "00000000000000000000143, 144"
  })
  void positionsCompareAsNumbersOfAnySize(String earlier, String later) {
    assertThat(at(later), is(greaterThan(at(earlier))));
  }

  private Position at(String pos) {
    return lines.one(record("I", pos, "'after':{'id':1}")).position();
  }

  @Test
  void catalogBeforeTheSchemaIsNoPartOfTheTablesName() {
    ChangeEvent event =
        lines.one(
            record("I", "1", "'after':{'id':1}").replace("public.things", "PDB1.public.things"));
    assertThat(event.table(), equalTo("public.things"));
  }

  @Test
  void otherTableIsLeftOut() {
    lines.read(record("I", "1", "'after':{'id':1}").replace("public.things", "public.others"));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12a", "1.5"})
  void positionThatIsNoNumberIsRejected(String pos) {
    assertThat(
        rejection(lines, record("I", pos, "'after':{'id':1}")).reason(), is(Reason.NO_POSITION));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'table':'public.things','op_type':'I','after':{'id':1}} | NO_POSITION",
        "{'op_type':'I','pos':'1','after':{'id':1}} | NO_TABLE",
        "{'table':'public.things','pos':'1','after':{'id':1}} | UNKNOWN_OPERATION",
        "{'table':'public.things','op_type':'X','pos':'1','after':{'id':1}} | UNKNOWN_OPERATION",
        "{'table':'public.things','op_type':'I','pos':'1'} | MALFORMED",
        "{'table':'public.things','op_type':'D','pos':'1'} | NO_KEY",
        "{'table':'public.things','op_type':'I','pos':'1','op_ts':'now','after':{'id':1}} | BAD_VALUE"
      })
  void whatIsNoChangeIsRejected(String record, Reason reason) {
    assertThat(rejection(lines, record).reason(), is(reason));
  }
}
