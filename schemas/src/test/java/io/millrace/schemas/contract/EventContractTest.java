package io.millrace.schemas.contract;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventContractTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: purchases
          physicalName: purchase
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
            - {property: sentTime, value: sent}
            - {property: receivedTime, value: received}
            - {property: eventTimeUnit, value: seconds}
            - {property: eventTimeZone, value: Europe/Berlin}
            - {property: eventSource, value: till}
            - {property: eventType, value: type}
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: happened, physicalName: at, physicalType: timestamp}
            - {name: sent, physicalType: bigint, customProperties: [{property: eventTimeUnit, value: nanos}]}
            - {name: received, physicalType: integer}
            - {name: till, physicalType: text}
            - {name: total, physicalType: "numeric(10,2)"}
        - name: products
          properties:
            - {name: sku, physicalType: text, primaryKey: true}
      """;

  private static final EventContract PURCHASE =
      Contract.parse(CONTRACT, "shop.yaml").events().get(0).event().orElseThrow();

  @Test
  void eventsAreToldFromTables() {
    Contract contract = Contract.parse(CONTRACT, "shop.yaml");
    assertThat(
        contract.events().stream().map(TableContract::name).toList().toString(), is("[purchases]"));
    assertThat(contract.table("products").orElseThrow().event(), is(Optional.empty()));
  }

  @Test
  void propertiesNameTheColumns() {
    assertThat(PURCHASE.occurred().index(), is(1));
    assertThat(PURCHASE.occurred().physicalName(), is("at"));
    assertThat(PURCHASE.sent().index(), is(2));
    assertThat(PURCHASE.received().index(), is(3));
    assertThat(PURCHASE.source(), is(4));
    assertThat(PURCHASE.typeField(), is("type"));
    assertThat(SerializableUtils.clone(PURCHASE), equalTo(PURCHASE));
  }

  @Test
  void timesAreMicrosecondsWhateverTheirUnitAndZone() {
    LocalDateTime winter = LocalDateTime.parse("2026-01-01T12:00:00.000001");
    assertThat(PURCHASE.occurred().micros(winter), is(1_767_265_200_000_001L));
    Instant instant = Instant.parse("2026-01-01T11:00:00.000001999Z");
    assertThat(PURCHASE.occurred().micros(instant), is(1_767_265_200_000_001L));
    assertThat(PURCHASE.sent().micros(1_999L), is(1L));
    assertThat(PURCHASE.received().micros(2), is(2_000_000L));
  }

  @Test
  void timesThatNoClockShowsAreRejected() {
    EventTimeColumn received = PURCHASE.received();
    EventTimeColumn occurred = PURCHASE.occurred();
    for (long seconds : new long[] {-1, 253_402_300_800L, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThat(
          rejected(received, seconds), containsString("received is " + seconds + " seconds"));
    }
    for (Object time :
        new Object[] {Instant.MAX, Instant.MIN, LocalDateTime.MAX, LocalDateTime.MIN}) {
      assertThat(rejected(occurred, time), containsString("times are from 1970 to 9999"));
    }
  }

  private static String rejected(EventTimeColumn column, Object value) {
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> column.micros(value));
    assertThat(rejected.reason(), is(Reason.BAD_TIME));
    return rejected.getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind, value: event|kind, value: evnt|the custom property kind is 'evnt'; it is event, table, ",
        "- {property: eventTime, value: at}||has no eventTime; name the column",
        "eventTime, value: at|eventTime, value: att|eventTime is 'att', which is none of its columns (physicalName): id, at, sent",
        "eventTime, value: at|eventTime, value: total|eventTime is 'total', a column of type numeric(10,2); choose a column of type timestamptz",
        "sentTime, value: sent|sentTime, value: sendt|sentTime is 'sendt'",
        "receivedTime, value: received|receivedTime, value: till|receivedTime is 'till', a column of type text",
        "eventSource, value: till|eventSource, value: total|eventSource is 'total', a column of type numeric(10,2); choose a column of text",
        "- {property: eventTimeUnit, value: seconds}||column received (integer) holds a time, and nothing tells its unit; set",
        "eventTimeUnit, value: nanos|eventTimeUnit, value: ns|column sent (bigint) has the custom property eventTimeUnit 'ns'; it is seconds, millis, micros, nanos",
        "- {property: eventTimeZone, value: Europe/Berlin}||column at (timestamp) holds a time without a zone; set",
        "value: Europe/Berlin|value: Mars/Olympus|eventTimeZone 'Mars/Olympus'; it is a zone",
        "eventType, value: type|eventType, value: ''|eventType is empty"
      })
  void faultNamesTablePropertyValueAndRemedy(String right, String wrong, String fault) {
    assertThat(CONTRACT, containsString(right));
    String contract = CONTRACT.replace(right, wrong == null ? "" : wrong);
    ContractException faults =
        assertThrows(ContractException.class, () -> Contract.parse(contract, "shop.yaml"));
    assertThat(faults.getMessage(), containsString("shop.yaml is not a valid data contract"));
    assertThat(faults.getMessage(), containsString("table purchases: "));
    assertThat(faults.getMessage(), containsString(fault));
  }

  @Test
  void eventsAreNoElementsOfArrays() {
    String child =
        CONTRACT.replace(
            "{property: eventType, value: type}", "{property: parentTable, value: products}");
    ContractException faults =
        assertThrows(ContractException.class, () -> Contract.parse(child, "shop.yaml"));
    assertThat(faults.getMessage(), containsString("parentTable, so it is no event"));
  }
}
