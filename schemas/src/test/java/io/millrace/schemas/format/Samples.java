package io.millrace.schemas.format;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Lines;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Contracts;
import java.util.List;

/** Records written for easy reading, and what is asked of those read from them. */
final class Samples {
  /** {@code public.things}: a key, two more columns. */
  static final Contract THINGS =
      Contracts.contract(
          "- {name: id, physicalType: bigint, primaryKey: true}",
          "- {name: name, physicalType: text}",
          "- {name: price, physicalType: \"numeric(8,2)\"}");

  /** JSON written with single quotes. */
  static String json(String single) {
    return single.replace('\'', '"');
  }

  /** The operations of changes, in order. */
  static List<String> operations(List<ChangeEvent> events) {
    return events.stream().map(event -> event.operation().name()).toList();
  }

  /** The key that the row of this {@code id} has. */
  static Key keyOf(long id) {
    return new Lines(ChangeFormat.CHANGES, THINGS)
        .one(
            json(
                "{'table':'public.things','op':'delete','position':1,'key':{'id':%d}}"
                    .formatted(id)))
        .key();
  }

  /** Why a record is rejected. */
  static RejectedRecordException rejection(Lines lines, String record) {
    return assertThrows(RejectedRecordException.class, () -> lines.read(json(record)));
  }

  private Samples() {}
}
