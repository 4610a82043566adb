package io.millrace.schemas.format;

import static io.millrace.schemas.format.Samples.THINGS;
import static io.millrace.schemas.format.Samples.json;
import static io.millrace.schemas.format.Samples.keyOf;
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
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatastreamReaderTest {
  private final Lines lines = new Lines(ChangeFormat.DATASTREAM, THINGS);

  private static String record(String method, String metadata) {
    return json(
        ("{'uuid':'00c32134-f50e-4460-a6c0-399900010010','read_timestamp':'2021-12-25 05:42:05.408',"
                + "'source_timestamp':'2021-12-25T05:42:04.408','object':'public_things',"
                + "'read_method':'%s','stream_name':'projects/1/locations/us/streams/s',"
                + "'schema_key':'ebdb','sort_keys':[1640410924408,1706664,'',0],"
                + "'source_metadata':{'schema':'public','table':'things','database':'XE',%s,"
                + "'primary_keys':['id']},"
                + "'payload':{'id':1,'name':'n','price':'10.50'}}")
            .formatted(method, metadata));
  }

  private Position position(String method, String metadata) {
    return lines.one(record(method, metadata)).position();
  }

  @Test
  void backfilledRowIsRead() {
    ChangeEvent event =
        lines.one(
            record(
                "oracle-backfill",
                "'row_id':'AAAEARAAEAAAAC9AAS','scn':1706664,'is_deleted':false,"
                    + "'change_type':'INSERT','ssn':0,'rs_id':'','tx_id':null,'log_file':''"));
    assertThat(event.table(), equalTo("public.things"));
    assertThat(event.operation(), is(Operation.READ));
    assertThat(event.key(), equalTo(keyOf(1)));
    assertThat(event.unchanged(), is(empty()));
    assertThat(event.committedAt(), equalTo(1_640_410_924_408_000L));
    assertThat(event.capturedAt(), equalTo(1_640_410_925_408_000L));
    assertThat(event.transactionId(), is(nullValue()));
  }

  @ParameterizedTest
  @CsvSource({
    "INSERT, false, INSERT",
    "UPDATE, false, UPDATE",
    "UPDATE-INSERT, false, UPDATE",
    "UPDATE-DELETE, true, DELETE",
    "DELETE, true, DELETE",
    "DELETE, false, DELETE",
    "UPDATE, true, DELETE"
  })
  void changeTypeIsTheOperation(String change, boolean deleted, Operation operation) {
    ChangeEvent event =
        lines.one(
            record(
                "postgresql-cdc",
                "'lsn':'0/16B3748','tx_id':'731','is_deleted':%s,'change_type':'%s'"
                    .formatted(deleted, change)));
    assertThat(event.operation(), is(operation));
    assertThat(event.key(), equalTo(keyOf(1)));
    assertThat(event.after() == null, is(operation == Operation.DELETE));
    assertThat(event.transactionId(), equalTo("731"));
  }

  @Test
  void tableOfASourceWithoutSchemasIsInItsDatabase() {
    String record =
        record("mysql-cdc-binlog", "'log_file':'mysql-bin.000025','log_position':78443804")
            .replace("\"schema\":\"public\",", "")
            .replace("\"XE\"", "\"public\"");
    assertThat(lines.one(record).table(), equalTo("public.things"));
    assertThat(lines.one(record).operation(), is(Operation.UPSERT));
  }

  /** Pairs of methods and places in the log, the earlier first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // a backfilled row stands in no log, whatever it says
        "mysql-backfill-fulldump | `'log_file':null,'log_position':null` | mysql-cdc-binlog | `'log_file':'bin.000001','log_position':4`",
        "oracle-backfill | `'scn':1706664` | oracle-cdc-logminer | `'scn':1706000`",
        "backfill | `'lsn':'0/FF'` | cdc | `'lsn':'0/0A'`",
        "mysql-cdc-binlog | `'log_file':'bin.000009','log_position':900` | mysql-cdc-binlog | `'log_file':'bin.000009','log_position':1000`",
        "mysql-cdc-binlog | `'log_file':'bin.000009','log_position':900` | mysql-cdc-binlog | `'log_file':'bin.000010','log_position':4`",
        // the halves of an update
        "mysql-cdc-binlog | `'log_file':'bin.1','log_position':4,'change_type':'UPDATE-DELETE'` | mysql-cdc-binlog | `'log_file':'bin.1','log_position':4,'change_type':'UPDATE-INSERT'`",
        "oracle-cdc-logminer | `'scn':99,'rs_id':'','ssn':9` | oracle-cdc-logminer | `'scn':100,'rs_id':'','ssn':0`",
        "oracle-cdc-logminer | `'scn':'99','rs_id':' 0x0073c9.000a4e4c.01d0 ','ssn':67` | oracle-cdc-logminer | `'scn':'99','rs_id':' 0x0073c9.000a4e4d.0010 ','ssn':0`",
        "oracle-cdc-logminer | `'scn':99,'rs_id':' 0x0073c9.000a4e4c.01d0 ','ssn':9` | oracle-supplementation | `'scn':99,'rs_id':' 0x0073c9.000a4e4c.01d0 ','ssn':10`",
        "postgres-cdc-wal | `'lsn':'0/F6B3748'` | postgres-cdc-wal | `'lsn':'1/A'`",
        "postgres-cdc-wal | `'lsn':'9/FF'` | postgres-cdc-wal | `'lsn':'10/1'`",
        "sqlserver-cdc | `'lsn':'00000027:00000ac0:0002'` | sqlserver-cdc | `'lsn':'00000027:00000ac0:0010'`",
        "sqlserver-cdc | `'lsn':'0x0000002700000AC00002'` | sqlserver-cdc | `'lsn':'0x0000002700000AC10001'`",
        // what has one position
        "sqlserver-cdc | `'lsn':'1:2:3','change_type':'INSERT'` | sqlserver-cdc | `'lsn':'1:2:3','change_type':'UPDATE'`",
        "sqlserver-cdc | `'lsn':'1:2:3','change_type':'UPDATE'` | sqlserver-cdc | `'lsn':'1:2:3','change_type':'DELETE'`"
      })
  void positionsFollowTheLog(String method, String earlier, String laterMethod, String later) {
    assertThat(position(laterMethod, later), is(greaterThan(position(method, earlier))));
  }

  @Test
  void backfillsAreOrderedByTheirTime() {
    String first = record("mysql-backfill-fulldump", "'log_file':null");
    String second = first.replace("05:42:04.408", "05:42:04.409");
    String inMillis = first.replace("\"2021-12-25T05:42:04.408\"", "1640410924410");
    assertThat(lines.one(second).position(), is(greaterThan(lines.one(first).position())));
    assertThat(lines.one(inMillis).position(), is(greaterThan(lines.one(second).position())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`'log_file':'','log_position':null` | NO_POSITION | no log position",
        "`'log_file':'bin','log_position':4` | NO_POSITION | ends in no number",
        "`'log_file':'bin.1','log_position':-4` | NO_POSITION | log_position is '-4'",
        "`'scn':'x'` | NO_POSITION | scn is 'x'",
        "`'scn':1,'rs_id':'x'` | NO_POSITION | rs_id is 'x'",
        "`'lsn':'x'` | NO_POSITION | lsn is 'x'",
        "`'lsn':'0/1','change_type':'MERGE'` | UNKNOWN_OPERATION | 'MERGE'"
      })
  void recordWithoutAPlaceOrAnOperationIsRejected(String metadata, Reason reason, String message) {
    RejectedRecordException rejected = rejection(lines, record("cdc", metadata));
    assertThat(rejected.reason(), is(reason));
    assertThat(rejected.getMessage(), containsString(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'payload':{'id':1}} | NO_TABLE",
        "{'source_metadata':{'schema':'public','table':'things','lsn':'0/1'}} | MALFORMED",
        "{'source_metadata':{'schema':'public','table':'things','lsn':'0/1'},'payload':{'id':'x'}} | BAD_VALUE",
        "{'source_timestamp':'yesterday','source_metadata':{'schema':'public','table':'things','lsn':'0/1'},'payload':{'id':1}} | BAD_VALUE",
        "[] | MALFORMED"
      })
  void recordThatIsNoEventIsRejected(String record, Reason reason) {
    assertThat(rejection(lines, record).reason(), is(reason));
  }

  @Test
  void tableThatIsNotInTheContractIsLeftOut() {
    String record = record("cdc", "'lsn':'0/1'").replace("\"things\"", "\"others\"");
    assertThat(lines.read(record), is(empty()));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
  }
}
