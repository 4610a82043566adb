package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.LaunchException;
import java.sql.SQLException;

/** Says of which table an error of a database is, without values of its rows. */
final class TableErrors {
  /** A class of errors whose messages hold values. */
  private static final String DATA_EXCEPTION = "22";

  /** A part of the work on a table. */
  interface Work {
    void run() throws SQLException, InterruptedException;
  }

  /**
   * Does something with a table.
   *
   * @throws LaunchException if a database fails at it
   */
  static void in(String table, Work work) throws InterruptedException {
    try {
      work.run();
    } catch (SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      throw LaunchException.world(
          "table "
              + table
              + " cannot be compared: "
              + (state.startsWith(DATA_EXCEPTION)
                  ? "it holds a value that cannot be read as the contract's type (SQLSTATE "
                      + state
                      + ")"
                  : e.getMessage()),
          e);
    }
  }

  private TableErrors() {}
}
