package io.millrace.schemas;

/** What happens to a column that an event has and the contract does not know. */
public enum UnknownColumns {
  /** It is kept in the target's {@code _extra} column (the default). */
  CAPTURE,
  /** It is left out, and counted. */
  IGNORE,
  /** The whole record goes to the dead letters. */
  REJECT
}
