package io.millrace.testdata.audit;

import java.io.IOException;
import java.sql.SQLException;

/** Rows of one table in the order of their keys. */
public interface RowSource extends AutoCloseable {

  /** The next row, or null at the end. */
  TextRow next() throws IOException, SQLException;

  @Override
  void close() throws IOException, SQLException;
}
