package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RecordBlock;

/** Reads the records of one format. An instance is used by one thread at a time. */
public interface RecordReader {

  /**
   * Takes what was read from a record: one change, two for a changed key, or a control record; more
   * changes where a record of the format has many rows.
   */
  interface Output {
    void change(ChangeEvent event);

    void control(Control control);

    /** Counts columns that the contract does not know. */
    default void unknownColumns(int count) {}
  }

  /**
   * Reads the record the cursor is at.
   *
   * @throws io.millrace.schemas.RejectedRecordException if it is no change event of this format, or
   *     does not fit the contract; whatever of it was given to {@code output} does not count then
   */
  void read(RecordBlock.Cursor record, Output output);
}
