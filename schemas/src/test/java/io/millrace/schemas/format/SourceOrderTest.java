package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Contracts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of events of the connectors for PostgreSQL, SQL Server and Oracle. */
class SourceOrderTest {
  private static final Contract CONTRACT =
      Contracts.contract("- {name: id, physicalType: bigint, primaryKey: true}");

  private final Lines lines = new Lines(ChangeFormat.DEBEZIUM, CONTRACT);

  private ChangeEvent event(String connector, String op, String source) {
    return lines.one(record(connector, op, source));
  }

  private static String record(String connector, String op, String source) {
    return "{\"before\":{\"id\":1},\"after\":{\"id\":1},\"source\":{\"connector\":\"%s\",\"ts_ms\":1700,%s,\"db\":\"d\",\"schema\":\"public\",\"table\":\"things\"},\"op\":\"%s\",\"ts_ms\":1800,\"transaction\":null}"
        .formatted(connector, source, op);
  }

  /** As Debezium 3.6 writes them: the chunk's row is sent when its window is closed. */
  @Test
  void anIncrementalSnapshotsRowIsBehindWhatIsStreamedBeforeItAndBeforeWhatFollows() {
    Position before = postgres("u", "false", "26241408", "26241408").position();
    Position openingWindow = postgres("c", "false", "26241536", "26241536").position();
    Position row = postgres("r", "incremental", "26241864", "null").position();
    Position closingWindow = postgres("c", "false", "26241864", "26241864").position();
    Position writtenEarly = postgres("u", "false", "26243176", "26240000").position();
    assertThat(openingWindow, is(greaterThan(before)));
    assertThat(row, is(greaterThan(openingWindow)));
    assertThat(closingWindow, is(greaterThan(row)));
    assertThat(writtenEarly, is(greaterThan(row)));
  }

  private ChangeEvent postgres(String op, String snapshot, String lastCommit, String lsn) {
    return event(
        "postgresql",
        op,
        quoted(
            "'snapshot':'%s','sequence':'[\\'%s\\',\\'%s\\']','txId':null,'lsn':%s"
                .formatted(snapshot, lastCommit, lsn.equals("null") ? lastCommit : lsn, lsn)));
  }

  @Test
  void rowsThatTellNoCommitAndChangesNeedTheirLsn() {
    for (String source :
        List.of(
            "'snapshot':'incremental','sequence':null,'lsn':null",
            "'snapshot':'false','sequence':'[\\'9\\',\\'9\\']','lsn':null")) {
      String op = source.contains("false") ? "c" : "r";
      RejectedRecordException rejected =
          assertThrows(
              RejectedRecordException.class, () -> event("postgresql", op, quoted(source)));
      assertThat(rejected.reason(), is(Reason.NO_POSITION));
      assertThat(rejected.getMessage(), containsString("the event has no source.lsn"));
    }
  }

  /** Pairs of operations and sources, the earlier first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // a snapshot's row and the commit it stopped at
        "r | `'snapshot':'true','change_lsn':null,'commit_lsn':'00000027:00000a20:0018','event_serial_no':null` | c | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000a20:0018','event_serial_no':1`",
        // an incremental snapshot's row tells the change that was streamed last
        "r | `'snapshot':'incremental','change_lsn':'00000027:00000a00:0005','commit_lsn':'00000027:00000a20:0018','event_serial_no':2` | c | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000a20:0018','event_serial_no':1`",
        // another commit before the snapshot
        "c | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000a20:0017','event_serial_no':1` | r | `'snapshot':'true','change_lsn':null,'commit_lsn':'00000027:00000a20:0018'`",
        // written early, committed late
        "c | `'change_lsn':'00000027:00000b00:0002','commit_lsn':'00000027:00000b10:0002','event_serial_no':1` | u | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000c00:0002','event_serial_no':2`",
        "c | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000c00:0002','event_serial_no':9` | u | `'change_lsn':'00000027:00000a00:0003','commit_lsn':'00000027:00000c00:0002','event_serial_no':2`",
        "d | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000c00:0002','event_serial_no':1` | c | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'00000027:00000c00:0002','event_serial_no':2`",
        "c | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'7fffffff:00000c00:0002','event_serial_no':1` | u | `'change_lsn':'00000027:00000a00:0002','commit_lsn':'80000000:00000000:0000','event_serial_no':1`"
      })
  void sqlServerOrdersByCommitThenChangeThenSerial(
      String earlierOp, String earlier, String laterOp, String later) {
    assertThat(
        event("sqlserver", laterOp, quoted(later)).position(),
        is(greaterThan(event("sqlserver", earlierOp, quoted(earlier)).position())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // a snapshot's row has no commit of its own
        "r | `'snapshot':'true','scn':'2122185','commit_scn':null` | c | `'scn':'2122100','commit_scn':'2122186'`",
        "r | `'snapshot':'true','scn':'2122185','commit_scn':null` | c | `'scn':'2122185','commit_scn':'2122185'`",
        // written early, committed late; numbers, not texts
        "c | `'scn':'2122190','commit_scn':'2122200'` | u | `'scn':'2122100','commit_scn':'2122300'`",
        "c | `'scn':'99','commit_scn':'99'` | u | `'scn':'100','commit_scn':'100'`",
        "c | `'scn':'9','commit_scn':'9223372036854775807'` | u | `'scn':'10','commit_scn':'340282366920938463463374607431768211456'`",
        // in one transaction
        "c | `'scn':'99','commit_scn':'200'` | u | `'scn':'100','commit_scn':'200'`",
        "c | `'scn':'99','commit_scn':'200','rs_id':' 0x00009d.00018c0f.0010 ','ssn':5` | u | `'scn':'99','commit_scn':'200','rs_id':' 0x00009d.00018c10.0010 ','ssn':0`",
        "c | `'scn':'99','commit_scn':'200','rs_id':'000001.000020.0010 ','ssn':0` | u | `'scn':'99','commit_scn':'200','rs_id':'000001.000020.0010 ','ssn':1`",
        "c | `'scn':'99','commit_scn':'200','rs_id':'000001.000020.0010 ','ssn':0,'txSeq':1` | u | `'scn':'99','commit_scn':'200','rs_id':'000001.000020.0010 ','ssn':0,'txSeq':2`",
        "c | `'scn':'99','commit_scn':'200','lcr_position':'0000000a'` | u | `'scn':'99','commit_scn':'200','lcr_position':'0000000b'`",
        // a cluster's threads
        "c | `'scn':'99','commit_scn':'180'` | u | `'scn':'98','commit_scn':'200:1:0a001b,150:2:'`",
        "c | `'scn':'99','commit_scn':'200:1:0a001b,150:2:'` | u | `'scn':'98','commit_scn':'180:1:0a,210:2:0b-0c'`",
        "c | `'scn':'99','commit_scn':'200'` | u | `'scn':'98','commit_scn':'180:1:,201:2:'`"
      })
  void oracleOrdersByCommitThenChangeThenRedoRecord(
      String earlierOp, String earlier, String laterOp, String later) {
    assertThat(
        event("oracle", laterOp, quoted(later)).position(),
        is(greaterThan(event("oracle", earlierOp, quoted(earlier)).position())));
  }

  /** What Debezium's documentation shows, which has more fields than are looked at. */
  @Test
  void oraclesTransactionIsText() {
    ChangeEvent event =
        event(
            "oracle",
            "c",
            quoted(
                "'version':'3.6.0.Final','name':'server1','ts_us':1520085154000000,'txId':'6.28.807',"
                    + "'scn':'2122185','commit_scn':'2122185','rs_id':'001234.00012345.0124','ssn':1,"
                    + "'redo_thread':1,'user_name':'user','snapshot':'false','row_id':'AAASgjAAMAAAACnAAA',"
                    + "'redo_sql':null,'start_scn':'2122180','txSeq':3"));
    assertThat(event.transactionId(), equalTo("6.28.807"));
  }

  /** A blank behind the first brace has the event read by the parser. */
  @Test
  void ofTwoTransactionsTheLastCounts() {
    String record =
        record("mysql", "c", quoted("'file':'bin.1','pos':4,'txId':5,'gtid':'3e11fa47:7'"));
    assertThat(lines.one(record).transactionId(), equalTo("3e11fa47:7"));
    assertThat(lines.one("{ " + record.substring(1)).transactionId(), equalTo("3e11fa47:7"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sqlserver | `'commit_lsn':'00000027:00000a20:0018'` | source.change_lsn",
        "sqlserver | `'change_lsn':'00000027:00000a20:0018'` | source.commit_lsn",
        "sqlserver | `'change_lsn':'00000027:00000a20:0018','commit_lsn':'27'` | source.commit_lsn is '27'",
        "sqlserver | `'change_lsn':'00000027:00000a20:00:18','commit_lsn':'1:2:3'` | source.change_lsn is",
        "sqlserver | `'change_lsn':'1:2:3','commit_lsn':'1:2:3','event_serial_no':'x'` | event_serial_no is 'x'",
        "oracle | `'commit_scn':'1'` | source.scn",
        "oracle | `'scn':'1'` | source.commit_scn",
        "oracle | `'scn':'x','commit_scn':'1'` | source.scn is 'x'",
        "oracle | `'scn':'1','commit_scn':'1;2'` | source.commit_scn is '1;2'",
        "oracle | `'scn':'1','commit_scn':'1','rs_id':'zz'` | source.rs_id is 'zz'"
      })
  void eventThatDoesNotTellItsPlaceIsRejected(String connector, String source, String message) {
    String record = record(connector, "u", quoted(source));
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> lines.read(record));
    assertThat(rejected.reason(), is(Reason.NO_POSITION));
    assertThat(rejected.getMessage(), containsString(message));
  }

  @Test
  void numberTooLongForAPositionIsRejected() {
    String source = "'scn':'" + "9".repeat(200) + "','commit_scn':'1'";
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class, () -> lines.read(record("oracle", "u", quoted(source))));
    assertThat(rejected.reason(), is(Reason.NO_POSITION));
  }

  @Test
  void connectorsMayTakeTurns() {
    String lsn = "'change_lsn':'1:2:3','commit_lsn':'1:2:3','event_serial_no':1";
    Position first = event("sqlserver", "c", quoted(lsn)).position();
    event("postgresql", "c", "\"lsn\":5");
    assertThat(event("sqlserver", "c", quoted(lsn)).position(), equalTo(first));
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
