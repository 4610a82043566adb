package io.millrace.schemas.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Contracts of business events, and records, for tests. */
public final class Events {
  /** When the records came to their topic. */
  public static final Instant RECEIVED = Instant.parse("2026-05-01T12:00:00Z");

  /** Stands an hour after the records came. */
  static final Clock CLOCK = Clock.fixed(RECEIVED.plus(Duration.ofHours(1)), ZoneOffset.UTC);

  public static final Contract PURCHASES =
      contract(
          """
          - name: purchases
            physicalName: purchase
            customProperties:
              - {property: kind, value: event}
              - {property: eventTime, value: at}
              - {property: sentTime, value: sent}
              - {property: eventTimeUnit, value: millis}
              - {property: eventSource, value: till}
            properties:
              - {name: id, physicalType: bigint, primaryKey: true}
              - {name: happened_at, physicalName: at, physicalType: timestamptz}
              - {name: sent, physicalType: bigint}
              - {name: till, physicalType: integer}
              - {name: total, physicalType: "numeric(10,2)"}
          """);

  /** A contract of these schema objects. */
  public static Contract contract(String objects) {
    return Contract.parse(
        """
        apiVersion: v3.0.2
        kind: DataContract
        id: shop
        version: 1.0.0
        status: active
        schema:
        """
            + objects.indent(2),
        "shop.yaml");
  }

  /** A reader whose clock stands an hour after the records came. */
  public static EventReader reader(Contract contract) {
    return reader(contract, UnknownColumns.CAPTURE);
  }

  static EventReader reader(Contract contract, UnknownColumns unknownColumns) {
    return new EventReader(contract, unknownColumns, Duration.ofHours(1), CLOCK);
  }

  /** A record of a topic. */
  public static RecordBlock.Cursor record(String topic, String value) {
    return record(topic, value.getBytes(UTF_8));
  }

  static RecordBlock.Cursor record(String topic, byte[] value) {
    return at(Origin.ofTopic(topic, 3, 42), value);
  }

  /** A line of a file. */
  static RecordBlock.Cursor line(String value) {
    return at(Origin.ofFile("events.jsonl", 100, 7), value.getBytes(UTF_8));
  }

  private static RecordBlock.Cursor at(Origin origin, byte[] value) {
    RecordBlock.Writer block = new RecordBlock.Writer(64);
    block.add(
        origin.offset(), origin.line(), RECEIVED.toEpochMilli(), null, value, 0, value.length);
    RecordBlock.Cursor cursor =
        RecordBlock.of(origin.source(), origin.partition(), block.take()).records();
    cursor.next();
    return cursor;
  }

  /** The event of a record of the topic {@code purchases}. */
  public static BusinessEvent read(Contract contract, String value) {
    return reader(contract).read(record("purchases", value));
  }

  static long micros(String time) {
    Instant instant = Instant.parse(time);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  private Events() {}
}
