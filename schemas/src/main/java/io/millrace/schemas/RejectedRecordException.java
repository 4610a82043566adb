package io.millrace.schemas;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record cannot be a change event, or cannot be stored as its contract says. It is data, not a
 * fault of the program: it goes to the dead letters with its reason, so it carries no stack trace.
 */
public final class RejectedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a record was rejected; the names stand in dead letters and never change. */
  public enum Reason {
    /** The record is not the JSON it should be. */
    MALFORMED,
    /** The record does not say what it does, or says something unknown. */
    UNKNOWN_OPERATION,
    /** The record has no place in its source's order. */
    NO_POSITION,
    /** The row's key is missing or has a null. */
    NO_KEY,
    /** The record names no table. */
    NO_TABLE,
    /** The record is no event of a type that the contract has. */
    UNKNOWN_TYPE,
    /** The event does not tell when it happened. */
    NO_TIME,
    /** One of the event's times is before 1970, or further in the future than a clock may be. */
    BAD_TIME,
    /** A column's value does not fit the contract's type. */
    BAD_VALUE,
    /** The record has a column that the contract does not know, and the policy is to reject. */
    UNKNOWN_COLUMN,
    /**
     * A column that the contract requires has no value, and the policy is to quarantine; or the
     * change does not tell a column that is needed.
     */
    MISSING_COLUMN,
    /** The record is larger, or nested deeper, than allowed. */
    TOO_LARGE,
    /** The target refused the row. */
    REFUSED,
    /** A service that was asked about it gave no answer. */
    NO_ANSWER,
    /** The table that it was to be joined with has no row for it. */
    NO_ROW
  }

  private final Reason reason;
  private final @Nullable String table;
  private final @Nullable Position position;

  public RejectedRecordException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  private RejectedRecordException(
      Reason reason, String message, @Nullable String table, @Nullable Position position) {
    super(message, null, false, false);
    this.reason = reason;
    this.table = table;
    this.position = position;
  }

  /** The same rejection, of a record of which this much is known. */
  public RejectedRecordException of(String knownTable, @Nullable Position knownPosition) {
    return new RejectedRecordException(reason, getMessage(), knownTable, knownPosition);
  }

  /** The table, {@code schema.table}, where the record told it. */
  public @Nullable String table() {
    return table;
  }

  /** The record's position, where it told it. */
  public @Nullable Position position() {
    return position;
  }

  public Reason reason() {
    return reason;
  }
}
