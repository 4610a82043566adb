package io.millrace.schemas.format;

import static io.millrace.schemas.format.Samples.THINGS;
import static io.millrace.schemas.format.Samples.json;
import static io.millrace.schemas.format.Samples.keyOf;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link UpsertReader} and {@link ConnectRowReader} share, and where they differ. */
class KeyedReaderTest {
  private static final Contract TWO_TABLES =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: test
          version: 1.0.0
          status: active
          schema:
            - name: items
              physicalName: public.items
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
            - name: codes
              physicalName: codes
              properties:
                - {name: code, physicalType: text, primaryKey: true}
          """,
          "test contract");

  private static final Origin AT_7 = Origin.ofTopic("anything", 2, 7);

  private static ChangeEvent only(List<ChangeEvent> events) {
    assertThat(events.size(), is(1));
    return events.get(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChangeFormat.class,
      names = {"UPSERT", "CONNECT_JDBC"})
  void rowIsWholeAndANullValueDeletesIt(ChangeFormat format) {
    Lines lines = new Lines(format, THINGS);
    ChangeEvent upsert = only(lines.readAt(AT_7, json("{'id':1}"), json("{'id':1,'name':'n'}")));
    assertThat(upsert.operation(), is(Operation.UPSERT));
    assertThat(upsert.key(), equalTo(keyOf(1)));
    assertThat(upsert.unchanged(), is(empty()));
    assertThat(upsert.after().json(), equalTo(json("{'price':null,'id':1,'name':'n'}")));
    for (String nothing : new String[] {null, "", "null"}) {
      ChangeEvent delete = only(lines.readAt(AT_7, json("{'id':1}"), nothing));
      assertThat(delete.operation(), is(Operation.DELETE));
      assertThat(delete.key(), equalTo(keyOf(1)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'id':1}", "1", "'1'", "{'id':1,'shard':2}"})
  void keyIsAnObjectOrTheValueOfTheOnlyKeyColumn(String key) {
    ChangeEvent delete = only(new Lines(ChangeFormat.UPSERT, THINGS).readAt(AT_7, json(key), null));
    assertThat(delete.key(), equalTo(keyOf(1)));
  }

  @Test
  void keyThatIsPlainTextIsTaken() {
    Lines lines = new Lines(ChangeFormat.UPSERT, TWO_TABLES);
    Origin place = Origin.ofTopic("codes", 0, 1);
    assertThat(
        only(lines.readAt(place, "a-1", null)).key(),
        equalTo(only(lines.readAt(place, null, json("{'code':'a-1'}"))).key()));
  }

  @Test
  void keyOfTheMessageStandsInForTheRows() {
    ChangeEvent upsert =
        only(
            new Lines(ChangeFormat.UPSERT, THINGS)
                .readAt(AT_7, json("{'id':1}"), json("{'name':'n'}")));
    assertThat(upsert.key(), equalTo(keyOf(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"****", "{'other':1}", "{", "[1]", ""})
  void keyThatCannotBeReadDoesNotMatterWhereTheRowHasIt(String key) {
    ChangeEvent upsert =
        only(new Lines(ChangeFormat.UPSERT, THINGS).readAt(AT_7, json(key), json("{'id':1}")));
    assertThat(upsert.key(), equalTo(keyOf(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "public.items, public.items",
    "shop.public.items, public.items",
    "eu.shop.codes, codes",
    "public.others, "
  })
  void topicNamesTheTable(String topic, String table) {
    Lines lines = new Lines(ChangeFormat.UPSERT, TWO_TABLES);
    List<ChangeEvent> events =
        lines.readAt(Origin.ofTopic(topic, 0, 1), null, json("{'id':1,'code':'c'}"));
    if (table == null) {
      assertThat(lines.controls(), contains(Control.OTHER_TABLE));
    } else {
      assertThat(only(events).table(), equalTo(table));
    }
  }

  @Test
  void lineIsAMessageOrARow() {
    Lines lines = new Lines(ChangeFormat.UPSERT, THINGS);
    assertThat(lines.one(json("{'id':1}")).key(), equalTo(keyOf(1)));
    assertThat(lines.one(json("{'key':{'id':1},'value':{'name':'n'}}")).key(), equalTo(keyOf(1)));
    assertThat(lines.one("{\"key\":\"1\",\"value\":\"{\\\"id\\\":1}\"}").key(), equalTo(keyOf(1)));
    ChangeEvent delete = lines.one(json("{'key':{'id':1},'value':null}"));
    assertThat(delete.operation(), is(Operation.DELETE));
  }

  @Test
  void lineOfATopicHasItsTableAndItsOffset() {
    Lines lines = new Lines(ChangeFormat.UPSERT, TWO_TABLES);
    ChangeEvent line =
        lines.one(json("{'topic':'codes','partition':3,'offset':9,'value':{'code':'c'}}"));
    ChangeEvent record =
        only(lines.readAt(Origin.ofTopic("codes", 3, 9), null, json("{'code':'c'}")));
    assertThat(line.position(), equalTo(record.position()));
    assertThat(line.table(), equalTo("codes"));
  }

  @Test
  void placesOrderByOffsetAndFilesByTheNumbersInTheirNames() {
    assertThat(at(Origin.ofTopic("t", 0, 10)), is(greaterThan(at(Origin.ofTopic("t", 9, 9)))));
    assertThat(at(Origin.ofTopic("t", 0, 0)), is(greaterThan(at(Origin.ofFile("f", 99, 9)))));
    assertThat(at(Origin.ofFile("f", 10, 2)), is(greaterThan(at(Origin.ofFile("f", 9, 1)))));
    assertThat(
        at(Origin.ofFile("part-10.jsonl", 0, 1)),
        is(greaterThan(at(Origin.ofFile("part-9.jsonl", 500, 7)))));
    assertThat(at(Origin.ofFile("a1", 0, 1)), is(greaterThan(at(Origin.ofFile("a", 9, 1)))));
    assertThat(at(Origin.ofFile("f01", 0, 1)), is(greaterThan(at(Origin.ofFile("f1", 0, 1)))));
  }

  private static Position at(Origin place) {
    return only(new Lines(ChangeFormat.UPSERT, THINGS).readAt(place, null, json("{'id':1}")))
        .position();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "none",
      value = {
        "none | none | NO_KEY",
        "**** | none | BAD_VALUE",
        "{'name':'n'} | none | NO_KEY",
        "none | {'name':'n'} | NO_KEY",
        "{'id':2} | {'id':1} | BAD_VALUE",
        "{'id':1} | {'id':1,'price':'x'} | BAD_VALUE",
        "{'id':1} | [1] | MALFORMED",
        "{'id':1} | {'id':1 | MALFORMED",
        "{'id':1} | {'id':1} {} | MALFORMED"
      })
  void whatIsNoChangeIsRejected(String key, String value, Reason reason) {
    Lines lines = new Lines(ChangeFormat.UPSERT, THINGS);
    String keyJson = key == null ? null : json(key);
    String valueJson = value == null ? null : json(value);
    assertThat(
        assertThrows(RejectedRecordException.class, () -> lines.readAt(AT_7, keyJson, valueJson))
            .reason(),
        is(reason));
  }

  @Test
  void lineOfAFileThatNamesNoTableIsRejectedWhereThereAreSeveral() {
    Lines lines = new Lines(ChangeFormat.UPSERT, TWO_TABLES);
    assertThat(
        assertThrows(RejectedRecordException.class, () -> lines.read(json("{'id':1}"))).reason(),
        is(Reason.NO_TABLE));
  }

  @Test
  void connectsSchemaNamesTheTableAndTheEncodings() {
    Lines lines = new Lines(ChangeFormat.CONNECT_JDBC, TWO_TABLES);
    ChangeEvent event =
        lines.one(
            json(
                "{'schema':{'type':'struct','fields':[{'type':'int64','field':'id'},"
                    + "{'type':'int64','field':'at','name':'org.apache.kafka.connect.data.Timestamp'}"
                    + "],'name':'public.items'},'payload':{'id':15,'at':1}}"));
    assertThat(event.table(), equalTo("public.items"));
    assertThat(
        event.after().encoding(),
        equalTo(
            ImageEncoding.of(
                "connect_jdbc", Map.of("at", "org.apache.kafka.connect.data.Timestamp"))));
  }

  @Test
  void connectsSchemaOfAnotherTableIsLeftOutThoughThereIsButOne() {
    Lines lines = new Lines(ChangeFormat.CONNECT_JDBC, THINGS);
    lines.read(json("{'schema':{'type':'struct','name':'other'},'payload':{'id':1}}"));
    assertThat(lines.controls(), contains(Control.OTHER_TABLE));
  }

  @Test
  void connectsKeyMayBeAScalarInItsEnvelopeAndItsValueANullInOne() {
    ChangeEvent delete =
        only(
            new Lines(ChangeFormat.CONNECT_JDBC, THINGS)
                .readAt(
                    AT_7,
                    json("{'schema':{'type':'int64','optional':false},'payload':1}"),
                    json("{'schema':null,'payload':null}")));
    assertThat(delete.operation(), is(Operation.DELETE));
    assertThat(delete.key(), equalTo(keyOf(1)));
  }

  @Test
  void columnThatDebeziumMarkedAsUnavailableIsUnchangedAndNotNull() {
    ChangeEvent event =
        new Lines(ChangeFormat.CONNECT_JDBC, THINGS)
            .one(json("{'id':1,'name':'__debezium_unavailable_value'}"));
    assertThat(event.unchanged(), contains("name"));
    assertThat(
        event.after().json(),
        equalTo(json("{'price':null,'id':1,'name':'__debezium_unavailable_value'}")));
  }
}
