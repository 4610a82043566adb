package io.millrace.transforms.quality;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.format.ChangeFormat;
import java.nio.charset.StandardCharsets;

/** Dead letters for tests. */
final class Letters {
  static final long REJECTED_AT = 1_767_225_599_999L;

  /** A record that could not be parsed, on line {@code number}, as letters of old were. */
  static DeadLetter line(int number, byte[] record) {
    return DeadLetter.builder()
        .setReason(Reason.MALFORMED)
        .setStage(DeadLetter.Stage.PARSE)
        .setMessage("Unexpected \"end\"\nof input")
        .setOrigin(Origin.ofFile("/data/orders.jsonl", number * 10L, number))
        .setRecord(record)
        .setRejectedAtMillis(REJECTED_AT)
        .build();
  }

  /** A record of a topic that could not be parsed, as letters are written now. */
  static DeadLetter record(int number, byte[] record) {
    return DeadLetter.builder()
        .setReason(Reason.BAD_VALUE)
        .setStage(DeadLetter.Stage.PARSE)
        .setMessage("price: not a number")
        .setTable("shop.orders")
        .setOrigin(Origin.ofTopic("shop.orders", 3, number))
        .setRecordKey(bytes("k"))
        .setRecord(record)
        .setFormat(ChangeFormat.CHANGES)
        .setPositionEpoch(2)
        .setReceivedAtMillis(REJECTED_AT - 1_000)
        .setRejectedAtMillis(REJECTED_AT)
        .build();
  }

  /** A change that the warehouse refused, from offset {@code number}. */
  static DeadLetter change(int number) {
    ChangeEvent change =
        ChangeEvent.builder()
            .setTable("shop.orders")
            .setOperation(Operation.DELETE)
            .setKey(Key.of(new byte[] {1, (byte) number}))
            .setPosition(Position.of(new byte[] {0, 0, (byte) 0xCA, (byte) 0xFE}))
            .setTransactionId("901")
            .setCommittedAt(1_767_225_600_000_000L)
            .setOrigin(Origin.ofTopic("shop.orders", 3, number))
            .build();
    return DeadLetter.builder()
        .setReason(Reason.REFUSED)
        .setStage(DeadLetter.Stage.WAREHOUSE)
        .setMessage("numeric field overflow")
        .setTable("shop.orders")
        .setPosition(change.position())
        .setOrigin(change.origin())
        .setChange(change)
        .setRejectedAtMillis(REJECTED_AT + 1)
        .build();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Letters() {}
}
