package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.TableContract;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One of the two places that are compared. Not for two threads at a time. */
interface Side extends AutoCloseable {
  /** What to call it: {@code source}, {@code warehouse}, {@code public_v2}. */
  String name();

  /** The same in a sentence: {@code the source}, {@code public_v2}. */
  String called();

  /** Where it is, without secrets. */
  String place();

  /** Why there can be no such table here; empty if there can. */
  Optional<String> leavesOut(TableContract table);

  /** The columns of a table, by their names in the contract; empty if there is no such table. */
  Optional<Map<String, SideColumn>> columns(TableContract table) throws SQLException;

  /** The columns of a table that the contract does not have, but for Millrace's own. */
  List<String> columnsBesideContract(TableContract table);

  /**
   * The rows of a table.
   *
   * @param key the columns that identify a row, in their order
   * @param values the other columns that are compared
   */
  TableRows rows(TableContract table, List<KeyColumn> key, List<ComparedColumn> values)
      throws SQLException;

  @Override
  void close() throws SQLException;
}
