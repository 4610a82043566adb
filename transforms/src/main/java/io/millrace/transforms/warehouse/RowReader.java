package io.millrace.transforms.warehouse;

import java.io.Serializable;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes something of a row of a query. */
@FunctionalInterface
public interface RowReader<T> extends Serializable {

  /**
   * Reads the row that the cursor is at, and leaves the cursor there.
   *
   * @throws SQLException if there is no such column, or it is of another type
   */
  T read(ResultSet row) throws SQLException;
}
