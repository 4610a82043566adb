package io.millrace.schemas.format;

import static io.millrace.schemas.format.Events.PURCHASES;
import static io.millrace.schemas.format.Events.contract;
import static io.millrace.schemas.format.Events.line;
import static io.millrace.schemas.format.Events.micros;
import static io.millrace.schemas.format.Events.read;
import static io.millrace.schemas.format.Events.reader;
import static io.millrace.schemas.format.Events.record;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final String PURCHASE =
      "{\"id\":7,\"at\":\"2026-05-01T11:59:00.000001Z\",\"sent\":1777636741500,\"till\":9,\"total\":12.50}";

  private static final String TYPES =
      """
      - name: clicks
        physicalName: web.click
        customProperties: [{property: kind, value: event}, {property: eventTime, value: at}%s]
        properties:
          - {name: id, physicalType: text, primaryKey: true}
          - {name: at, physicalType: timestamptz}
      - name: views
        physicalName: view
        customProperties: [{property: kind, value: event}, {property: eventTime, value: at}%s]
        properties:
          - {name: id, physicalType: text, primaryKey: true}
          - {name: at, physicalType: timestamptz}
      - name: products
        properties: [{name: id, physicalType: text, primaryKey: true}]
      """;

  private static final Contract BY_TOPIC = contract(TYPES.formatted("", ""));
  private static final Contract BY_FIELD =
      contract(
          TYPES.formatted(
              ", {property: eventType, value: type}", ", {property: eventType, value: type}"));

  @Test
  void eventTellsIdSourceAndTimes() {
    BusinessEvent event = read(PURCHASES, PURCHASE);
    assertThat(event.type(), is("purchase"));
    assertThat(event.source(), is("9"));
    assertThat(event.occurredAt(), is(micros("2026-05-01T11:59:00.000001Z")));
    assertThat(event.sentAt(), is(micros("2026-05-01T11:59:01.5Z")));
    assertThat(event.receivedAt(), is(micros("2026-05-01T12:00:00Z")));
    assertThat(event.origin(), is(Origin.ofTopic("purchases", 3, 42)));
    assertThat(event.image().json(), is(PURCHASE));
    assertThat(event.id(), equalTo(read(PURCHASES, PURCHASE.replace("12.50", "3")).id()));
    assertThat(event.id(), not(read(PURCHASES, PURCHASE.replace(":7", ":8")).id()));
  }

  @Test
  void formOfTheJsonDoesNotMatter() {
    String spaced = PURCHASE.replace(":", " : ").replace("T11 : 59 : 00", "T11:59:00");
    BusinessEvent event = read(PURCHASES, " " + spaced + "\n");
    BusinessEvent usual = read(PURCHASES, PURCHASE);
    assertThat(event.toBuilder().setImage(usual.image()).build(), equalTo(usual));
  }

  @Test
  void whatTheEventLeavesOutIsUnknown() {
    BusinessEvent event =
        reader(PURCHASES).read(line("{\"id\":7,\"at\":\"2026-05-01T12:00:00Z\"}"));
    assertThat(event.source(), is(nullValue()));
    assertThat(event.sentAt(), is(BusinessEvent.NO_TIME));
    assertThat(event.receivedAt(), is(BusinessEvent.NO_TIME));
  }

  @Test
  void numberInTimestampCountsMillisecondsUnlessTheContractSaysOtherwise() {
    String inMillis = "{\"id\":7,\"at\":1777636740123}";
    assertThat(read(PURCHASES, inMillis).occurredAt(), is(micros("2026-05-01T11:59:00.123Z")));
  }

  @Test
  void columnMayTellWhenTheEventWasReceived() {
    Contract received =
        contract(
            """
            - name: readings
              customProperties:
                - {property: kind, value: event}
                - {property: eventTime, value: at}
                - {property: receivedTime, value: gateway_at}
                - {property: eventTimeZone, value: Europe/Berlin}
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: at, physicalType: timestamp}
                - {name: gateway_at, physicalType: timestamptz}
            """);
    String json =
        "{\"id\":1,\"at\":\"2026-05-01 12:59:00\",\"gateway_at\":\"2026-05-01T11:59:10Z\"}";
    BusinessEvent event = reader(received).read(line(json));
    assertThat(event.occurredAt(), is(micros("2026-05-01T10:59:00Z")));
    assertThat(event.receivedAt(), is(micros("2026-05-01T11:59:10Z")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":7}|NO_TIME|column at is missing",
        "{\"id\":7,\"at\":null}|NO_TIME|column at is null",
        "{\"at\":\"2026-05-01T12:00:00Z\"}|NO_KEY|key column id is missing",
        "{\"id\":7,\"at\":\"yesterday\"}|BAD_VALUE|column at (timestamptz): 'yesterday'",
        "{\"id\":7,\"at\":\"1969-12-31T23:59:59Z\"}|BAD_TIME|column at is 1969-12-31T23:59:59Z; an event's times are from 1970",
        "{\"id\":7,\"at\":\"infinity\"}|BAD_TIME|an event's times are from 1970",
        "{\"id\":7,\"at\":\"2026-05-01T13:00:00.000001Z\"}|BAD_TIME|at 2026-05-01T13:00:00.000001Z, more than PT1H after it came in at 2026-05-01T12:00:00Z",
        "{\"id\":7,\"at\":\"2026-05-01T12:00:00Z\",\"total\":\"much\"}|BAD_VALUE|column total",
        "{\"id\":7,\"at\":\"2026-05-01T12:00:00Z\"|MALFORMED|not JSON",
        "{\"id\":7,\"at\":\"2026-05-01T12:00:00Z\"}{}|MALFORMED|more follows",
        "[1]|MALFORMED|not a JSON object"
      })
  void badEventIsRejectedWithItsReason(String json, Reason reason, String message) {
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> read(PURCHASES, json));
    assertThat(rejected.getMessage(), containsString(message));
    assertThat(rejected.reason(), is(reason));
    assertThat(rejected.table(), is("purchase"));
  }

  @Test
  void binaryIsNoEvent() {
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> read(PURCHASES, "\0\1{}"));
    assertThat(rejected.reason(), is(Reason.MALFORMED));
    assertThat(rejected.getMessage(), containsString("it is binary"));
  }

  @Test
  void clockMayBeAnHourFast() {
    String fast = "{\"id\":7,\"at\":\"2026-05-01T13:00:00Z\"}";
    assertThat(read(PURCHASES, fast).occurredAt(), is(micros("2026-05-01T13:00:00Z")));
  }

  @Test
  void lineOfFileIsComparedWithNow() {
    EventReader reader = reader(PURCHASES);
    String hourAfterNow = "{\"id\":7,\"at\":\"2026-05-01T14:00:00Z\"}";
    assertThat(reader.read(line(hourAfterNow)).occurredAt(), is(micros("2026-05-01T14:00:00Z")));
    assertThrows(
        RejectedRecordException.class, () -> reader.read(line(hourAfterNow.replace("00Z", "01Z"))));
  }

  @Test
  void recordWithoutValueIsNoEvent() {
    assertThat(read(PURCHASES, ""), is(nullValue()));
  }

  @Test
  void typeIsTheTopicsWholeOrBehindADot() {
    String json = "{\"id\":\"a\",\"at\":\"2026-05-01T12:00:00Z\"}";
    EventReader reader = reader(BY_TOPIC);
    assertThat(reader.read(record("web.click", json)).type(), is("web.click"));
    assertThat(reader.read(record("eu.web.click", json)).type(), is("web.click"));
    assertThat(reader.read(record("shop.view", json)).type(), is("view"));
    RejectedRecordException unknown =
        assertThrows(RejectedRecordException.class, () -> reader.read(record("products", json)));
    assertThat(unknown.reason(), is(Reason.UNKNOWN_TYPE));
    assertThat(unknown.getMessage(), containsString("it has web.click, view"));
    assertThrows(RejectedRecordException.class, () -> reader.read(line(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"view\",\"id\":\"a\",\"at\":\"2026-05-01T12:00:00Z\"}",
        "{\"id\":\"a\",\"more\":{\"type\":\"no\"},\"at\":\"2026-05-01T12:00:00Z\",\"type\":\"view\"}",
        "{ \"id\": \"a\", \"at\": \"2026-05-01T12:00:00Z\", \"type\": \"v\\u0069ew\"}"
      })
  void fieldTellsTheTypeBeforeTheTopicDoes(String json) {
    assertThat(reader(BY_FIELD).read(record("web.click", json)).type(), is("view"));
  }

  @Test
  void fieldThatTellsNoTypeOfTheContractIsRejected() {
    EventReader reader = reader(BY_FIELD);
    String json = "{\"type\":\"%s\",\"id\":\"a\",\"at\":\"2026-05-01T12:00:00Z\"}";
    RejectedRecordException unknown =
        assertThrows(
            RejectedRecordException.class,
            () -> reader.read(record("view", json.formatted("order"))));
    assertThat(unknown.reason(), is(Reason.UNKNOWN_TYPE));
    assertThat(unknown.getMessage(), containsString("'type' is 'order'; it has web.click, view"));
    String without = json.replace("\"type\"", "\"kind\"");
    assertThat(reader.read(record("view", without)).type(), is("view"));
    assertThrows(RejectedRecordException.class, () -> reader.read(record("other", without)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void fieldThatTellsTheTypeIsNoUnknownColumn(String blank) {
    String json = "{\"type\":\"view\",\"id\":\"a\"," + blank + "\"at\":\"2026-05-01T12:00:00Z\"}";
    EventReader reader = reader(BY_FIELD, UnknownColumns.REJECT);
    assertThat(reader.read(record("all", json)).type(), is("view"));
    assertThat(reader.unknownColumns(), is(0));
  }

  @Test
  void onlyEventIsNotTakenForARecordWithoutTheFieldThatTells() {
    Contract only =
        contract(
            """
            - name: views
              customProperties: [{property: kind, value: event}, {property: eventTime, value: at}, {property: eventType, value: type}]
              properties:
                - {name: id, physicalType: text, primaryKey: true}
                - {name: at, physicalType: timestamptz}
            """);
    String json = "{\"id\":\"a\",\"at\":\"2026-05-01T12:00:00Z\"}";
    RejectedRecordException unknown =
        assertThrows(RejectedRecordException.class, () -> reader(only).read(line(json)));
    assertThat(unknown.reason(), is(Reason.UNKNOWN_TYPE));
    assertThat(unknown.getMessage(), containsString("tells its type is missing (type)"));
  }

  @Test
  void unknownColumnsAreCountedOrRejected() {
    String more = PURCHASE.replace("{", "{\"a\":1,\"b\":2,");
    EventReader counting = reader(PURCHASES);
    counting.read(record("purchases", more));
    assertThat(counting.unknownColumns(), is(2));
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () -> reader(PURCHASES, UnknownColumns.REJECT).read(record("purchases", more)));
    assertThat(rejected.reason(), is(Reason.UNKNOWN_COLUMN));
  }

  @Test
  void schemaBlockTellsEncodingsAndType() {
    String schema =
        """
        {"schema":{"type":"struct","name":"shop.view","fields":[
        {"field":"id","type":"string"},
        {"field":"at","type":"int64","name":"io.debezium.time.MicroTimestamp"}]},
        "payload":{"id":"a","at":1777636740000001}}"""
            .replace("\n", "");
    BusinessEvent event = reader(BY_TOPIC).read(record("all", schema));
    assertThat(event.type(), is("view"));
    assertThat(event.occurredAt(), is(micros("2026-05-01T11:59:00.000001Z")));
    assertThat(event.image().encoding().format(), is(ImageEncoding.EVENT.format()));
    assertThat(event.image().json(), is("{\"id\":\"a\",\"at\":1777636740000001}"));
  }

  @Test
  void computedColumnsAreBehindThoseReceived() {
    Contract computed =
        contract(
            """
            - name: visits
              customProperties: [{property: kind, value: event}, {property: eventTime, value: at}, {property: withoutKey, value: append}]
              properties:
                - {name: at, physicalType: timestamptz}
                - {name: page, physicalType: text}
                - {name: section, physicalType: text, transformLogic: "substring(page, 1, 3)"}
            """);
    String json = "{\"at\":\"2026-05-01T12:00:00Z\",\"page\":\"/news\"}";
    BusinessEvent event = read(computed, json);
    assertThat(event.image().json(), containsString("\"page\":\"/news\",\"_row\":"));
    assertThat(event.image().json(), containsString("\"section\":\"/ne\""));
    assertThat(event.id(), not(reader(computed).read(line(json)).id()));
    assertThat(event.id(), equalTo(read(computed, json).id()));
  }

  @Test
  void contractWithoutEventsIsRefused() {
    Contract tables =
        contract("- {name: t, properties: [{name: id, physicalType: text, primaryKey: true}]}");
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> reader(tables));
    assertThat(none.getMessage(), containsString("shop has no business event; mark one"));
  }

  private static long time(Contract contract, String topic, String value) {
    byte[] json = value.getBytes(StandardCharsets.UTF_8);
    return times(contract).micros(json, 0, json.length, topic, Events.RECEIVED.toEpochMilli());
  }

  private static EventTimeReader times(Contract contract) {
    return new EventTimeReader(contract, Duration.ofHours(1), Events.CLOCK);
  }

  @Test
  void timeIsFoundWithoutTheRestOfTheEvent() {
    long usual = micros("2026-05-01T11:59:00.000001Z");
    assertThat(time(PURCHASES, "purchases", PURCHASE), is(usual));
    assertThat(time(PURCHASES, "purchases", PURCHASE.replace(",", " , ")), is(usual));
    assertThat(time(PURCHASES, "p", PURCHASE.replace("12.50", "\"?\"")), is(usual));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{",
        "[]",
        "\0\0\0\0\1",
        "{\"at\":null}",
        "{\"at\":\"x\"}",
        "{\"at\":-1}",
        "{\"at\":\"2026-05-01T13:00:00.000001Z\"}"
      })
  void timeThatIsNotThereOrCannotBeIsNone(String value) {
    assertThat(time(PURCHASES, "purchases", value), is(BusinessEvent.NO_TIME));
  }

  @Test
  void timeIsThatOfTheRecordsOwnType() {
    String json = "{\"type\":\"%s\",\"at\":\"2026-05-01T12:00:00Z\"}";
    long noon = micros("2026-05-01T12:00:00Z");
    assertThat(time(BY_FIELD, "all", json.formatted("view")), is(noon));
    assertThat(time(BY_FIELD, "all", json.formatted("order")), is(BusinessEvent.NO_TIME));
    assertThat(time(BY_TOPIC, "shop.view", json), is(noon));
    assertThat(time(BY_TOPIC, "shop.order", json), is(BusinessEvent.NO_TIME));
  }

  @Test
  void computedTimeIsNotFoundWithoutTheRest() {
    Contract computed =
        contract(
            """
            - name: visits
              customProperties: [{property: kind, value: event}, {property: eventTime, value: came}]
              properties:
                - {name: id, physicalType: text, primaryKey: true}
                - {name: came, physicalType: timestamptz, customProperties: [{property: metadata, value: timestamp}]}
            """);
    assertThat(read(computed, "{\"id\":\"a\"}").occurredAt(), is(micros("2026-05-01T12:00:00Z")));
    IllegalArgumentException derived =
        assertThrows(IllegalArgumentException.class, () -> times(computed));
    assertThat(derived.getMessage(), containsString("came, which is computed"));
  }
}
