package io.millrace.schemas.format;

/** A record that is well-formed and read, but is no change of a table that was asked for. */
public enum Control {
  /** A record without a value, which follows a delete so that a topic can be compacted. */
  TOMBSTONE,
  /** The beginning or the end of a transaction. */
  TRANSACTION,
  /** A sign of life. */
  HEARTBEAT,
  /** The beginning or the end of a snapshot. */
  SNAPSHOT,
  /** A change of a table's definition. */
  SCHEMA_CHANGE,
  /** A message that an application wrote into its database's log. */
  MESSAGE,
  /** A delete or a truncate of a table that is only appended to. */
  NOT_APPENDED,
  /** A change of a table that the contract does not have. */
  OTHER_TABLE
}
