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

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Route;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmsReaderTest {
  private static final String POSTGRES = "'stream-position':'00000002/%s.3.00000002/%s'";

  private static final Contract ABSENT_IS_NULL =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: test
          version: 1.0.0
          status: active
          customProperties:
            - {property: absent.columns, value: "null"}
          schema:
            - name: things
              physicalName: public.things
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: name, physicalType: text}
                - {name: price, physicalType: "numeric(8,2)"}
          """,
          "test contract");

  private final Lines lines = new Lines(ChangeFormat.AWS_DMS, THINGS);

  private static String record(String operation, String metadata, String rows) {
    return json(
        "{%s,'metadata':{'timestamp':'1970-01-02T00:00:00.000001Z','record-type':'data',"
                .formatted(rows)
            + "'operation':'%s','partition-key-type':'schema-table','schema-name':'public',"
                .formatted(operation)
            + "'table-name':'things'%s}}".formatted(metadata.isEmpty() ? "" : "," + metadata));
  }

  @Test
  void loadedRowIsReadAndWhatItDoesNotHaveIsNull() {
    ChangeEvent event = lines.one(record("load", "", "'data':{'id':1,'name':'n'}"));
    assertThat(event.operation(), is(Operation.READ));
    assertThat(event.key(), equalTo(keyOf(1)));
    assertThat(event.unchanged(), is(empty()));
    assertThat(event.after().json(), equalTo(json("{'price':null,'id':1,'name':'n'}")));
    assertThat(event.capturedAt(), equalTo(86_400_000_001L));
  }

  @Test
  void whatAnUpdateDoesNotHaveIsUnchangedOrNullAsTheContractSays() {
    String update = record("update", "", "'data':{'id':1,'name':'n'}");
    assertThat(lines.one(update).unchanged(), contains("price"));
    Lines withNulls = new Lines(ChangeFormat.AWS_DMS, ABSENT_IS_NULL);
    assertThat(withNulls.one(update).unchanged(), is(empty()));
  }

  @Test
  void changeOfTheKeyInTheImageBeforeDeletesTheOldRow() {
    List<ChangeEvent> events =
        lines.read(
            record(
                "update",
                "'commit-timestamp':'1970-01-01T00:00:01Z','transaction-id':1141",
                "'before-image':{'id':46},'data':{'id':45,'name':'n','price':1}"));
    assertThat(operations(events), contains("DELETE", "UPDATE"));
    assertThat(events.get(0).key(), equalTo(keyOf(46)));
    assertThat(events.get(1).key(), equalTo(keyOf(45)));
    assertThat(events.get(1).committedAt(), equalTo(1_000_000L));
    assertThat(events.get(1).transactionId(), equalTo("1141"));
  }

  @Test
  void deleteNeedsTheKeyOnly() {
    ChangeEvent event =
        lines.one(record("delete", "", "'data':{'id':45,'name':null,'price':null}"));
    assertThat(event.operation(), is(Operation.DELETE));
    assertThat(event.key(), equalTo(keyOf(45)));
  }

  @Test
  void controlRecordsAreLeftOut() {
    lines.read(
        json(
            "{'metadata':{'record-type':'control','operation':'create-table','schema-name':'',"
                + "'table-name':'awsdms_apply_exceptions'}}"));
    assertThat(lines.controls(), contains(Control.SCHEMA_CHANGE));
  }

  @Test
  void eachTargetOfARouteGetsNullsForItsOwnColumns() {
    Contract contract =
        Contract.parse(
                """
                apiVersion: v3.0.2
                kind: DataContract
                id: test
                version: 1.0.0
                status: active
                schema:
                  - name: names
                    properties:
                      - {name: id, physicalType: bigint, primaryKey: true}
                      - {name: name, physicalType: text}
                  - name: prices
                    properties:
                      - {name: id, physicalType: bigint, primaryKey: true}
                      - {name: price, physicalType: numeric}
                """,
                "test contract")
            .withRoutes(
                List.of(Route.parse("public.things:names"), Route.parse("public.things:prices")));
    List<ChangeEvent> events =
        new Lines(ChangeFormat.AWS_DMS, contract).read(record("load", "", "'data':{'id':1}"));
    assertThat(
        events.stream().map(event -> event.after().json()).toList(),
        contains(json("{'name':null,'id':1}"), json("{'price':null,'id':1}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "00000001/FFFFFFFF.3.x | 00000002/00000000.3.x",
        "00000002/9.2.x | 00000002/10.1.x",
        "mysql-bin-changelog.000009:500:-1:402:7:x | mysql-bin-changelog.000010:4:-1:402:7:x",
        "mysql-bin-changelog.000009.99.0.5.x | mysql-bin-changelog.000009.100.0.5.x"
      })
  void logOrdersByNumbers(String earlier, String later) {
    assertThat(at(5, later, 1), is(greaterThan(at(6, earlier, 2))));
  }

  @Test
  void recordsOfATransactionAreOrderedByTheirNumber() {
    assertThat(at(5, "00000002/9.2.x", 10), is(greaterThan(at(6, "00000002/9.3.x", 9))));
    assertThat(at(5, "00000002/9.2.x", 10), equalTo(at(6, "00000002/9.2.x", 10)));
  }

  private Position at(long offset, String streamPosition, int inTransaction) {
    return at(
        offset,
        "'stream-position':'%s','transaction-record-id':%d"
            .formatted(streamPosition, inTransaction));
  }

  private Position at(long offset, String metadata) {
    String record = record("insert", metadata, "'data':{'id':1}");
    return lines.readAt(Origin.ofTopic("dms", 0, offset), null, record).get(0).position();
  }

  @Test
  void placeOrdersWhatTheLogDoesNotAndComesBeforeIt() {
    assertThat(at(10, "'transaction-id':1"), is(greaterThan(at(9, "'transaction-id':2"))));
    assertThat(at(9, POSTGRES.formatted("1", "1")), is(greaterThan(at(10, ""))));
    assertThat(at(10, "'stream-position':'123.x'"), is(greaterThan(at(9, ""))));
    assertThat(
        at(10, POSTGRES.formatted("1", "1")), is(greaterThan(at(9, POSTGRES.formatted("1", "1")))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'data':{'id':1}} | MALFORMED",
        "{'data':{'id':1},'metadata':{'schema-name':'public','table-name':'things'}} | UNKNOWN_OPERATION",
        "{'data':{'id':1},'metadata':{'operation':'merge'}} | UNKNOWN_OPERATION",
        "{'metadata':{'operation':'insert','schema-name':'public','table-name':'things'}} | MALFORMED",
        "{'data':{},'metadata':{'operation':'delete','schema-name':'public','table-name':'things'}} | NO_KEY"
      })
  void whatIsNoChangeIsRejected(String record, Reason reason) {
    assertThat(rejection(lines, record).reason(), is(reason));
  }
}
