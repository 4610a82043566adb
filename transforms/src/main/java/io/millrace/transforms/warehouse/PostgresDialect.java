package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.sql.SQLException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** PostgreSQL's way. */
final class PostgresDialect implements Dialect {
  static final PostgresDialect INSTANCE = new PostgresDialect();

  private PostgresDialect() {}

  @Override
  public String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** Text as a literal, under either setting of {@code standard_conforming_strings}. */
  static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }

  @Override
  public String type(ColumnType type) {
    return PostgresTypes.column(type);
  }

  @Override
  public @Nullable String text(@Nullable Object value) {
    return value == null ? null : PostgresValues.text(value);
  }

  @Override
  public TableStatements statements(TargetTable table, boolean keepsTips) {
    return new PostgresStatements(table, keepsTips).all();
  }

  @Override
  public HistoryStatements history(TargetTable table, Deletes deletes) {
    return new PostgresHistory(table, deletes).all();
  }

  /** The planner takes a scan for cheaper where it knows that few rows have gaps. */
  @Override
  public String findRowsByKey() {
    return "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;"
        + " SET LOCAL enable_mergejoin = off";
  }

  /**
   * By class of SQLState. A batch that names one row twice (21000: keys that only PostgreSQL takes
   * for equal), a key too long for an index (54000) and what a trigger raises (P0001) come of the
   * rows, so they are cut down like values that are refused.
   *
   * @see <a href="https://www.postgresql.org/docs/17/errcodes-appendix.html">Error codes</a>
   */
  @Override
  public Category category(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() != 5) {
      return Category.ENVIRONMENT;
    }
    return switch (state.substring(0, 2)) {
      case "21", "22", "23", "P0" -> Category.RECORD;
      case "54" -> state.equals("54000") ? Category.RECORD : Category.ENVIRONMENT;
      case "08", "40", "53", "58" -> Category.TRANSIENT;
      case "57" -> state.equals("57P04") ? Category.ENVIRONMENT : Category.TRANSIENT;
      case "55" ->
          state.equals("55006") || state.equals("55P03")
              ? Category.TRANSIENT
              : Category.ENVIRONMENT;
      // A standby that has not been promoted yet.
      case "25" -> state.equals("25006") ? Category.TRANSIENT : Category.ENVIRONMENT;
      default -> Category.ENVIRONMENT;
    };
  }
}
