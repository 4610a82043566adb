package io.millrace.transforms.warehouse;

import java.sql.SQLException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The warehouse could not do what was asked. Its {@link #category()} says what that means for the
 * one who asked; its message never holds a value from a row.
 */
public class WarehouseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is, and so what helps. */
  public enum Category {
    /** Surroundings are wrong: address, permission, a table that does not fit. Fail the run. */
    ENVIRONMENT,
    /** It may pass by itself: a lost connection, a deadlock, too many connections. Try again. */
    TRANSIENT,
    /** A row's values are refused. The row goes to the dead letters, the others are written. */
    RECORD
  }

  private final Category category;

  WarehouseException(Category category, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  static WarehouseException environment(String message) {
    return new WarehouseException(Category.ENVIRONMENT, message, null);
  }

  /** What a database's error means; {@code doing} says what was tried. */
  static WarehouseException of(String doing, SQLException error, Category category) {
    return category == Category.RECORD
        ? new WarehouseException(category, doing + ": SQLState " + error.getSQLState(), null)
        : new WarehouseException(category, doing + ": " + error.getMessage() + state(error), error);
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : " (SQLState " + error.getSQLState() + ")";
  }

  /** What kind of failure it is. */
  public Category category() {
    return category;
  }
}
