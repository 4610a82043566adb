package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.wire.JsonFields;
import io.millrace.schemas.wire.JsonScanner;
import io.millrace.schemas.wire.RecurringText;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a Debezium event of the form that Debezium writes. What it does not take may be anything,
 * and is left to the parser.
 */
final class EnvelopeScanner {
  private static final int BEFORE = 1;
  private static final int AFTER = 2;
  private static final int SOURCE = 3;
  private static final int OP = 4;
  private static final int TS_MS = 5;
  private static final int TRANSACTION = 6;

  private static final int ID = 1;
  private static final int TOTAL_ORDER = 2;

  private final JsonScanner json = new JsonScanner();
  // Those after the first six make a record something else than a plain event.
  private final JsonFields fields =
      new JsonFields(
          "before",
          "after",
          "source",
          "op",
          "ts_ms",
          "transaction",
          "schema",
          "payload",
          "value",
          "key",
          "status",
          "ddl",
          "tableChanges",
          "patch",
          "filter",
          "updateDescription");
  private final JsonFields transactionFields = new JsonFields("id", "total_order");
  private final RecurringText operations = new RecurringText();
  private final RecurringText transactions = new RecurringText();
  private final Slice before;
  private final Slice after;
  private final DebeziumSource source;
  private @Nullable String operation;
  private @Nullable String transaction;
  private long totalOrder;
  private long capturedAt;
  private @Nullable ImageReader expected;
  private @Nullable ImageReader checkedBy;

  /** A scanner that puts what it finds here, and keeps the rest itself. */
  EnvelopeScanner(Slice before, Slice after, DebeziumSource source) {
    this.before = before;
    this.after = after;
    this.source = source;
  }

  /**
   * Reads an event.
   *
   * @param nested whether it is within an object that ends with it
   * @return false if it must be parsed; slices and source are then half filled
   */
  boolean scan(byte[] buffer, int start, int end, boolean nested) {
    operation = null;
    transaction = null;
    checkedBy = null;
    totalOrder = 0;
    capturedAt = ChangeEvent.NO_TIME;
    json.reset(buffer, start, end - start);
    fields.begin();
    if (!json.take('{')) {
      return false;
    }
    try {
      do {
        if (!scanField(fields.next(json))) {
          return false;
        }
      } while (json.take(','));
    } catch (RejectedRecordException e) {
      return false;
    }
    return json.take('}') && (!nested || json.take('}')) && json.atEnd();
  }

  private boolean scanField(int field) {
    return switch (field) {
      case BEFORE -> before.take(json);
      case AFTER -> scanAfter();
      case SOURCE -> source.scan(json);
      case OP -> {
        operation = operations.next(json);
        yield operation != null;
      }
      case TS_MS -> {
        boolean isWhole = json.whole();
        capturedAt = Micros.orNoTime(json.number());
        yield isWhole;
      }
      case TRANSACTION -> json.takeNull() || scanTransaction();
      case JsonFields.OTHER -> json.skip();
      default -> false;
    };
  }

  /** Takes the row; it is checked on the way if its table is the expected one, as it mostly is. */
  private boolean scanAfter() {
    int start = json.position();
    checkedBy = null;
    if (expected != null && expected.check(json)) {
      after.set(start, json.position() - start);
      checkedBy = expected;
      return true;
    }
    json.seek(start);
    return after.take(json);
  }

  private boolean scanTransaction() {
    transactionFields.begin();
    if (!json.take('{')) {
      return false;
    }
    do {
      if (!scanTransactionField(transactionFields.next(json))) {
        return false;
      }
    } while (json.take(','));
    return json.take('}');
  }

  private boolean scanTransactionField(int field) {
    return switch (field) {
      case ID -> {
        transaction = transactions.next(json);
        yield transaction != null;
      }
      case TOTAL_ORDER -> {
        boolean isWhole = json.whole();
        totalOrder = json.number();
        yield isWhole;
      }
      case JsonFields.OTHER -> json.skip();
      default -> false;
    };
  }

  /** Expects rows that this reader reads; rows of another are taken as well. */
  void expect(@Nullable ImageReader reader) {
    expected = reader;
  }

  /** The reader that has checked the row already and holds its columns, if any. */
  @Nullable ImageReader checkedBy() {
    return checkedBy;
  }

  @Nullable String operation() {
    return operation;
  }

  @Nullable String transaction() {
    return transaction;
  }

  long totalOrder() {
    return totalOrder;
  }

  long capturedAt() {
    return capturedAt;
  }
}
