package io.millrace.testdata.events;

import io.millrace.testdata.events.Bank.Table;

/**
 * One change, as the log has it.
 *
 * @param sequence counts the changes from 1, in the log's order
 * @param oldNumber what the key was before an update that changed it, else {@link #SAME_KEY}
 * @param row what is there afterwards; of a delete, what was there before
 * @param sometimesAbsent whether the image leaves the columns of {@link Bank.Group#SOMETIMES} out
 * @param wideUntouched whether the image has a placeholder for the wide column
 * @param lastCommitLsn where the transaction before this one committed; 0 if none is known
 * @param order the change's place in its transaction, from 1
 * @param tableOrder the same among the changes of its table
 */
record Change(
    long sequence,
    Table table,
    Operation operation,
    long oldNumber,
    Row row,
    boolean sometimesAbsent,
    boolean wideUntouched,
    long lsn,
    long lastCommitLsn,
    long transaction,
    int order,
    int tableOrder,
    long committedAtMillis) {
  static final long SAME_KEY = -1;

  enum Operation {
    READ,
    INSERT,
    UPDATE,
    DELETE
  }

  boolean isSnapshot() {
    return operation == Operation.READ;
  }
}
