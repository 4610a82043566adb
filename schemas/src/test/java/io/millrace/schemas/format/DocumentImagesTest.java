package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events of Debezium's connector for MongoDB. */
class DocumentImagesTest {
  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: test
          version: 1.0.0
          status: active
          schema:
            - name: customers
              physicalName: inventory.customers
              properties:
                - {name: id, physicalName: _id, physicalType: text, primaryKey: true}
                - {name: name, physicalType: text}
                - {name: age, physicalType: bigint}
                - {name: price, physicalType: numeric}
                - {name: born, physicalType: timestamptz}
                - {name: photo, physicalType: bytea}
                - {name: device, physicalType: uuid}
                - {name: more, physicalType: jsonb}
          """,
          "test contract");

  private final Lines lines = new Lines(ChangeFormat.DEBEZIUM, CONTRACT);

  private static String event(String op, String images, long millis, int ordinal) {
    return "{%s,\"source\":{\"version\":\"3.6\",\"connector\":\"mongodb\",\"name\":\"fulfillment\",\"ts_ms\":%d,\"snapshot\":\"%s\",\"db\":\"inventory\",\"rs\":\"rs0\",\"collection\":\"customers\",\"ord\":%d,\"lsid\":null,\"txnNumber\":null},\"op\":\"%s\",\"ts_ms\":1800,\"transaction\":null}"
        .formatted(images, millis, op.equals("r") ? "true" : "false", ordinal, op);
  }

  private static String text(String json) {
    return '"' + json.replace('\'', '"').replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private ChangeEvent inserted(String document) {
    return lines.one(event("c", "\"after\":" + text(document), 1000, 1));
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  @Test
  void documentIsARowWhoseMissingFieldsAreNull() {
    ChangeEvent event = inserted("{'_id':{'$oid':'596e275826f08b2730779e1f'},'name':'Sally'}");
    assertThat(event.table(), equalTo("inventory.customers"));
    assertThat(
        event.after().json(),
        equalTo(
            quoted(
                "{'_id':'596e275826f08b2730779e1f','name':'Sally','age':null,'price':null,"
                    + "'born':null,'photo':null,'device':null,'more':null}")));
    assertThat(event.unchanged(), is(empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "age | {'$numberLong':'9007199254740993'} | 9007199254740993",
        "age | {'$numberInt':'-7'} | -7",
        "price | {'$numberDecimal':'10.50'} | 10.50",
        "price | {'$numberDecimal':'NaN'} | 'NaN'",
        "price | {'$numberDouble':'1.5E+3'} | 1.5E+3",
        "price | 10.50 | 10.50",
        "born | {'$date':'2026-05-01T12:00:00.5Z'} | '2026-05-01T12:00:00.5Z'",
        "born | {'$date':{'$numberLong':'-1'}} | '1969-12-31T23:59:59.999Z'",
        "born | {'$date':1565546054692} | '2019-08-11T17:54:14.692Z'",
        "photo | {'$binary':{'base64':'AAEC','subType':'00'}} | 'AAEC'",
        "photo | {'$binary':'AAEC','$type':'00'} | 'AAEC'",
        "photo | {'$binary':{'base64':'AAECAwQFBgcICQoLDA0ODw==','subType':'04'}} | 'AAECAwQFBgcICQoLDA0ODw=='",
        "device | {'$binary':{'base64':'AAECAwQFBgcICQoLDA0ODw==','subType':'04'}} | '00010203-0405-0607-0809-0a0b0c0d0e0f'",
        "name | {'$binary':{'base64':'AAECAwQFBgcICQoLDA0ODw==','subType':'00'}} | 'AAECAwQFBgcICQoLDA0ODw=='",
        "name | {'$symbol':'s'} | 's'",
        "name | {'$undefined':true} | null",
        "name | {'b':{'$numberLong':'1'},'a':[2]} | '{\\'b\\':1,\\'a\\':[2]}'",
        "more | {'a':[{'$numberLong':'1'},{'b':{'$oid':'x'}}]} | {'a':[1,{'b':'x'}]}",
        "more | {'$timestamp':{'t':1,'i':2}} | {'$timestamp':{'t':1,'i':2}}",
        "more | 'text' | '\\'text\\''"
      })
  void extendedJsonBecomesPlain(String column, String value, String expected) {
    ChangeEvent event = inserted("{'_id':'a','" + column + "':" + value + "}");
    assertThat(event.after().json(), containsString(quoted("'" + column + "':" + expected)));
  }

  @Test
  void fieldThatTheContractDoesNotKnowIsPlainToo() {
    assertThat(
        inserted("{'_id':'a','visits':{'$numberLong':'3'}}").after().json(),
        containsString("\"visits\":3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'_id':{'$oid':'596e275826f08b2730779e1f'}} | {'$oid':'596e275826f08b2730779e1f'}",
        "{'_id':'a'} | 'a'",
        "{'_id':{'$numberLong':'7'}} | {'$numberLong':'7'}",
        "{'_id':{'$numberLong':'7'}} | 7",
        "{'_id':{'x':1,'y':'z'}} | {'x':1,'y':'z'}"
      })
  void deleteTakesItsKeyFromTheMessage(String document, String id) {
    ChangeEvent insert = inserted(document);
    String delete = event("d", "\"before\":null,\"after\":null", 2000, 1);
    ChangeEvent plain = lines.read("{\"id\":" + text(id) + "}", delete).get(0);
    assertThat(plain.operation(), is(Operation.DELETE));
    assertThat(plain.key(), equalTo(insert.key()));
    String withSchema = "{\"schema\":{\"type\":\"struct\"},\"payload\":{\"id\":" + text(id) + "}}";
    assertThat(lines.read(withSchema, delete).get(0).key(), equalTo(insert.key()));
  }

  @Test
  void deleteWithItsDocumentTakesTheKeyFromThere() {
    String delete = event("d", "\"before\":" + text("{'_id':'a','name':'n'}"), 2000, 1);
    assertThat(lines.one(delete).key(), equalTo(inserted("{'_id':'a'}").key()));
    String legacy = event("d", "\"after\":null,\"filter\":" + text("{'_id':'a'}"), 2000, 1);
    assertThat(lines.one(legacy).key(), equalTo(inserted("{'_id':'a'}").key()));
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class, () -> lines.one(event("d", "\"before\":null", 2000, 1)));
    assertThat(rejected.reason(), is(Reason.NO_KEY));
  }

  @Test
  void descriptionOfAnUpdateLeavesTheOtherColumnsUnchanged() {
    String update =
        event(
            "u",
            "\"after\":null,\"updateDescription\":{\"removedFields\":[\"age\"],\"updatedFields\":"
                + text("{'name':'Sal','price':{'$numberDecimal':'1.5'},'other.x':1}")
                + ",\"truncatedArrays\":[{\"field\":\"other.list\",\"size\":2}]}",
            2000,
            1);
    ChangeEvent event = lines.read("{\"id\":" + text("'a'") + "}", update).get(0);
    assertThat(event.key(), equalTo(inserted("{'_id':'a'}").key()));
    assertThat(event.after().json(), equalTo(quoted("{'name':'Sal','price':1.5,'age':null}")));
    assertThat(event.unchanged(), contains("born", "device", "more", "photo"));
  }

  @Test
  void formerPatchSetsAndUnsets() {
    String patch = text("{'$v':1,'$set':{'name':'Sal'},'$unset':{'age':true}}");
    ChangeEvent event =
        lines.one(
            event(
                "u",
                "\"after\":null,\"patch\":" + patch + ",\"filter\":" + text("{'_id':'a'}"),
                2000,
                1));
    assertThat(event.after().json(), equalTo(quoted("{'name':'Sal','age':null}")));
    assertThat(event.key(), equalTo(inserted("{'_id':'a'}").key()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'updateDescription':{'updatedFields':'{\\'more.street\\':1}'} | BAD_VALUE | capture.mode",
        "'updateDescription':{'truncatedArrays':[{'field':'more','size':1}]} | BAD_VALUE | capture.mode",
        "'updateDescription':null | MALFORMED | after",
        "'patch':'{\\'$v\\':2,\\'diff\\':{}}' | UNKNOWN_OPERATION | diff",
        "'after':'{\\'_id\\'' | MALFORMED | JSON",
        "'after':'[]' | MALFORMED | not a JSON object",
        "'after':'{\\'_id\\':1,\\'_id\\':2}' | MALFORMED | Duplicate",
        "'after':'{\\'_id\\':1,\\'age\\':{\\'$numberLong\\':\\'many\\'}}' | BAD_VALUE | column age",
        "'after':'{\\'_id\\':1,\\'photo\\':{\\'$binary\\':\\'?\\',\\'$type\\':\\'00\\'}}' | BAD_VALUE | base64"
      })
  void updateThatCannotBeARowIsRejected(String images, Reason reason, String message) {
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () -> lines.read("{\"id\":\"1\"}", event("u", quoted(images), 2000, 1)));
    assertThat(rejected.reason(), is(reason));
    assertThat(rejected.getMessage(), containsString(message));
  }

  @Test
  void positionsFollowTheClusterTime() {
    String row = "\"after\":" + text("{'_id':'a'}");
    Position read = lines.one(event("r", row, 1681879044000L, 1)).position();
    Position same = lines.one(event("c", row, 1681879044000L, 1)).position();
    Position ninth = lines.one(event("u", row, 1681879044000L, 9)).position();
    Position tenth = lines.one(event("u", row, 1681879044000L, 10)).position();
    Position later = lines.one(event("u", row, 1681879045000L, 1)).position();
    assertThat(same, is(greaterThan(read)));
    assertThat(ninth, is(greaterThan(same)));
    assertThat(tenth, is(greaterThan(ninth)));
    assertThat(later, is(greaterThan(tenth)));
    String ordered =
        event("u", row, 1681879045000L, 1)
            .replace("\"transaction\":null", "\"transaction\":{\"id\":\"t\",\"total_order\":2}");
    assertThat(lines.one(ordered).position(), is(greaterThan(later)));
  }

  @Test
  void eventWithoutOrdinalIsRejected() {
    String record = event("c", "\"after\":" + text("{'_id':'a'}"), 1000, 1);
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class, () -> lines.read(record.replace("\"ord\":1,", "")));
    assertThat(rejected.reason(), is(Reason.NO_POSITION));
    assertThat(lines.read("{\"id\":\"1\"}", record), hasSize(1));
  }
}
