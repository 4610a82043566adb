package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.transforms.cdc.Deletes;
import java.sql.SQLException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What one kind of database says in its own way. */
interface Dialect {
  /** An identifier, quoted, whatever characters it holds. */
  String quote(String identifier);

  /** The column type that a contract's type becomes. */
  String type(ColumnType type);

  /** A value of a contract's type as text that the database reads as that type. */
  @Nullable String text(@Nullable Object value);

  /** The statements that write a table. */
  TableStatements statements(TargetTable table, boolean keepsTips);

  /** The statements that keep a table's history. */
  HistoryStatements history(TargetTable table, Deletes deletes);

  /** Makes the rest of a transaction find rows by their keys, not by reading whole tables. */
  String findRowsByKey();

  /** What an error of the database means. */
  WarehouseException.Category category(SQLException error);
}
